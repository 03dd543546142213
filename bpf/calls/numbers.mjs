/** The numbers of system calls by name, from the kernel's user space headers on this machine (linux-libc-dev,
 * linux-libc-dev-armhf-cross, gcc). */

import { execFileSync } from "node:child_process";

/** Calls newer than the headers of Debian 12; same number on all architectures. */
const YOUNGER = [
	..."cachestat fchmodat2 map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount".split(" "),
	..."lsm_get_self_attr lsm_set_self_attr lsm_list_modules mseal setxattrat getxattrat listxattrat".split(" "),
	..."removexattrat open_tree_attr file_getattr file_setattr listns".split(" "),
];
const FIRST_YOUNGER = 451;

const ARM64 = ["RENAMEAT", "NEW_STAT", "SET_GET_RLIMIT", "TIME32_SYSCALLS", "MEMFD_SECRET", "SYS_CLONE3"];
const TABLES = {
	x86_64: { header: "asm/unistd_64.h", flags: [], extra: { 335: "uretprobe", 336: "uprobe" } },
	i386: { header: "asm/unistd_32.h", flags: [], extra: {} },
	aarch64: {
		header: "asm-generic/unistd.h",
		flags: ["-D__BITS_PER_LONG=64", "-D__LP64__", ...ARM64.map((name) => `-D__ARCH_WANT_${name}`)],
		extra: {},
	},
	arm: { header: "asm/unistd.h", flags: ["-I/usr/arm-linux-gnueabihf/include", "-D__ARM_EABI__"], extra: {} },
};

/** The machines whose calls are known, by their names in `uname -m`. */
export const MACHINES = Object.keys(TABLES);

/** Names by number; a number without a call is a hole. */
export function callNames(machine) {
	const { header, flags, extra } = TABLES[machine];
	const text = execFileSync("gcc", ["-E", "-dM", ...flags, "-include", header, "-x", "c", "/dev/null"], {
		encoding: "utf8",
	});
	const definitions = text.matchAll(/^#define (__NR\w+) (?:\(__NR_SYSCALL_BASE \+ )?(\w+)/gm);
	const macros = new Map([...definitions].map(([, name, value]) => [name, value]));
	const names = [];
	for (const [name, value] of macros) {
		const number = Number(macros.get(value) ?? value);
		if (/^__NR_[a-z_]/.test(name) && !name.endsWith("syscalls") && Number.isInteger(number)) {
			if (name !== "__NR_arch_specific_syscall") names[number] = name.slice("__NR_".length);
		}
	}
	for (const [number, name] of Object.entries(extra)) names[number] = name;
	YOUNGER.forEach((name, index) => {
		names[FIRST_YOUNGER + index] ??= name;
	});
	return names;
}
