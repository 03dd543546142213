import { describe, expect, it } from "vitest";
import { ociProfile } from "../../src/profile/oci-profile.ts";
import { SeenCalls } from "../../src/profile/seen-calls.ts";
import { aHealth, aSnapshot, aSyscall } from "../helpers/snapshots.ts";

const seen = (...names: string[]) => {
	const calls = new SeenCalls();
	calls.take(aSnapshot({ syscalls: names.map((name) => aSyscall({ name })) }));
	return calls;
};
const profileOf = (...names: string[]) => ociProfile(seen(...names).names, "x86_64");

describe("a profile", () => {
	it("allows the calls that were seen, by name and in order, and nothing else", () => {
		expect(profileOf("write", "read", "write")).toEqual({
			defaultAction: "SCMP_ACT_ERRNO",
			architectures: ["SCMP_ARCH_X86_64"],
			syscalls: [{ names: ["read", "write"], action: "SCMP_ACT_ALLOW" }],
		});
	});
	it("has the architectures of the calls that were seen", () => {
		expect(profileOf("read", "getpid/i386")).toMatchObject({
			architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
			syscalls: [{ names: ["getpid", "read", "rt_sigreturn", "sigreturn"] }],
		});
		expect(profileOf("getpid/i386")?.architectures).toEqual(["SCMP_ARCH_X86"]);
		expect(ociProfile(new Set(["read", "getpid/arm"]), "aarch64")).toMatchObject({
			architectures: ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"],
			syscalls: [{ names: ["getpid", "read", "rt_sigreturn", "sigreturn"] }],
		});
	});
	it("lets a stopped sleep go on", () => {
		expect(profileOf("nanosleep")?.syscalls[0]?.names).toEqual(["nanosleep", "restart_syscall"]);
	});
	it("is impossible on a machine whose calls have no names", () => {
		expect(ociProfile(new Set(), "riscv64")).toBeNull();
	});
});

describe("what a profile may lack", () => {
	it("is nothing if all was seen", () => {
		expect(seen("read").gaps()).toEqual([]);
	});
	it("is what was lost, what overflowed a table, what has no name", () => {
		const calls = seen("read", "other", "syscall_499", "syscall_other/i386");
		const maps = [{ map: "syscall", used: 8, capacity: 8, overflow: 3 }];
		calls.take(aSnapshot({ health: aHealth({ records: { received: 9, lost: 2, malformed: 1 }, maps }) }));
		expect(calls.gaps()).toEqual([
			"3 records were lost.",
			"The table syscall was full, and 3 did not fit.",
			"Calls without a known name were made: syscall_499, syscall_other/i386.",
		]);
		expect([...calls.names]).toEqual(["read"]);
	});
});

describe("what a process called before it became the command", () => {
	const calls = () => new SeenCalls({ pid: 7, calls: new Map([["read", 1]]) });
	const rows = (...each: [pid: number, count: number][]) =>
		aSnapshot({ syscalls: each.map(([pid, count]) => aSyscall({ pid, name: "read", count })) });
	it("is not in its profile, until the command calls it too", () => {
		const one = calls();
		one.take(rows([7, 1]));
		expect([...one.names]).toEqual([]);
		one.take(rows([7, 2]));
		expect([...one.names]).toEqual(["read"]);
	});
	it("is, if another process calls it", () => {
		const one = calls();
		one.take(rows([7, 1], [8, 1]));
		expect([...one.names]).toEqual(["read"]);
	});
});
