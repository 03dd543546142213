/** Names of system calls by architecture. */

import { WIRE_CALL_NUMBERS } from "../wire/layout.gen.ts";
import { SYSCALL_NAMES } from "./syscalls.gen.ts";

type Machine = keyof typeof SYSCALL_NAMES;

/** A 32-bit call on a 64-bit kernel ends in the name of its machine. */
export const COMPAT_ENDING = /\/(i386|arm)$/;

const COMPAT_OF: Partial<Record<string, Machine>> = { x86_64: "i386", aarch64: "arm" };

export interface SyscallNames {
	native(nr: number): string;
	/** 32-bit calls on a 64-bit kernel have numbers of their own. */
	compat(nr: number): string;
}

function namesOf(machine: string | undefined): readonly string[] {
	return machine !== undefined && machine in SYSCALL_NAMES ? SYSCALL_NAMES[machine as Machine].split(" ") : [];
}

/**
 * Names for a machine as in `uname -m`. A number without a known name is "syscall_N"; numbers that no kernel has are
 * all "syscall_other".
 */
export function syscallNames(machine: string): SyscallNames {
	const native = namesOf(machine);
	const compatMachine = COMPAT_OF[machine];
	const compat = namesOf(compatMachine);
	const nameOf = (names: readonly string[], nr: number) =>
		names[nr] || (nr < WIRE_CALL_NUMBERS ? `syscall_${nr}` : "syscall_other");
	return {
		native: (nr) => nameOf(native, nr),
		compat: (nr) => `${nameOf(compat, nr)}/${compatMachine ?? "i386"}`,
	};
}
