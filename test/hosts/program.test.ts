/** `--host` where something is otherwise than it should be: one plain sentence, and the other machines stay. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StateBlocks } from "../../src/history/state-blocks.ts";
import { encodeBegin } from "../../src/model/feed/recording-format.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { finish } from "../../src/model/steps.ts";
import { SHOWN_INFO } from "../helpers/recorded-snapshots.ts";
import { runEbtop, startEbtop } from "../helpers/run-ebtop.ts";
import { anEvent, aProcess, aSnapshot } from "../helpers/snapshots.ts";
import { SshHosts, whyNoHosts } from "../helpers/ssh-hosts.ts";

const why = whyNoHosts();
const ONCE = ["--json", "--once", "-d", "0.2", "--source", "proc", "--panes", "processes"];

/** What an ebtop sends that shows this. */
function streamOf(version: string, snapshot: unknown): Buffer {
	const info = { ...SHOWN_INFO, version, isStreamed: true };
	return Buffer.concat([encodeBegin(info), ...finish(new StateBlocks().writeInSteps(snapshot as Snapshot))]);
}

describe.skipIf(why !== null)(`--host${why === null ? "" : ` (skipped: ${why})`}`, () => {
	let hosts: SshHosts;
	beforeAll(async () => {
		hosts = new SshHosts();
		await Promise.all([hosts.serve("a"), hosts.serve("b")]);
	});
	afterAll(() => hosts.end());
	const view = (names: string, ...words: string[]) =>
		startEbtop(["--host", names, ...ONCE, ...words], hosts.viewer).ended;

	/** What a program in the place of ebtop on b makes of it, while a is fine. */
	async function withOther(script: string) {
		hosts.install("b", script);
		const { status, stdout, stderr } = await view("a,b");
		const snapshot = JSON.parse(stdout) as Snapshot;
		const [a, b] = snapshot.hosts ?? [];
		expect({ status, a: a?.state }).toEqual({ status: 0, a: "live" });
		return { snapshot, stderr, b };
	}

	it("never asks for a password, says how to do without, and why a machine cannot be reached", async () => {
		const { status, stdout, stderr } = await view("keyless,nowhere");
		expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
		expect(stderr).toMatch(
			/^ebtop: keyless wants a password, or does not take your key, and ebtop never asks: let 'ssh keyless' work without a question \(ssh-copy-id, ssh-agent\)\. ssh cannot reach nowhere: .*10\.77\.0\.3.*\n$/,
		);
	});
	it("says that there is no ebtop", async () => {
		hosts.uninstall("b");
		const { stdout, stderr } = await view("a,b");
		expect(stderr).toBe("ebtop: There is no ebtop on b, or not in the PATH that ssh gives it: install it there.\n");
		expect((JSON.parse(stdout) as Snapshot).hosts?.[1]).toMatchObject({ state: "gone", system: null });
	});
	it.each([
		[
			"a shell that says hello",
			"echo 'hello, and welcome to this machine of ours, user'; exec cat > /dev/null",
			"What comes from b is not from ebtop: 'ssh b true' must print nothing.",
		],
		["what never ends", "exec yes", "What comes from b is not from ebtop: 'ssh b true' must print nothing."],
		["an ebtop that fails", "echo 'it \x1b[31mfails' >&2; exit 1", "ebtop on b has ended: it \\x1b[31mfails."],
	])("shows the others beside %s", async (_, script, sentence) => {
		const { stderr, b } = await withOther(script);
		expect(stderr).toBe(`ebtop: ${sentence}\n`);
		expect(b).toMatchObject({ state: "gone", note: sentence });
	});
	it("reads what an ebtop of another version sends, without what it does not know, and says so", async () => {
		const [process, event] = [aProcess({ pid: 7 }), anEvent()];
		const odd = { ...aProcess({ pid: 8 }), comm: "eb-\x1b[31m" };
		const file = join(hosts.folder, "stream");
		writeFileSync(
			file,
			streamOf("0.9.0", {
				...aSnapshot({ processes: [{ ...process, moods: 3 } as never, odd], events: [event] }),
				events: [event, { ...event, type: "teleport" }],
				weather: [{ sunny: true }],
			}),
		);
		const { snapshot, b } = await withOther(`cat ${file}; exec cat > /dev/null`);
		expect(b).toMatchObject({
			state: "live",
			version: "0.9.0",
			note: "It runs ebtop 0.9.0, this is 0.1.0: what only one of them knows is missing. 2 rows of kinds that this ebtop does not know are left out.",
		});
		const ofB = ({ host }: { readonly host?: string }) => host === "b";
		expect(snapshot.processes.filter(ofB)).toEqual([{ ...process, host: "b" }]);
	});
	it("refuses names that are none, twice the same, and what belongs to one machine", async () => {
		const mistakes = [
			[["--host", "-oProxyCommand=id"], /machines that ssh can reach/],
			[["--host", "a,root@a"], /names a machine twice/],
			[["--host", "a", "--pid", "1"], /'host = NAME and pid = N'/],
			[["--host", "a", "--record", "/tmp/x"], /records for itself/],
			[["--host", Array.from({ length: 65 }, (_, at) => `m${at}`).join()], /up to 64 machines/],
			[["--hosts", "/nonexistent"], /Cannot read the machines/],
			[["--hosts", "/dev/null"], /it is a device/],
			[["--clock"], /give --record -/],
		] as const;
		for (const [words, message] of mistakes) {
			const { status, stderr } = await runEbtop(...words);
			expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) });
		}
	});
	it("takes machines from a file, and prints text with a column for them", async () => {
		hosts.install("b", `exec ${hosts.launcher} "$@"`);
		const file = join(hosts.folder, "machines");
		writeFileSync(file, "# ours\na\n\n  root@b  # the other\n");
		const words = ["--hosts", file, "--batch", "--once", "-d", "0.2", "--source", "proc", "--panes", "processes"];
		const { status, stdout } = await startEbtop([...words, "-f", "pid = 1"], hosts.viewer).ended;
		expect(status).toBe(0);
		expect(stdout).toMatch(/^host a {2}live {2}Linux .*, ebtop 0\.1\.0, its clock /m);
		expect(stdout).toMatch(/^HOST +PID +PPID/m);
		const rows = stdout.split("\n").filter((line) => /^[ab] +1 /.test(line));
		expect(rows.map((line) => line[0]).sort()).toEqual(["a", "b"]);
	});
});
