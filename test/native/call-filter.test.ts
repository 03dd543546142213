/** The system calls that the program may still make under its filter, tried one by one. */

import { execFileSync } from "node:child_process";
import { constants } from "node:os";
import { beforeAll, expect, test } from "vitest";
import { compileNative } from "../helpers/compile-native.ts";

const { EPERM, ENOSYS, EBADF, EINVAL } = constants.errno;

let outcomes: Map<string, number>;
beforeAll(() => {
	const program = compileNative("call-filter", ["privileges/call-filter"], "-D_GNU_SOURCE", "-pthread");
	const lines = execFileSync(program, { encoding: "utf8" }).trim().split("\n");
	outcomes = new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]));
}, 60_000);

test.each([
	"execve",
	"execve in an older thread",
	"execveat",
	"fork",
	"user namespace",
	"unshare",
	"setns to a mount namespace",
	"ptrace",
	"process_vm_writev",
	"init_module",
	"kexec_load",
	"mount",
	"setuid",
	"keyctl",
	"reboot",
	"open_by_handle_at",
	"perf_event_open",
	"io_uring_setup",
	"a BPF program",
	"a packet socket",
	"a signal to another process",
	"a signal to a group",
	"a character into the terminal",
	...(process.arch === "x64" ? ["a call of the x32 ABI"] : []),
])("%s is refused", (name) => {
	expect(outcomes.get(name)).toBe(EPERM);
});

test("clone3 is ENOSYS, so that threads are created by clone", () => {
	expect([outcomes.get("clone3"), outcomes.get("a thread")]).toEqual([ENOSYS, 0]);
});

test("calls that the passes and the terminal need reach the kernel", () => {
	for (const name of ["a netlink socket", "a signal to itself", "a file"])
		expect([name, outcomes.get(name)]).toEqual([name, 0]);
	for (const name of ["setns to a network namespace", "the size of a terminal"])
		expect([name, outcomes.get(name)]).toEqual([name, EBADF]);
	expect([EINVAL, EBADF]).toContain(outcomes.get("a BPF iterator"));
});
