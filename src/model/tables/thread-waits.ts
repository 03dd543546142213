/** What a thread waits for, in words: its call, and the object of its first argument. */

import { formatProcess } from "../names/processes.ts";
import type { IpcRow, ProcessRef } from "../snapshot.ts";
import { endpoint } from "../wire/address.ts";
import * as wire from "../wire/layout.gen.ts";
import { objectLabel } from "./ipc/object-name.ts";
import { isPipe } from "./ipc/pipes.ts";
import type { KernelObject } from "./object/kernel-object.ts";
import type { Words } from "./object/object-index.ts";
import type { Process } from "./process/process.ts";

/** The call that a thread was last found in. */
export interface Waiting {
	readonly process: Process;
	/** Without the suffix of 32-bit calls. */
	readonly call: string;
	/** The lower 32 bits of the first two arguments, and whether the first has more. */
	readonly argument: number;
	readonly isWide: boolean;
	readonly second: number;
	readonly wait: number;
	readonly otherTid: number;
	readonly otherPid: number;
	/** The object of the descriptor with that number; null: none. */
	readonly object: ObjectIdentity | null;
}

export interface ObjectIdentity {
	readonly dev: number;
	readonly ino: Words;
	readonly gen: number;
}

export interface WaitScene {
	/** Null if no process is known to have it. */
	find(identity: ObjectIdentity): KernelObject | null;
	/** The links over an object. */
	linksOf(object: KernelObject): readonly IpcRow[];
	/** The name of the process with this pid; null if unknown. */
	processOf(pid: number): ProcessRef | null;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Calls whose first argument is a descriptor, by the role of the process at the other end. */
const READS = words(
	"read readv pread64 preadv preadv2 recvfrom recvmsg recvmmsg recv mq_timedreceive accept accept4 splice tee getdents64",
);
const WRITES = words(
	"write writev pwrite64 pwritev pwritev2 sendto sendmsg sendmmsg send mq_timedsend vmsplice sendfile",
);
const OTHERS = words(
	"epoll_wait epoll_pwait epoll_pwait2 connect fsync fdatasync sync_file_range syncfs flock fcntl ioctl ftruncate fallocate close io_uring_enter copy_file_range",
);
const QUEUES = words("msgrcv msgsnd");
const SEMAPHORES = words("semop semtimedop");
const POLLS = words("poll ppoll");

const P_PID = 1;
/** Minus one, as 32 bits. */
const ANY = 0xffffffff;
const SIGN = 0x80000000;

/** For example "futex held by tid 812", "read of pipe:[31] whose writer is grep 501". */
export function waitText(waiting: Waiting, scene: WaitScene): string {
	const { call, argument, isWide } = waiting;
	if (call.startsWith("futex")) return call + futexText(waiting, scene);
	if (READS.has(call) || WRITES.has(call) || OTHERS.has(call)) return call + objectText(waiting, scene);
	if (isWide && call !== "wait4") return POLLS.has(call) ? `${call} of ${count(waiting.second, "descriptor")}` : call;
	if (call === "wait4" || call === "waitpid") return call + childText(argument);
	if (call === "waitid") return argument === P_PID ? `${call} for pid ${waiting.second}` : call;
	if (QUEUES.has(call)) return `${call} of sysv-msg:[${argument}]`;
	if (SEMAPHORES.has(call)) return `${call} of sysv-sem:[${argument}]`;
	return call;
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function futexText({ process, wait, otherTid, otherPid }: Waiting, scene: WaitScene): string {
	const owner = otherPid === process.pid ? null : scene.processOf(otherPid);
	const thread = `tid ${otherTid}${owner === null ? "" : ` of ${formatProcess(owner)}`}`;
	if (wait === wire.WireWait.HOLDER) return ` held by ${thread}`;
	return wait === wire.WireWait.END ? ` until ${thread} ends` : "";
}

/** The pid is in the caller's own pid namespace. */
function childText(argument: number): string {
	if (argument === ANY) return " for any child";
	if (argument === 0 || argument >= SIGN) return " for a process group";
	return ` for pid ${argument}`;
}

function objectText({ process, call, argument, isWide, object: identity }: Waiting, scene: WaitScene): string {
	if (isWide) return "";
	const object = identity === null ? null : scene.find(identity);
	if (object === null) return ` of descriptor ${argument}`;
	const links = scene.linksOf(object);
	const { pid } = process;
	const ends = READS.has(call)
		? links.flatMap(({ from, to }) => (to.pid === pid ? [from] : []))
		: WRITES.has(call)
			? links.flatMap(({ from, to }) => (from.pid === pid ? [to] : []))
			: [];
	return ` of ${links[0]?.channel ?? thingOf(object, process)}${endText(call, object, ends)}`;
}

function endText(call: string, object: KernelObject, ends: readonly ProcessRef[]): string {
	const [first, ...rest] = [...new Map(ends.map((end) => [end.pid, end])).values()];
	if (first === undefined) return "";
	const role = isPipe(object) ? (READS.has(call) ? "writer" : "reader") : "peer";
	if (rest.length === 0) return ` whose ${role} is ${formatProcess(first)}`;
	return ` whose ${role}s are ${formatProcess(first)} and ${count(rest.length, "other")}`;
}

/** An object without a known link. */
function thingOf(object: KernelObject, process: Process): string {
	const { kind, connection } = object;
	if (connection?.tuple) {
		const { remoteAddress, remotePort, localAddress, localPort } = connection.tuple;
		const isListener = connection.role === "listener";
		return `tcp:${isListener ? endpoint(localAddress, localPort) : endpoint(remoteAddress, remotePort)}`;
	}
	switch (kind) {
		case wire.WireKind.PIPE:
			return objectLabel("pipe", object);
		case wire.WireKind.EVENTFD:
			return "eventfd";
		case wire.WireKind.EPOLL:
			return "epoll";
		case wire.WireKind.UNIX_STREAM:
		case wire.WireKind.UNIX_DGRAM:
		case wire.WireKind.UNIX_SEQPACKET:
			return object.name === null ? `unix:[${object.inode}]` : `unix:${object.name}`;
		case wire.WireKind.TCP:
			return `tcp:[${object.inode}]`;
		case wire.WireKind.UDP:
			return `udp:[${object.inode}]`;
		default:
			return process.uses.get(object)?.path ?? object.name ?? `[${object.inode}]`;
	}
}
