/** BPF without root: a user with a few capabilities sees what other processes do, and is told what is not visible. */

import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { describeLive } from "../helpers/live-session.ts";
import { expectDd, watchDd } from "../helpers/watch-dd.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-"));
afterAll(() => rmSync(folder, { recursive: true }));

const whole = ["bpf", "perfmon", "sys_ptrace", "dac_read_search"];
const fewest = ["bpf", "perfmon"];

/** Runs a command as nobody with these capabilities. */
function asNobody(capabilities: readonly string[]): string[] {
	const set = capabilities.map((name) => `+${name}`).join();
	const user = ["--reuid=65534", "--regid=65534", "--clear-groups"];
	return ["setpriv", ...user, `--inh-caps=${set}`, `--ambient-caps=${set}`];
}

describeLive("a user who is not root", () => {
	test.each([
		["with the four capabilities", whole],
		["with two", fewest],
	])("%s sees root's process, its calls and the bytes of its file", async (_, capabilities) => {
		const path = join(folder, `eb-file-${capabilities.length}`);
		expectDd(await watchDd(asNobody(capabilities), path), path);
	});

	test("sees what was open before by BPF, and the programs that ran before where it may", async () => {
		const path = join(folder, "eb-open");
		const file = openSync(path, "w");
		for (const capabilities of [whole, fewest]) {
			const { snapshot } = await watchDd(asNobody(capabilities), join(folder, "eb-other"));
			const mine = snapshot.processes.find(({ pid }) => pid === process.pid);
			expect(mine).toMatchObject({ uid: 0, user: "root", exe: capabilities === whole ? process.execPath : null });
			expect(snapshot.files.some((row) => row.pid === process.pid && row.path === path)).toBe(true);
		}
		closeSync(file);
	});
});
