/** Names and numbers of system calls on the machine that runs the tests. */

import { machine } from "node:os";
import { SYSCALL_NAMES } from "../../src/model/names/syscalls.gen.ts";
import { syscallNames } from "../../src/model/names/syscalls.ts";
import { WireAbi } from "../../src/model/wire/layout.gen.ts";

const names = syscallNames(machine());

/** As in rows. */
export const nameOfCall = ({ abi, nr }: { abi: number; nr: number }) =>
	abi === WireAbi.NATIVE ? names.native(nr) : names.compat(nr);

/** The number of a native call. */
export const callNumber = (name: string) =>
	SYSCALL_NAMES[machine() as keyof typeof SYSCALL_NAMES].split(" ").indexOf(name);
