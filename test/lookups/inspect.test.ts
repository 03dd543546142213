/** What is asked about a process: compared with what the test gave it. */

import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inspect } from "../../src/lookups/inspect.ts";
import { foreignFiles, loadAddon } from "../../src/model/feed/addon.ts";

const files = foreignFiles(loadAddon());
let child: ChildProcess;
let asked: { pid: number; start: string };

beforeAll(() => {
	const env = { EB_PLAIN: "17", EB_ESCAPE: "\x1b]2;x\x07", EB_LONG: "x".repeat(2000) };
	const stdin = openSync("/dev/zero", "r");
	child = spawn("sh", ["-c", "ulimit -n 97 && exec sleep 100"], {
		env,
		cwd: "/usr",
		stdio: [stdin, "ignore", "ignore"],
	});
	const pid = child.pid ?? 0;
	const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
	const ticks = stat.slice(stat.lastIndexOf(")")).split(" ")[20] ?? "";
	asked = { pid, start: `${ticks}7654321` };
});
afterAll(() => child.kill("SIGKILL"));

test("cwd, environment made safe and cut, limits, capabilities, descriptors", async () => {
	await expect
		.poll(async () => {
			const found = await inspect(files, asked, null);
			return typeof found === "string" ? found : found.limits.find(({ name }) => name === "open files");
		})
		.toEqual({ name: "open files", soft: "97", hard: "97" });
	const found = await inspect(files, asked, null);
	if (typeof found === "string") throw new Error(found);
	expect(found).toMatchObject({ cwd: "/usr", root: "/", moreDescriptors: 0 });
	expect(found.environment).toEqual(
		expect.arrayContaining(["EB_PLAIN=17", "EB_ESCAPE=\\x1b]2;x\\x07", `EB_LONG=${"x".repeat(1016)}…`]),
	);
	expect(found.descriptors[0]).toEqual({ fd: 0, target: "/dev/zero" });
	expect(found.capabilities.map(([set]) => set)).toEqual(["Eff", "Prm", "Inh", "Bnd", "Amb"]);
	if (process.getuid?.() === 0) expect(found.capabilities[0]?.[1]).toContain("chown");
});

test("another process with its pid, and none, are gone", async () => {
	expect(await inspect(files, { ...asked, start: "1" }, null)).toBe("The process is gone.");
	expect(await inspect(files, { pid: 4194303, start: "1" }, null)).toBe("The process is gone.");
});

test("an environment that must not be read, and one that never comes", async () => {
	expect(await inspect(files, asked, "Not now.")).toMatchObject({ cwd: "/usr", environment: "Not now." });
	const hanging = {
		...files,
		read: (path: string) => (path.endsWith("environ") ? new Promise<never>(() => {}) : files.read(path)),
	};
	const late = "It did not come within two seconds.";
	expect(await inspect(hanging, asked, null)).toMatchObject({ cwd: "/usr", environment: late });
});
