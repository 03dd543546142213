/** The flags with which a file was opened, as in open(2). */

/**
 * include/uapi/asm-generic/fcntl.h, those that all architectures share. A flag that includes the bits of others comes
 * first.
 */
const COMMON = [
	["O_SYNC", 0o4010000],
	["O_DSYNC", 0o10000],
	["O_APPEND", 0o2000],
	["O_NONBLOCK", 0o4000],
	["O_ASYNC", 0o20000],
	["O_NOATIME", 0o1000000],
	["O_PATH", 0o10000000],
] as const;

type Flag = readonly [name: string, bits: number];

/** From the same file, and arch/arm64/include/uapi/asm/fcntl.h. Those of other machines are not shown. */
const BY_MACHINE: Partial<Record<string, readonly Flag[]>> = {
	x86_64: [
		["O_TMPFILE", 0o20200000],
		["O_DIRECTORY", 0o200000],
		["O_DIRECT", 0o40000],
		["O_NOFOLLOW", 0o400000],
	],
	aarch64: [
		["O_TMPFILE", 0o20040000],
		["O_DIRECTORY", 0o40000],
		["O_DIRECT", 0o200000],
		["O_NOFOLLOW", 0o100000],
	],
};

export type OpenFlags = (canRead: boolean, canWrite: boolean, flags: number) => string;

/** Those that only the call has. */
const ASKED: readonly Flag[] = [
	["O_CREAT", 0o100],
	["O_EXCL", 0o200],
	["O_NOCTTY", 0o400],
	["O_TRUNC", 0o1000],
	["O_CLOEXEC", 0o2000000],
];
const ACCESS = ["O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"] as const;

/** The same with all flags of an open(): "O_WRONLY|O_CREAT|O_TRUNC". What has no name is an octal number. */
export function askedFlags(machine: string): (flags: number) => string {
	const known = knownFlags(machine);
	return (flags) => {
		const { names, rest } = namesIn(flags & ~3, [...known, ...ASKED]);
		// O_LARGEFILE, which 32-bit programs pass, says nothing.
		const more = rest & ~(LARGE_FILE[machine] ?? 0);
		return [ACCESS[flags & 3], ...names, ...(more === 0 ? [] : [`0${(more >>> 0).toString(8)}`])].join("|");
	};
}

const LARGE_FILE: Partial<Record<string, number>> = { x86_64: 0o100000, aarch64: 0o400000 };

const knownFlags = (machine: string): readonly Flag[] => [...COMMON, ...(BY_MACHINE[machine] ?? [])];

function namesIn(flags: number, known: readonly Flag[]): { readonly names: string[]; readonly rest: number } {
	const names: string[] = [];
	let rest = flags;
	for (const [name, bits] of known) {
		if ((rest & bits) !== bits) continue;
		names.push(name);
		rest &= ~bits;
	}
	return { names, rest };
}

/**
 * Names for a machine as in `uname -m`: "O_RDWR|O_APPEND". Omits O_CLOEXEC and flags that say nothing about the file.
 */
export function openFlags(machine: string): OpenFlags {
	const known = knownFlags(machine);
	const cache = new Map<number, string>();
	return (canRead, canWrite, flags) => {
		const key = flags * 4 + Number(canRead) + 2 * Number(canWrite);
		const cached = cache.get(key);
		if (cached !== undefined) return cached;
		const access = canRead && canWrite ? "O_RDWR" : canWrite ? "O_WRONLY" : canRead ? "O_RDONLY" : "";
		const { names } = namesIn(flags, known);
		const text = (access === "" ? names : [access, ...names]).join("|");
		cache.set(key, text);
		return text;
	};
}
