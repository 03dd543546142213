/** What an event says beside who and when, by its type. `text` says the same in words. */

import type { Address, Amount, Count, Identity, Pid, Port, Text, Word } from "./values.ts";

/** pid and comm of the event are those of the process that forked. */
export interface ForkData {
	readonly childPid: Pid;
	/** Start of the child, as in `processes`. */
	readonly childStart: Identity;
}

export interface ExecData {
	readonly ppid: Pid;
	readonly uid: Word;
	/** The file that runs: of a script its interpreter. */
	readonly exe: Text | null;
	/** The first 4,096 characters of the command line; the process has the whole. */
	readonly args: readonly Text[];
}

export interface ExecFailedData {
	readonly ppid: Pid;
	readonly uid: Word;
	/** As asked for. */
	readonly path: Text;
	/** As in errno(3). */
	readonly error: Text;
}

export interface ExitData {
	readonly ppid: Pid;
	/** null where a signal ended it. */
	readonly code: Word | null;
	readonly signal: Text | null;
	/** It left a core dump, or a helper took it. */
	readonly coreDumped: boolean;
	readonly oom: boolean;
	readonly durationMs: Amount | null;
	/** CPU time of all its threads. */
	readonly cpuMs: Amount;
}

export interface SignalData {
	/** For example "SIGTERM". */
	readonly signal: Text;
	readonly targetPid: Pid;
	readonly targetComm: Text;
	/** No process sent it: a timer, a terminal, a fault, the end of a child. */
	readonly isFromKernel: boolean;
	readonly result: "delivered" | "ignored" | "pending" | "lost";
}

/** pid and comm of the event are those of the victim. */
export interface OomKillData {
	/** Who asked for the memory that there was not. */
	readonly triggerPid: Pid;
	readonly triggerComm: Text;
	/** In memory when it was chosen; null where the kernel does not tell. */
	readonly rssBytes: Count | null;
}

export interface SocketData {
	readonly family: 4 | 6;
	readonly localAddress: Address;
	readonly localPort: Port;
	/** 0.0.0.0 or :: and 0 of a listener. */
	readonly remoteAddress: Address;
	readonly remotePort: Port;
}

export interface LossData {
	/** Where: "probe fork", "table io", "records", "events", "command lines". */
	readonly of: Text;
	readonly count: Count;
}

export interface EventData {
	readonly fork: ForkData;
	readonly exec: ExecData;
	readonly "exec-failed": ExecFailedData;
	readonly exit: ExitData;
	readonly signal: SignalData;
	readonly "oom-kill": OomKillData;
	readonly connect: SocketData;
	readonly accept: SocketData;
	readonly listen: SocketData;
	readonly "connect-failed": SocketData;
	readonly loss: LossData;
}
