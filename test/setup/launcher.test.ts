// bin/ebtop: works through links, from any directory, and before a build says what to do.
import { spawnSync } from "node:child_process";
import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { afterEach, beforeEach, expect, it } from "vitest";

const launcher = fileURLToPath(new URL("../../bin/ebtop", import.meta.url));
const nodeFlags = readFileSync(join(dirname(launcher), "node-flags"), "utf8")
	.trim()
	.split(" ");
const nodePackage = dirname(dirname(process.execPath));

let top: string;
beforeEach(() => {
	top = mkdtempSync(join(tmpdir(), "eb-launcher-"));
	mkdirSync(join(top, "bin"));
	for (const file of readdirSync(dirname(launcher)))
		copyFileSync(join(dirname(launcher), file), join(top, "bin", file));
});
afterEach(() => rmSync(top, { recursive: true }));

function pretendBuild(): void {
	mkdirSync(join(top, "node_modules"));
	symlinkSync(nodePackage, join(top, "node_modules", `node-linux-${process.arch}`));
	mkdirSync(join(top, "dist"));
	const report = "{ args: process.argv.slice(2), node: process.version, flags: process.execArgv }";
	writeFileSync(join(top, "dist", "ebtop.js"), `() => console.log(JSON.stringify(${report}))`);
}

const start = (program: string, ...args: string[]) => spawnSync(program, args, { cwd: "/", encoding: "utf8" });

it("says in one sentence what to run when it is not built", () => {
	const { status, stdout, stderr } = start(join(top, "bin", "ebtop"));
	expect(status).toBe(1);
	expect(stdout).toBe("");
	expect(stderr).toBe(`ebtop: It is not built yet: run 'npm run build' in ${top}.\n`);
});

it("hands its arguments to the bundle on the private Node, also through a link from elsewhere", () => {
	pretendBuild();
	const link = join(top, "a link");
	symlinkSync("bin/ebtop", link);
	const { status, stdout } = start(link, "--filter", "comm = 'a b'", "");
	expect(status).toBe(0);
	expect(JSON.parse(stdout)).toEqual({
		args: ["--filter", "comm = 'a b'", ""],
		node: process.version,
		flags: nodeFlags,
	});
	expect(nodeFlags).toContain("--disable-sigusr1");
});

it("works in an empty environment, as under sudo", () => {
	pretendBuild();
	const { status } = spawnSync("/usr/bin/env", ["-i", "PATH=/usr/bin:/bin", join(top, "bin", "ebtop")]);
	expect(status).toBe(0);
});

it("runs without compiled code, with that of another Node, and with damaged code", () => {
	pretendBuild();
	const code = join(top, "dist", "ebtop.code");
	const other = new Script("0").createCachedData();
	for (const bytes of [other, other.fill(0xff, 0, 4), Buffer.from("x"), Buffer.alloc(0)]) {
		writeFileSync(code, bytes);
		expect(start(join(top, "bin", "ebtop"))).toMatchObject({ status: 0, stderr: "" });
	}
});
