import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Comparison, Difference } from "../../src/compare/comparison.ts";
import { demoPath } from "../../src/run/open-recording.ts";
import { runEbtop, startEbtop } from "../helpers/run-ebtop.ts";

const isRoot = process.getuid?.() === 0;
const folder = mkdtempSync(join(tmpdir(), "eb-program-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Ids of the BPF programs that this process holds, by itself or through a link. */
function programsOf(pid: number): number[] {
	const folder = `/proc/${pid}/fdinfo`;
	const infos = readdirSync(folder).map((fd) => readFileSync(join(folder, fd), "utf8"));
	return infos.flatMap((info) => Number(/^prog_id:\s*(\d+)$/m.exec(info)?.[1] ?? [])).filter((id) => id > 0);
}

function isLoaded(id: number): boolean {
	try {
		execFileSync("bpftool", ["prog", "show", "id", String(id)], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
}

/** Programs are freed a moment after their last reference is gone. */
async function untilUnloaded(ids: readonly number[]): Promise<void> {
	while (ids.some(isLoaded)) await new Promise((resolve) => setTimeout(resolve, 50));
}

// BPF needs root; everything else about the command runs without it, in test/cli.
describe.skipIf(!isRoot)("with BPF", () => {
	it.each(["SIGTERM", "SIGKILL"] as const)("leaves nothing in the kernel after %s", async (signal) => {
		const { child, nextLine, ended } = startEbtop(["--json", "-d", "60", "--require-bpf"]);
		await nextLine();
		const ids = programsOf(child.pid as number);
		expect(ids.length).toBeGreaterThan(0);
		child.kill(signal);
		const { status, stdout } = await ended;
		await untilUnloaded(ids);
		expect(status).toBe(signal === "SIGTERM" ? 0 : null);
		expect(stdout.trimEnd().split("\n")).toHaveLength(signal === "SIGTERM" ? 2 : 1);
	});
	it("is refused in a pid namespace, where its pids would mean other processes", async () => {
		const inside = ["unshare", "--pid", "--fork", "--mount-proc"];
		const refused = await startEbtop(["--json", "-n", "1", "--require-bpf"], inside).ended;
		expect(refused).toMatchObject({ status: 3, stdout: "", stderr: expect.stringContaining("--pid=host") });
		const { status, stdout, stderr } = await startEbtop(["--json", "-n", "1", "-d", "0.1"], inside).ended;
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
		const [first] = last.health.probes;
		expect(first).toMatchObject({ probe: "process", state: "fallback", reason: expect.stringContaining("--pid=host") });
		expect(last.processes.map(({ comm }: { comm: string }) => comm)).not.toContain("?");
		expect(last.processes.length).toBeLessThan(10);
	});
	it("replays to the lines of the live run", async () => {
		const file = join(folder, "eb.ebtop");
		const live = await runEbtop("--json", "-d", "0.3", "-n", "3", "--latency", "--record", file);
		const replay = await runEbtop("--replay", file, "--json");
		expect(live.stderr).toBe("");
		expect(live.stdout.split("\n")).toHaveLength(5);
		expect(replay.stdout).toBe(live.stdout);
	});
	it("records what a command wrote and sent, so that SQL and diff find the sums", async () => {
		const [file, writer, reader] = ["eb-sql.ebtop", "eb-writer", "eb-reader"].map((name) => join(folder, name)) as [
			string,
			string,
			string,
		];
		copyFileSync("/bin/dd", writer);
		copyFileSync("/bin/cat", reader);
		const [blocks, bytes] = [13, 7919];
		const write = `${writer} if=/dev/zero bs=${bytes} count=${blocks} status=none`;
		const script = `${write} of=${folder}/one; ${write} of=${folder}/two; ${write} | ${reader} > ${folder}/three; sleep 0.5`;
		const live = await runEbtop("--json", "-d", "0.2", "--record", file, "--", "sh", "-c", script);
		expect(live.status).toBe(0);
		const ask = async (query: string) => {
			const { stdout } = await runEbtop("--replay", file, "--json", "--sql", query);
			return stdout
				.trimEnd()
				.split("\n")
				.map((line) => JSON.parse(line));
		};
		const files = `SELECT substr(path, ${folder.length + 2}) AS path, sum(writes) AS writes, sum(writeBytes) AS bytes FROM files_deltas`;
		expect(await ask(`${files} WHERE path IN ('${folder}/one', '${folder}/two') GROUP BY path ORDER BY path`)).toEqual([
			{ path: "one", writes: blocks, bytes: blocks * bytes },
			{ path: "two", writes: blocks, bytes: blocks * bytes },
		]);
		expect(
			await ask("SELECT comm, sum(bytes) AS bytes FROM who_wrote WHERE comm LIKE 'eb-%er' GROUP BY comm ORDER BY 1"),
		).toEqual([
			{ comm: "eb-reader", bytes: blocks * bytes },
			{ comm: "eb-writer", bytes: 2 * blocks * bytes },
		]);
		// A refresh may name the reader as it was before its exec: the calls are counted at once, the name comes by a record.
		const talked = "SELECT fromComm, max(toComm) AS toComm, kind, sum(bytes) AS bytes FROM who_talked";
		expect(await ask(`${talked} WHERE fromComm = 'eb-writer' GROUP BY toPid, kind`)).toEqual([
			{ fromComm: "eb-writer", toComm: expect.stringMatching(/^eb-reader$|^sh$/), kind: "pipe", bytes: blocks * bytes },
		]);
		const { status, stdout } = await runEbtop("diff", "--json", demoPath(), file);
		const { b, differences }: Comparison = JSON.parse(stdout);
		const bytesOf = ({ b: figures }: Difference, figure: string) => Math.round((figures?.[figure] ?? 0) * b.seconds);
		const came = differences.filter(({ change, name }) => change === "came" && JSON.stringify(name).includes("eb-"));
		expect(status).toBe(1);
		expect(came.filter(({ kind }) => kind === "program").map(({ name }) => name.comm)).toEqual(
			expect.arrayContaining(["eb-reader", "eb-writer"]),
		);
		for (const name of ["one", "two", "three"]) {
			const [written] = came.filter(({ kind, name: { path } }) => kind === "file" && path?.endsWith(`/${name}`));
			expect([name, written && bytesOf(written, "writeRate")]).toEqual([name, blocks * bytes]);
		}
		const link = came.find(
			({ kind, name: { from, to } }) => kind === "link" && from === "eb-writer" && to === "eb-reader",
		);
		expect(link && bytesOf(link, "byteRate")).toBe(blocks * bytes);
	});
	it("prints which variant of each probe it would use, and attaches nothing", async () => {
		const { status, stdout } = await runEbtop("--probes", "--json");
		expect(status).toBe(0);
		const { probes } = JSON.parse(stdout);
		expect(probes.length).toBeGreaterThan(0);
		for (const probe of probes) expect(probe.state === "on" || typeof probe.reason === "string").toBe(true);
	});
	it("without its privileges falls back to /proc, or ends with status 3 where that is refused", async () => {
		const bare = ["setpriv", "--bounding-set=-all", "--no-new-privs"];
		const refused = await startEbtop(["--json", "-n", "1", "--require-bpf"], bare).ended;
		expect(refused.status).toBe(3);
		expect(refused.stderr).toMatch(/^ebtop: [^\n]*BPF[^\n]*\.\n$/);
		const fallback = await startEbtop(["--json", "-n", "1", "-d", "0.2"], bare).ended;
		expect(fallback.status).toBe(0);
		const { health } = JSON.parse(fallback.stdout.split("\n")[1] as string);
		const processes = health.probes.find(({ probe }: { probe: string }) => probe === "process");
		expect(processes).toMatchObject({ state: "fallback", reason: expect.stringContaining("BPF") });
	});
});
