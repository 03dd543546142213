/** The settings of the built program: where they are found, which win, and the messages about mistakes. */

import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import { type Outcome, startEbtop } from "../helpers/run-ebtop.ts";

const CALLER = 65_534;
const folder = mkdtempSync(join(tmpdir(), "eb-config-"));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true }));

let homes = 0;
/** A settings folder with this file in it. */
function settings(text: string): string {
	const home = join(folder, String(homes++));
	mkdirSync(join(home, "ebtop"), { recursive: true });
	writeFileSync(join(home, "ebtop", "config.json"), text);
	return home;
}

const run = (words: string[], env: Record<string, string>, launcher: string[] = []): Promise<Outcome> =>
	startEbtop(words, launcher, env).ended;

async function printed(words: string[], env: Record<string, string>, launcher: string[] = []) {
	const { status, stdout, stderr } = await run(["--print-config", ...words], env, launcher);
	expect(status).toBe(0);
	return { config: JSON.parse(stdout), stderr };
}

describe("the file is", () => {
	const home = settings('{ "delay": 7 }');
	const other = join(folder, "other.json");
	writeFileSync(other, '{ "delay": 8 }');
	const dotted = join(folder, "home");
	mkdirSync(join(dotted, ".config"), { recursive: true });
	spawnSync("cp", ["-r", join(home, "ebtop"), join(dotted, ".config")]);

	it("that in XDG_CONFIG_HOME", async () => {
		expect(await printed([], { XDG_CONFIG_HOME: home })).toMatchObject({ config: { delay: 7 }, stderr: "" });
	});
	it.each(["", "relative"])("that in ~/.config, with XDG_CONFIG_HOME=%s", async (XDG_CONFIG_HOME) => {
		expect((await printed([], { XDG_CONFIG_HOME, HOME: dotted })).config.delay).toBe(7);
	});
	it("the one that is named", async () => {
		expect((await printed(["--config", other], { XDG_CONFIG_HOME: home })).config.delay).toBe(8);
		const inFolder = ["sh", "-c", `cd ${folder} && exec "$@"`, "sh"];
		expect((await printed(["--config", "other.json"], { XDG_CONFIG_HOME: home }, inFolder)).config.delay).toBe(8);
	});
	it("none", async () => {
		expect((await printed(["--no-config"], { XDG_CONFIG_HOME: home })).config.delay).toBe(1);
		expect((await printed([], { XDG_CONFIG_HOME: folder })).config.delay).toBe(1);
	});
	it("not to be missing where it is named", async () => {
		const missing = join(folder, "missing");
		expect(await run(["--config", missing, "--demo", "--json"], {})).toEqual({
			status: 2,
			stdout: "",
			stderr: `ebtop: The configuration ${missing} is not used: no such file or directory.\n`,
		});
	});
	it("not at once named and refused", async () => {
		const { status, stderr } = await run(["--config", other, "--no-config"], {});
		expect({ status, stderr }).toEqual({
			status: 2,
			stderr: "ebtop: --config and --no-config exclude each other: use one of them.\n",
		});
	});
});

test("what is printed, from the command line too, is a file that means the same", async () => {
	const home = settings('{ "theme": "mono", "sort": { "tcp": "-rxRate" } }');
	const { stdout } = await run(["--print-config", "-d", "3", "--panes", "tcp"], { XDG_CONFIG_HOME: home });
	expect(JSON.parse(stdout)).toMatchObject({ delay: 3, theme: "mono", panes: ["tcp"], sort: { tcp: "-rxRate" } });
	expect((await run(["--print-config"], { XDG_CONFIG_HOME: settings(stdout) })).stdout).toBe(stdout);
});

test("mistakes are said with file and line, and the rest is used", async () => {
	const home = settings('{\n\t"delay": 99,\n\t"panes": ["tcp"],\n\t"x\u202e": 1\n}');
	const file = join(home, "ebtop", "config.json");
	const { status, stdout, stderr } = await run(["--demo", "--batch", "-n", "1"], { XDG_CONFIG_HOME: home });
	expect(status).toBe(0);
	expect(stderr.split("\n")).toEqual([
		`ebtop: ${file}, line 2: "delay" takes seconds from 0.1 to 60, not 99.`,
		expect.stringContaining(`ebtop: ${file}, line 4: there is no setting "x\\u{202e}"; there are `),
		"",
	]);
	expect(stdout).toMatch(/^TCP: /m);
	expect(stdout).not.toMatch(/^Processes: /m);
});

test("columns and sort are those of plain text too", async () => {
	const home = settings('{ "columns": { "processes": ["comm", "pid"] } }');
	const wrong = await run(["--demo", "--once", "--batch"], { XDG_CONFIG_HOME: home });
	expect(wrong.stderr).toContain('"columns.processes" takes a list of some of pid, ppid, ');
	const right = settings(
		'{ "panes": ["processes"], "columns": { "processes": ["rss", "pid"] }, "sort": { "processes": "pid" } }',
	);
	const { stdout } = await run(["--demo", "--once", "--batch"], { XDG_CONFIG_HOME: right });
	const [, table = ""] = /^Processes: .*\n([\s\S]*?)\n\n/m.exec(stdout) ?? [];
	const [head, ...rows] = table.split("\n").map((line) => line.trim().split(/ +/));
	expect(head).toEqual(["RES", "PID"]);
	const pids = rows.map((row) => Number(row[1]));
	expect(pids.length).toBeGreaterThan(10);
	expect(pids).toEqual(pids.toSorted((a, b) => a - b));
});

const isRoot = process.getuid?.() === 0;
const hasMounts = spawnSync("unshare", ["--mount", "true"]).status === 0;
const NOT_ANSWERED =
	"ebtop: Your configuration is not used: its file system, or that of the password database, does not answer.\n";

const hasFuse = hasMounts && existsSync("/dev/fuse");
const whyNoFuse = hasFuse ? "" : " (skipped: it takes root and /dev/fuse)";

test.skipIf(!hasFuse)(
	`a home directory on a hanging file system leads to a message, and ebtop runs${whyNoFuse}`,
	async () => {
		const home = join(folder, "stuck");
		mkdirSync(home);
		// A FUSE file system whose server, the shell that becomes ebtop, reads no request.
		const options = "fd=3,rootmode=40000,user_id=0,group_id=0,allow_other";
		const mount = `exec 3<> /dev/fuse && mount -i -t fuse -o ${options} none ${home} && exec "$@"`;
		const stuck = ["unshare", "--mount", "sh", "-c", mount, "sh"];
		const words = ["--demo", "--once", "--batch"];
		const { status, stdout, stderr } = await run(words, { XDG_CONFIG_HOME: home }, stuck);
		expect({ status, stderr }).toEqual({ status: 0, stderr: NOT_ANSWERED });
		expect(stdout).toMatch(/^Processes: /m);
	},
);

describe.skipIf(!isRoot)(`behind sudo${isRoot ? "" : " (skipped: it takes root)"}`, () => {
	const sudo = { SUDO_UID: String(CALLER), SUDO_GID: String(CALLER) };
	const file = (home: string) => join(home, "ebtop", "config.json");

	it("the file of another user is refused with a message", async () => {
		const home = settings('{ "delay": 7 }');
		chownSync(file(home), 65_533, 65_533);
		expect(await printed([], { ...sudo, XDG_CONFIG_HOME: home })).toMatchObject({
			config: { delay: 1 },
			stderr: `ebtop: The configuration ${file(home)} is not used: it belongs to another user.\n`,
		});
	});

	const whyNoMounts = hasMounts ? "" : " (skipped: it takes root to make mounts)";

	/** In a private /etc (mount namespace). */
	const withPasswd = (commands: string) => [
		...["unshare", "--mount", "sh", "-c"],
		`mount -t tmpfs none /etc && cd /etc && ${commands} && cd / && exec "$@"`,
		"sh",
	];

	it.skipIf(!hasMounts)(
		`the home is the one that the password database says, whatever HOME is${whyNoMounts}`,
		async () => {
			const home = join(folder, "callers");
			mkdirSync(join(home, ".config"), { recursive: true });
			spawnSync("cp", ["-r", join(settings('{ "delay": 9 }'), "ebtop"), join(home, ".config")]);
			const passwd = withPasswd(`printf 'eb:x:${CALLER}:${CALLER}:a,b:${home}:/bin/sh\\n' > passwd`);
			const env = { ...sudo, HOME: "/root", XDG_CONFIG_HOME: "" };
			expect(await printed([], env, passwd)).toMatchObject({ config: { delay: 9 }, stderr: "" });
		},
	);

	it.skipIf(!hasMounts)(
		`a password database that hangs costs a sentence, and not the program${whyNoMounts}`,
		async () => {
			const env = { ...sudo, XDG_CONFIG_HOME: "" };
			const { config, stderr } = await printed([], env, withPasswd("mkfifo passwd"));
			expect(config.delay).toBe(1);
			expect(stderr).toBe(NOT_ANSWERED);
		},
	);
});
