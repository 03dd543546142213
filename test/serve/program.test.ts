/** `ebtop serve` and its viewers, as programs; also those of another user. */

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { runEbtop, startEbtop } from "../helpers/run-ebtop.ts";

const isRoot = process.getuid?.() === 0;
const top = mkdtempSync(join(tmpdir(), "eb-served-"));
afterAll(() => rmSync(top, { recursive: true }));

/** Of the group ebtop in these tests; nobody is in it by himself. */
const GID = 59_393;
const asNobody = (groups: string) => ["setpriv", "--reuid=65534", "--regid=65534", groups];

/** Starts commands of a shell as root, with a group ebtop, and with an empty /run, both only for them. */
function withGroup(script: string): readonly string[] {
	const groups = join(top, "group");
	writeFileSync(groups, `${readFileSync("/etc/group", "utf8").replace(/^ebtop:.*\n/m, "")}ebtop:x:${GID}:\n`);
	const setUp = `mount --bind ${groups} /etc/group && mount -t tmpfs eb-run /run`;
	return ["unshare", "--mount", "sh", "-c", `${setUp} && ${script}`, "sh"];
}

const WORDS = ["--source", "proc", "-d", "0.2"];
const parsed = (stdout: string) =>
	stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as Snapshot);
const measured = ({ health, ...snapshot }: Snapshot) => ({
	...snapshot,
	health: { ...health, maps: health.maps.filter(({ map }) => map !== "viewers") },
});

/** Waits until it listens; ended with the test. */
async function served(socket: string, ...words: string[]) {
	const running = startEbtop(["serve", "--socket", socket, ...WORDS, ...words]);
	onTestFinished(() => void running.child.kill("SIGKILL"));
	while (!statSync(socket, { throwIfNoEntry: false })?.isSocket()) {
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	return running;
}

describe("a service", () => {
	it("shows its viewers what it records, reads no command lines where it was told so, and ends properly", async () => {
		const folder = mkdtempSync(join(top, "eb-"));
		const socket = join(folder, "new/eb.sock");
		const record = `${folder}/recorded/`;
		const service = await served(socket, "--record", record, "--no-args");
		const view = ["--socket", socket, "--json", "-n", "4"];
		const views = await Promise.all([runEbtop(...view), runEbtop(...view, "--panes", "processes")]);
		service.child.kill("SIGTERM");
		expect(await service.ended).toMatchObject({ status: 0, stdout: "" });
		expect(statSync(socket, { throwIfNoEntry: false })).toBeUndefined();
		const recorded = new Map(parsed((await runEbtop("--replay", record, "--json")).stdout).map((s) => [s.seq, s]));
		for (const { status, stderr } of views) expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		const [all, some] = views.map(({ stdout }) => parsed(stdout)) as [Snapshot[], Snapshot[]];
		expect(all).toHaveLength(5);
		for (const snapshot of all) expect(measured(snapshot)).toEqual(recorded.get(snapshot.seq));
		for (const snapshot of some) expect(snapshot.processes).toEqual(recorded.get(snapshot.seq)?.processes);
		const own = all[0]?.processes.find(({ pid }) => pid === process.pid);
		expect(own).toMatchObject({ pid: process.pid, args: [] });
	});
	it("is said by its viewers not to measure what it was not told to", async () => {
		const socket = join(mkdtempSync(join(top, "eb-")), "eb.sock");
		await served(socket, "--panes", "processes");
		const panes = "processes,tcp,disk,threads";
		const { stdout } = await runEbtop("--socket", socket, "--batch", "-n", "1", "--panes", panes);
		const titles = stdout.split("\n").filter((line) => /^(Processes|TCP|Disk|Threads): /.test(line));
		expect(titles.slice(-4)).toEqual([
			expect.stringMatching(/^Processes: \d+$/),
			"TCP: 0 (off: It is not measured: start ebtop, or its service, with --panes tcp.)",
			"Disk: 0 (off: Block I/O is only measured on request: start ebtop, or its service, with --disk.)",
			"Threads: 0 (off: Threads are only measured on request: start ebtop, or its service, with --threads.)",
		]);
	});
	it("killed, is said to be gone, and its successor is found", async () => {
		const socket = join(mkdtempSync(join(top, "eb-")), "eb.sock");
		const first = await served(socket);
		const viewer = startEbtop(["--socket", socket, "--json"]);
		await viewer.nextLine();
		first.child.kill("SIGKILL");
		await first.ended;
		const next = startEbtop(["serve", "--socket", socket, ...WORDS]);
		onTestFinished(() => void next.child.kill("SIGKILL"));
		let isFromNext = false;
		while (!isFromNext) {
			const { processes } = JSON.parse((await viewer.nextLine()) as string) as Snapshot;
			isFromNext = processes.some(({ pid }) => pid === next.child.pid);
		}
		viewer.child.kill("SIGTERM");
		const { status, stderr } = await viewer.ended;
		expect(status).toBe(0);
		expect(stderr).toMatch(/^ebtop: The service at \S+ is gone \(.+\): ebtop looks for it every second\.\n/);
		expect(stderr).toContain("ebtop: The service is back: what was in between is missing.\n");
	});
	it("refuses, in a sentence, a place that is taken or that others can change", async () => {
		const folder = mkdtempSync(join(top, "eb-"));
		const socket = join(folder, "eb.sock");
		await served(socket);
		const serve = async (path: string) => {
			const { status, stdout, stderr } = await runEbtop("serve", "--socket", path, ...WORDS);
			expect({ stdout, isSentence: /^ebtop: [^\n]*\.\n$/.test(stderr) }).toEqual({ stdout: "", isSentence: true });
			return [status, stderr] as const;
		};
		expect(await serve(socket)).toEqual([1, expect.stringContaining("serves at")]);
		writeFileSync(join(folder, "file"), "");
		expect(await serve(join(folder, "file"))).toEqual([2, expect.stringContaining("something else is there")]);
		mkdirSync(join(folder, "open"));
		chmodSync(join(folder, "open"), 0o777);
		expect(await serve(join(folder, "open/eb.sock"))).toEqual([2, expect.stringContaining("others may write")]);
		expect(await serve(join(folder, "file/eb.sock"))).toEqual([1, expect.stringContaining("Cannot serve at")]);
	});
	it("that is not there, or is something else, is refused by its viewer in a sentence", async () => {
		const missing = await runEbtop("--socket", join(top, "missing"), "--json");
		expect(missing).toEqual({
			status: 1,
			stdout: "",
			stderr: `ebtop: Cannot view the service at ${join(top, "missing")}: there is no such file or directory.\n`,
		});
	});
});

describe.skipIf(!isRoot)("another user", () => {
	/** What plain `ebtop`, with these words, gives a user with these groups, while root serves at the usual place. */
	async function views(groups: string, ...words: string[]) {
		// Until it has its group, nobody else can connect.
		const isReady = '[ "$(stat -c %a /run/ebtop/ebtop.sock 2>&1)" != 600 ]';
		const wait = `while [ ! -S /run/ebtop/ebtop.sock ] || ! ${isReady}; do sleep 0.05; done`;
		const show = 'stat -c "%a %u %g" /run/ebtop /run/ebtop/ebtop.sock >&2';
		const nobody = asNobody(groups).join(" ");
		const script = `{ "$1" serve ${WORDS.join(" ")} & } && ${wait} && ${show} && ${nobody} "$@"; kill $!; wait $!`;
		return startEbtop(["--json", "-n", "2", ...words], withGroup(script)).ended;
	}
	const modes = `750 0 ${GID}\n660 0 ${GID}\n`;
	const isServed = (stdout: string) =>
		parsed(stdout).every(({ health }) => health.maps.some(({ map }) => map === "viewers"));

	it("in the group sees the service, without privileges, and with --no-socket only what he may", async () => {
		const member = `--groups=${GID}`;
		const [seen, ...others] = await Promise.all([
			views(member),
			views(member, "--no-socket"),
			views(member, "--pid", "1"),
		]);
		// The service's own line and those of the shell come in any order.
		const said = `${modes}ebtop: Only /proc is read; leave out --source proc to see everything.\n`;
		expect(seen.stderr.split("\n").sort()).toEqual(said.split("\n").sort());
		expect(isServed(seen.stdout)).toBe(true);
		expect(parsed(seen.stdout)).toHaveLength(3);
		for (const { stdout } of others) expect(isServed(stdout)).toBe(false);
	});
	it("who is not in the group sees what he may without it", async () => {
		const [seen, named] = await Promise.all([
			views("--clear-groups"),
			views("--clear-groups", "--socket", "/run/ebtop/ebtop.sock"),
		]);
		expect(isServed(seen.stdout)).toBe(false);
		expect(parsed(seen.stdout)).toHaveLength(3);
		expect(named.stderr).toContain("permission is denied. Members of the group ebtop may view it.\n");
	});
});
