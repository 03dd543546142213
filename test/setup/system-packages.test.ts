// What the set-up does about missing system packages, on simulated machines.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FreshMachine } from "./fresh-machine.ts";

const installer = fileURLToPath(new URL("../../scripts/setup/system-packages.mjs", import.meta.url));

// The set-up also searches the sbin directories, so these tests require programs that no machine has.
const script = `
	const { installSystemPackages } = await import(${JSON.stringify(installer)});
	const { existsSync } = await import("node:fs");
	if (process.env.EB_UID) process.getuid = () => Number(process.env.EB_UID);
	const there = (name) => existsSync(process.env.PATH + "/" + name);
	const packages = (...names) => names.map((name) => ({ debianPackage: name + "-pkg", isThere: () => there(name) }));
	const later = process.env.EB_LATER ? packages(process.env.EB_LATER) : [];
	try { await installSystemPackages(packages("eb-first", "eb-second"), later); } catch (error) { console.log(error.message); process.exitCode = 1; }
`;

let machine: FreshMachine;
beforeEach(() => {
	machine = new FreshMachine();
});
afterEach(() => machine.remove());

function install(uid: number, later = "") {
	const env = { PATH: machine.bin, EB_UID: String(uid), EB_LATER: later };
	const result = spawnSync(process.execPath, ["--input-type=module", "-e", script], { env, encoding: "utf8" });
	return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

it("does nothing if nothing is missing", () => {
	machine.apt([]);
	machine.script("eb-first", "");
	machine.script("eb-second", "");
	expect(install(0)).toEqual({ status: 0, stdout: "", stderr: "" });
	expect(machine.aptCalls()).toEqual([]);
});

it("as root installs only what is missing and says so in one line", () => {
	machine.script("eb-first", "");
	machine.apt(["eb-second"]);
	const { status, stderr } = install(0);
	expect(status).toBe(0);
	expect(stderr).toBe("ebtop set-up: installing system packages: eb-second-pkg\n");
	expect(machine.aptCalls()).toEqual(["-qq update", "-qq install -y --no-install-recommends eb-second-pkg"]);
});

it("uses sudo if it is not root and sudo needs no password", () => {
	machine.script("sudo", '[ "$1" = -n ] && shift\nexec "$@"');
	machine.apt(["eb-first", "eb-second"]);
	expect(install(1000).status).toBe(0);
	expect(machine.aptCalls().at(-1)).toContain("eb-first-pkg eb-second-pkg");
});

it("without root and sudo prints the one line to run and installs nothing", () => {
	machine.apt([]);
	const { status, stdout } = install(1000);
	expect(status).toBe(1);
	expect(stdout).toContain("\nsudo apt-get install -y eb-first-pkg eb-second-pkg\n");
	expect(machine.aptCalls()).toEqual([]);
});

it("with a sudo that wants a password and no terminal prints the line too", () => {
	machine.script("sudo", "exit 1");
	machine.apt([]);
	expect(install(1000).status).toBe(1);
	expect(machine.aptCalls()).toEqual([]);
});

it("names what will be wanted next in the same line, and does not install that now", () => {
	machine.apt(["eb-first", "eb-second"]);
	expect(install(1000, "eb-third").stdout).toContain("install -y eb-first-pkg eb-second-pkg eb-third-pkg\n");
	expect(install(0, "eb-third").status).toBe(0);
	expect(machine.aptCalls().at(-1)).toBe("-qq install -y --no-install-recommends eb-first-pkg eb-second-pkg");
});

it("without apt names what is missing", () => {
	const { status, stdout } = install(0);
	expect(status).toBe(1);
	expect(stdout).toContain("eb-first-pkg eb-second-pkg");
});

it("stops if apt fails", () => {
	machine.script("apt-get", "echo E: no space left; exit 100");
	const { status, stdout, stderr } = install(0);
	expect(status).toBe(1);
	expect(stderr).toContain("no space left");
	expect(stdout).toContain("Install them by hand");
});

it("stops if apt succeeds but what is needed is still missing", () => {
	machine.apt(["eb-first"]);
	const { status, stdout } = install(0);
	expect(status).toBe(1);
	expect(stdout).toContain("eb-second-pkg");
});
