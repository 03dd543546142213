/**
 * Writes bpf/lib/calls.gen.h: the class of every system call, by the number that it has on each architecture, and the
 * numbers that programs ask for. `--check` writes nothing and exits 1 if the committed file differs.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { callNames, MACHINES } from "./numbers.mjs";

const target = join(dirname(fileURLToPath(import.meta.url)), "..", "lib", "calls.gen.h");

/** What is not here is CALL_OTHER: counted, and nothing else. What each class means stands in call-class.h. */
const CLASSES = {
	CALL_READ: "read pread64 readv preadv preadv2 mq_timedreceive mq_timedreceive_time64",
	CALL_WRITE: "write pwrite64 writev pwritev pwritev2",
	CALL_RECEIVE: "recv recvfrom",
	CALL_RECEIVE_MESSAGE: "recvmsg",
	CALL_RECEIVE_MESSAGES: "recvmmsg recvmmsg_time64",
	CALL_SEND: "send sendto",
	CALL_SEND_MESSAGE: "sendmsg",
	CALL_SEND_MESSAGES: "sendmmsg",
	CALL_QUEUE_SEND: "mq_timedsend mq_timedsend_time64",
	CALL_OPEN: "open creat openat openat2 open_by_handle_at mq_open",
	CALL_NEW: "accept accept4",
	CALL_EVENTFD: "eventfd eventfd2",
	CALL_CONNECT: "connect",
	CALL_PIPE: "pipe pipe2",
	CALL_SOCKETPAIR: "socketpair",
	CALL_SENDFILE: "sendfile sendfile64",
	CALL_TEE: "tee",
	CALL_SPLICE: "splice copy_file_range",
	CALL_VMSPLICE: "vmsplice",
	CALL_SOCKETCALL: "socketcall",
	CALL_CLONE: "fork vfork clone clone3",
	CALL_EXEC: "execve execveat",
	CALL_RESTART: "restart_syscall",
	CALL_SYSV: "shmat semop semtimedop msgsnd msgrcv",
	CALL_GETFD: "pidfd_getfd",
	CALL_MAP: "mmap",
	CALL_AIO_SUBMIT: "io_submit",
	CALL_AIO_EVENTS: "io_getevents io_pgetevents io_pgetevents_time64",
	CALL_NAMESPACE: "setns unshare",
	CALL_STAT:
		"stat stat64 lstat lstat64 newfstatat fstatat64 statx statfs statfs64 access faccessat faccessat2 readlink readlinkat",
	CALL_NAME:
		"mkdir mkdirat mknod mknodat symlink symlinkat link linkat unlink unlinkat rmdir rename renameat renameat2",
	CALL_BIND: "bind",
	CALL_MOUNT: "mount umount2 move_mount",
	CALL_PTRACE: "ptrace",
	CALL_BPF: "bpf",
	CALL_SLEEP: "nanosleep clock_nanosleep clock_nanosleep_time64",
	CALL_CREDENTIALS: "setuid setgid setreuid setregid setresuid setresgid capset",
};

/**
 * Calls that are events: what is told if they succeed, if they make a file and if they fail, which arguments are names ("@" before one
 * whose directory is in the argument before it), and which has flags. See call-event.bpf.h.
 */
const EVENT_CALLS = [
	...[
		{ calls: "open", names: ["0"], flags: 1 },
		{ calls: "creat", names: ["0"] },
		{ calls: "openat", names: ["@1"], flags: 2 },
		{ calls: "openat2", names: ["@1"] },
	].map((call) => ({ ...call, does: "OPEN", makes: "FILE_CREATE", fails: "OPEN_FAILED" })),
	...[
		{ calls: "stat stat64 lstat lstat64 statfs statfs64 access readlink", names: ["0"] },
		{ calls: "newfstatat fstatat64 statx faccessat faccessat2 readlinkat", names: ["@1"] },
	].map((call) => ({ ...call, does: "STAT", fails: "STAT_FAILED" })),
	{ calls: "mkdir mknod", does: "FILE_CREATE", names: ["0"] },
	{ calls: "mkdirat mknodat", does: "FILE_CREATE", names: ["@1"] },
	{ calls: "symlink link", does: "FILE_CREATE", names: ["1"] },
	{ calls: "symlinkat", does: "FILE_CREATE", names: ["@2"] },
	{ calls: "linkat", does: "FILE_CREATE", names: ["@3"] },
	{ calls: "unlink rmdir", does: "FILE_DELETE", names: ["0"] },
	{ calls: "unlinkat", does: "FILE_DELETE", names: ["@1"], flags: 2 },
	{ calls: "rename", does: "FILE_RENAME", names: ["0", "1"] },
	{ calls: "renameat", does: "FILE_RENAME", names: ["@1", "@3"] },
	{ calls: "renameat2", does: "FILE_RENAME", names: ["@1", "@3"], flags: 4 },
	{ calls: "connect", fails: "CONNECT_FAILED", address: 1 },
	{ calls: "bind", does: "BIND", address: 1 },
	{ calls: "mount", does: "MOUNT", names: ["0", "1"] },
	{ calls: "umount2", does: "MOUNT", names: ["0"] },
	{ calls: "move_mount", does: "MOUNT", names: ["@1", "@3"] },
	{ calls: "ptrace", does: "PTRACE", flags: 0 },
	{ calls: "bpf", does: "BPF_LOAD", flags: 0 },
	{ calls: "setuid setgid setreuid setregid setresuid setresgid", does: "SETUID" },
	{ calls: "capset", does: "CAPSET" },
	{ calls: "nanosleep clock_nanosleep clock_nanosleep_time64", does: "SLEEP", fails: "SLEEP" },
];

/** Programs that look further into a call read the registers of a 64-bit one only. */
const COMPAT_CLASSES = {
	...CLASSES,
	CALL_WRITE: `${CLASSES.CALL_WRITE} ${CLASSES.CALL_SEND} ${CLASSES.CALL_SEND_MESSAGE}`,
	CALL_SEND: "",
	CALL_SEND_MESSAGE: "",
	CALL_SYSV: "",
	CALL_GETFD: "",
	CALL_MAP: "",
};

/** Calls that a program knows by number. */
const ASKED_FOR = [
	..."execve exit exit_group rt_sigreturn sendto sendmsg sendmmsg recvmsg recvmmsg pidfd_getfd".split(" "),
	..."shmat msgsnd msgrcv".split(" "),
	"openat2",
	..."epoll_wait epoll_pwait epoll_pwait2 poll ppoll select pselect6 futex readv writev nanosleep".split(" "),
];
const ASKED_FOR_IN_COMPAT = ["openat2", "execve", "exit", "exit_group", "nanosleep", "clock_nanosleep"];

function classRows(machine, classes) {
	const names = callNames(machine);
	const classOf = new Map(
		Object.entries(classes).flatMap(([call, list]) => (list === "" ? [] : list.split(" ").map((name) => [name, call]))),
	);
	return names.flatMap((name, number) => {
		const call = classOf.get(name);
		return call === undefined ? [] : [`\t[${number}] = ${call}, /* ${name} */`];
	});
}

function eventRows(machine) {
	const names = callNames(machine);
	const rows = EVENT_CALLS.flatMap(
		({ calls, does = "NONE", makes = "NONE", fails = "NONE", names: [first, second] = [], flags, address }) =>
			calls.split(" ").map((name) => {
				const given = [nameField(first), nameField(second), argumentField(flags), argumentField(address)].join(", ");
				const row = `{ WIRE_EVENT_${does}, WIRE_EVENT_${makes}, WIRE_EVENT_${fails}, ${given} }`;
				return [names.indexOf(name), `\t[${names.indexOf(name)}] = ${row}, /* ${name} */`];
			}),
	);
	return rows
		.filter(([number]) => number >= 0)
		.sort(([one], [other]) => one - other)
		.map(([, row]) => row);
}

/** 0 stands for none, so arguments count from 1. */
const argumentField = (argument) => (argument === undefined ? 0 : argument + 1);

function nameField(argument) {
	if (argument === undefined) return 0;
	return argument.startsWith("@") ? `${Number(argument.slice(1)) + 1} | EVENT_NAME_AT` : Number(argument) + 1;
}

const table = (name, rows) => `#define ${name} \\\n${rows.map((row) => `${row} \\`).join("\n")}\n`;

function numberRows(machine, prefix, wanted) {
	const names = callNames(machine);
	return wanted.map((name) => `#define ${prefix}${name.toUpperCase()} ${names.indexOf(name)}`).join("\n");
}

/** A misspelt name would match no call. */
function refuseUnknownNames(machines) {
	const known = new Set(machines.flatMap(callNames));
	const lists = [...Object.values(CLASSES), ...EVENT_CALLS.map(({ calls }) => calls)];
	const unknown = [...lists.flatMap((list) => list.split(" ")), ...ASKED_FOR].filter((name) => !known.has(name));
	if (unknown.length > 0) throw new Error(`No system call is called ${unknown.join(", ")}.`);
}

refuseUnknownNames(MACHINES);
const text = `/* Generated by bpf/calls/generate.mjs from the kernel's user space headers. Do not edit. */
#ifndef EBTOP_CALLS_GEN_H
#define EBTOP_CALLS_GEN_H

#if defined(__TARGET_ARCH_x86)
${numberRows("x86_64", "NR_", ASKED_FOR)}
${numberRows("i386", "NR_COMPAT_", ASKED_FOR_IN_COMPAT)}
${table("NATIVE_CALL_CLASSES", classRows("x86_64", CLASSES))}
${table("COMPAT_CALL_CLASSES", classRows("i386", COMPAT_CLASSES))}
${table("NATIVE_EVENT_CALLS", eventRows("x86_64"))}
${table("COMPAT_EVENT_CALLS", eventRows("i386"))}
#elif defined(__TARGET_ARCH_arm64)
${numberRows("aarch64", "NR_", ASKED_FOR)}
${numberRows("arm", "NR_COMPAT_", ASKED_FOR_IN_COMPAT)}
${table("NATIVE_CALL_CLASSES", classRows("aarch64", CLASSES))}
${table("COMPAT_CALL_CLASSES", classRows("arm", COMPAT_CLASSES))}
${table("NATIVE_EVENT_CALLS", eventRows("aarch64"))}
${table("COMPAT_EVENT_CALLS", eventRows("arm"))}
#endif

#endif
`;

if (!process.argv.includes("--check")) {
	writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
	console.error("bpf/lib/calls.gen.h differs from what this machine's headers give: run node bpf/calls/generate.mjs");
	process.exit(1);
}
