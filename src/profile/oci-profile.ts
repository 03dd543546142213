/**
 * A seccomp profile in the format of the OCI runtime specification (config-linux, `seccomp`), for podman, docker and
 * runc.
 */

import { COMPAT_ENDING } from "../model/names/syscalls.ts";

export interface OciProfile {
	/** Every other call fails with EPERM. */
	readonly defaultAction: "SCMP_ACT_ERRNO";
	readonly architectures: readonly string[];
	readonly syscalls: readonly { readonly names: readonly string[]; readonly action: "SCMP_ACT_ALLOW" }[];
}

/** By machine, as in `uname -m`: its own calls, and those of 32-bit programs. */
const ARCHITECTURES: Readonly<Record<string, { readonly native: string; readonly compat: string }>> = {
	x86_64: { native: "SCMP_ARCH_X86_64", compat: "SCMP_ARCH_X86" },
	aarch64: { native: "SCMP_ARCH_AARCH64", compat: "SCMP_ARCH_ARM" },
};

/** After a stop these continue as restart_syscall, which is counted as the call itself. */
const RESTARTED = ["nanosleep", "clock_nanosleep", "clock_nanosleep_time64", "poll", "futex", "futex_time64"];
/** Calls by which a signal handler returns in a 32-bit program, where they are not counted. */
const COMPAT_RETURNS = ["sigreturn", "rt_sigreturn"];

/** `calls`: names as in `SyscallRow`, those of 32-bit programs with their suffix; null for an unknown machine. */
export function ociProfile(calls: ReadonlySet<string>, machine: string): OciProfile | null {
	const known = ARCHITECTURES[machine];
	if (known === undefined) return null;
	const all = [...calls];
	const compat = all.filter((name) => COMPAT_ENDING.test(name));
	const architectures = [
		...(compat.length < all.length ? [known.native] : []),
		...(compat.length > 0 ? [known.compat] : []),
	];
	const names = new Set(all.map((name) => name.replace(COMPAT_ENDING, "")));
	if (RESTARTED.some((name) => names.has(name))) names.add("restart_syscall");
	if (compat.length > 0) for (const name of COMPAT_RETURNS) names.add(name);
	return {
		defaultAction: "SCMP_ACT_ERRNO",
		architectures,
		syscalls: [{ names: [...names].sort(), action: "SCMP_ACT_ALLOW" }],
	};
}
