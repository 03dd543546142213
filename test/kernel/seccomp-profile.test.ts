/** Profiles of the calls of programs: a program works under its own profile, and other calls are refused. */

import { spawn, spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { SYSCALL_NAMES } from "../../src/model/names/syscalls.gen.ts";
import type { OciProfile } from "../../src/profile/oci-profile.ts";
import { isThere } from "../helpers/daemons.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";
import { compileWorkload, until } from "../helpers/workload.ts";

const isRoot = process.getuid?.() === 0;
const folder = mkdtempSync(join(tmpdir(), "eb-profile-"));
afterAll(() => rmSync(folder, { recursive: true }));

const numbers = SYSCALL_NAMES.x86_64.split(" ");
const namesOf = ({ syscalls }: OciProfile) => syscalls.flatMap(({ names }) => names);

async function profileOf(...words: string[]) {
	const { status, stdout, stderr } = await startEbtop(["-d", "0.2", "--seccomp-profile", ...words]).ended;
	if (status !== 0) throw new Error(stderr);
	const profile: OciProfile = JSON.parse(stdout);
	expect(profile.defaultAction).toBe("SCMP_ACT_ERRNO");
	return { profile, names: namesOf(profile), stderr };
}

/** Runs a command under the profile. */
function under(profile: OciProfile, command: readonly string[]) {
	const allowed = namesOf(profile).map((name) => numbers.indexOf(name));
	expect(allowed).not.toContain(-1);
	const words = [allowed.join(","), ...command];
	const { status, stdout, stderr } = spawnSync(compileWorkload("under-filter"), words, { encoding: "utf8" });
	return { status, stdout, stderr };
}

const sh = (script: string): string[] => ["/bin/sh", "-c", script];

/**
 * Calls of the runtime itself between loading the profile and executing the program: Go's own, and those of runc 1.1.
 */
const OF_RUNC = [
	"fstatfs",
	"getdents64",
	"fcntl",
	"futex",
	"nanosleep",
	"sched_yield",
	"madvise",
	"gettid",
	"getpid",
].concat([
	"tgkill",
	"rt_sigreturn",
	"rt_sigprocmask",
	"sigaltstack",
	"epoll_ctl",
	"epoll_pwait",
	"prctl",
	"write",
	"close",
]);

/** A container with the machine's /usr, run by runc under the profile and what runc itself needs besides. */
function inContainer(profile: OciProfile, command: readonly string[]) {
	const bundle = mkdtempSync(join(folder, "bundle-"));
	for (const name of ["usr", "proc", "tmp", "dev", "sys"]) mkdirSync(join(bundle, "rootfs", name), { recursive: true });
	for (const name of ["bin", "lib", "lib64"]) symlinkSync(`usr/${name}`, join(bundle, "rootfs", name));
	const mount = (destination: string, type: string, options: string[] = []) => ({
		...{ destination, type, options },
		source: type === "bind" ? destination : type,
	});
	const namespaces = ["pid", "mount"].map((type) => ({ type }));
	const seccomp = { ...profile, syscalls: [...profile.syscalls, { names: OF_RUNC, action: "SCMP_ACT_ALLOW" }] };
	const config = {
		ociVersion: "1.0.2",
		process: { user: { uid: 0, gid: 0 }, args: command, env: ["PATH=/bin", "PWD=/"], cwd: "/", noNewPrivileges: true },
		root: { path: "rootfs" },
		mounts: [mount("/proc", "proc"), mount("/dev", "tmpfs"), mount("/usr", "bind", ["rbind", "ro"])],
		linux: { namespaces, seccomp },
	};
	writeFileSync(join(bundle, "config.json"), JSON.stringify(config));
	const words = ["run", "--bundle", bundle, `eb-profile-${process.pid}`];
	const { status, stdout, stderr } = spawnSync("runc", words, { encoding: "utf8" });
	return { status, stdout, stderr };
}

describe.skipIf(!isRoot)("--seccomp-profile", () => {
	const words = join(folder, "eb-words");
	const script = `cat ${words} | sort | tr a c; exec wc -l ${words}`;
	const made = join(folder, "eb-made");

	test("a shell and its programs work under the profile of their run, and a call that is not in it is refused", async () => {
		writeFileSync(words, "b\na\n");
		const { profile, names, stderr } = await profileOf("-", "--", ...sh(script));
		const output = `c\nb\n2 ${words}\n`;
		expect(stderr).toBe(`${output}ebtop: /bin/sh exited with 0.\n`);
		expect(profile.architectures).toEqual(["SCMP_ARCH_X86_64"]);
		expect(names).toEqual(expect.arrayContaining(["execve", "read", "exit_group", "wait4"]));
		for (const name of ["mkdir", "mkdirat", "setuid", "setgroups", "kill"]) expect(names).not.toContain(name);
		expect(under(profile, sh(script))).toEqual({ status: 0, stdout: output, stderr: "" });
		const refused = under(profile, sh(`mkdir ${made} | cat; ${script}`));
		expect(refused).toMatchObject({ status: 0, stdout: output });
		expect(refused.stderr).toMatch(/cannot create directory .*: Operation not permitted/);
		expect(existsSync(made)).toBe(false);
	});

	test.skipIf(!isThere("runc"))("runc takes it", async () => {
		const command = sh("echo aa | cat | tr a c");
		const { profile } = await profileOf("-", "--", ...command);
		expect(inContainer(profile, command)).toEqual({ status: 0, stdout: "cc\n", stderr: "" });
		const refused = inContainer(profile, sh("mkdir /tmp/eb-made | cat"));
		expect(refused).toMatchObject({
			status: 0,
			stdout: "",
			stderr: expect.stringMatching(/cannot create directory .*: Operation not permitted/),
		});
	});

	test("descendants that died, the call that a signal interrupted, and the one that a process is still in", async () => {
		const script = `until [ -e ${made} ]; do sleep 0.05; done; (chmod 600 ${words} &); exec sleep 600`;
		const late = spawn("/bin/sh", ["-c", script]);
		const running = startEbtop(["-d", "0.2", "--seccomp-profile", String(late.pid)]);
		await new Promise((resolve) => running.child.stderr?.once("data", resolve));
		writeFileSync(made, "");
		const isSleeping = () => /^sleep\n/.test(readFileSync(`/proc/${late.pid}/comm`, "latin1"));
		await until("the sleep and the chmod", () => isSleeping() && (statSync(words).mode & 0o777) === 0o600);
		await until("its call", () => readFileSync(`/proc/${late.pid}/syscall`, "latin1").startsWith("230 "));
		running.child.kill("SIGINT");
		const { stdout, stderr } = await running.ended;
		late.kill();
		const names = namesOf(JSON.parse(stdout));
		expect(names).toEqual(expect.arrayContaining(["fchmodat", "clock_nanosleep"]));
		expect(names).not.toContain("mkdir");
		expect(stderr).toBe(`ebtop: Watching ${late.pid}: what it called before is not in the profile.\n`);
		const killed = await profileOf("-", "--", "perl", "-e", "alarm 1; sleep 600 while 1");
		expect(killed.names).toContain("clock_nanosleep");
		expect(killed.stderr).toBe("ebtop: perl was ended by SIGALRM.\n");
	});

	test("Ctrl-C ends the command, and its last calls are in the profile", async () => {
		const trap = `trap 'mkdir ${folder}/eb-trapped; exit 3' TERM; echo begun > ${folder}/eb-begun; while :; do sleep 0.05; done`;
		const { child, ended } = startEbtop(["-d", "0.2", "--seccomp-profile", "-", "--", ...sh(trap)]);
		await until("the command", () => existsSync(join(folder, "eb-begun")));
		child.kill("SIGINT");
		const { status, stdout, stderr } = await ended;
		expect({ status, stderr }).toEqual({ status: 0, stderr: "ebtop: /bin/sh exited with 3.\n" });
		expect(namesOf(JSON.parse(stdout))).toContain("mkdir");
	});

	test("a 32-bit program adds the other architecture", async () => {
		const { profile, names } = await profileOf("-", "--", ...sh(`cd ${folder}; exec ${compileWorkload("calls32")}`));
		expect(profile.architectures).toEqual(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]);
		expect(names).toEqual(expect.arrayContaining(["socketcall", "io_submit", "sigreturn"]));
	});

	test("what cannot be run has no profile", async () => {
		const outcome = await startEbtop(["--seccomp-profile", "-", "--", "eb-nosuch"]).ended;
		expect(outcome).toMatchObject({ status: 1, stdout: "", stderr: expect.stringMatching(/Cannot run eb-nosuch/) });
	});
});
