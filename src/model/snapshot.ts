/**
 * The snapshot: what one refresh shows. `--json` prints it, the panes draw it, the filter reads it.
 * `schema/snapshot.schema.json` is the same contract for scripts, generated from these types; a test holds every line
 * to it.
 *
 * Snapshots are immutable. A row keeps its object identity from one snapshot to the next as long as nothing in it
 * changed, so that a view may compare by reference.
 *
 * Counters are totals since attach, `…Rate` and `rate` are per second over the last interval, sizes are bytes.
 * Every string that came from the kernel has been made safe to show (see `safe-text.ts`).
 */

import type { EventData } from "./event-data.ts";
import type { EventType } from "./event-types.ts";
import type { Address, Amount, Count, Identity, Measured, Pid, Port, Text, Time, Word } from "./values.ts";

export const SCHEMA = "ebtop/1";

export interface Snapshot {
	readonly schema: typeof SCHEMA;
	readonly host: Text;
	readonly kernel: Text;
	/** ISO 8601 with milliseconds, UTC. */
	readonly time: Time;
	readonly seq: Count;
	readonly intervalMs: Amount;
	readonly system: System;
	readonly health: Health;
	readonly processes: readonly ProcessRow[];
	readonly ancestors: readonly AncestorRow[];
	readonly syscalls: readonly SyscallRow[];
	readonly ipc: readonly IpcRow[];
	readonly files: readonly FileRow[];
	readonly tcp: readonly TcpRow[];
	readonly disks: readonly DiskRow[];
	readonly containers: readonly ContainerRow[];
	readonly events: readonly EventRow[];
}

export interface System {
	readonly cpus: Count;
	readonly cpuPercent: Amount;
	readonly memTotalBytes: Count;
	readonly memUsedBytes: Count;
	readonly loadAverage: readonly [Amount, Amount, Amount];
	readonly uptimeMs: Amount;
	readonly forkRate: Amount;
	/** This and the next: null where they are not measured, as without BPF. */
	readonly execRate: Measured;
	readonly syscallRate: Measured;
}

export type ProbeState = "on" | "fallback" | "off";

export interface ProbeHealth {
	readonly probe: Text;
	readonly state: ProbeState;
	readonly variant: Text | null;
	readonly reason: Text | null;
	/** Records this probe could not deliver, counted in the kernel. */
	readonly lost: Count;
}

export interface MapHealth {
	readonly map: Text;
	readonly used: Count;
	readonly capacity: Count;
	readonly overflow: Count;
}

export interface Health {
	readonly probes: readonly ProbeHealth[];
	readonly records: { readonly received: Count; readonly lost: Count; readonly malformed: Count };
	readonly maps: readonly MapHealth[];
	readonly self: {
		readonly cpuPercent: Amount;
		readonly rssBytes: Count;
		/** The longest that one refresh has kept the program, its frame included; null until there was one. */
		readonly longestRefreshMs: Amount | null;
	};
}

/** One end of something: a process as other rows name it. */
export interface ProcessRef {
	readonly pid: Pid;
	readonly comm: Text;
}

export interface Container {
	readonly runtime: Text;
	readonly id: Text;
	readonly name: Text | null;
	/** What it was made from, as its runtime keeps it; null where no file of the runtime says so. */
	readonly image: Text | null;
}

export interface Exit {
	/** null where a signal ended it, or only the end was seen, not the status. */
	readonly code: Word | null;
	/** Name of the signal that ended it, for example "SIGTERM". */
	readonly signal: Text | null;
	readonly oom: boolean;
	readonly durationMs: Amount | null;
}

export interface Namespaces {
	readonly user: Word;
	readonly pid: Word;
	readonly mnt: Word;
	readonly net: Word;
	readonly ipc: Word;
	readonly uts: Word;
	readonly cgroup: Word;
}

export type Seccomp = "disabled" | "strict" | "filter";

export interface ProcessRow {
	readonly pid: Pid;
	/** Its pid inside of its own pid namespace; null where that is not known. */
	readonly nsPid: Pid | null;
	readonly ppid: Pid;
	/**
	 * Who forked it, as that was called last, also after it died; null where that was not seen and the parent may have taken it
	 * over from somebody else.
	 */
	readonly starter: ProcessRef | null;
	/** The nearest of those who started it that is in this list, as far as they are known; else its parent. */
	readonly shownUnder: Pid;
	/** Start time in nanoseconds since boot; with `pid` it names one process for ever. */
	readonly start: Identity;
	readonly comm: Text;
	readonly exe: Text | null;
	readonly args: readonly Text[];
	readonly uid: Word;
	readonly gid: Word;
	readonly user: Text | null;
	/**
	 * As in ps; X once it has exited, ? while nothing but its counters is known.
	 * @pattern ^[RSDTtZXIPWK?]$
	 */
	readonly state: string;
	readonly threads: Count;
	/** 100 is one CPU fully used. */
	readonly cpuPercent: Amount;
	readonly rssBytes: Count;
	readonly cgroup: Text | null;
	readonly container: Container | null;
	readonly namespaces: Namespaces;
	readonly seccomp: Seccomp;
	readonly seccompFilters: Count;
	/** Calls that a filter refused since attach; null where that is not watched. */
	readonly seccompRefused: Count | null;
	/** Null where calls are not counted. */
	readonly syscallRate: Measured;
	readonly readRate: Amount;
	readonly writeRate: Amount;
	readonly txRate: Amount;
	readonly rxRate: Amount;
	/**
	 * What it asked block devices for; null where nobody measures that (`--disk`). Without BPF what it read from disks and
	 * made dirty, as /proc/PID/io says.
	 */
	readonly diskReadBytes: Count | null;
	readonly diskWriteBytes: Count | null;
	readonly diskReadRate: Measured;
	readonly diskWriteRate: Measured;
	readonly exit: Exit | null;
}

/** One that is gone, of whom something that it started lives: a part of the line of who started whom. */
export interface AncestorRow {
	readonly pid: Pid;
	/** As in `processes`. */
	readonly start: Identity;
	readonly comm: Text;
	readonly exe: Text | null;
	/** The first 256 characters of its command line. */
	readonly args: readonly Text[];
	readonly starter: ProcessRef | null;
}

export interface Latency {
	readonly totalNs: Count;
	readonly avgNs: Count;
	readonly p50Ns: Count;
	readonly p99Ns: Count;
	readonly maxNs: Count;
}

export interface LatencyHistogram extends Latency {
	/** How many took from 2^b ns to twice that, for each b up to the last that any took. */
	readonly buckets: readonly Count[];
}

export interface SyscallRow {
	readonly pid: Pid;
	readonly comm: Text;
	readonly nr: Word;
	/**
	 * As in strace; 32-bit calls on a 64-bit kernel end in "/i386". Ends in " (sampled)" where calls cannot be counted:
	 * `count` is then how many looks in a row found the process in this call.
	 * @pattern ^[a-z_0-9]+(/i386)?( \(sampled\))?$
	 */
	readonly name: string;
	readonly count: Count;
	readonly rate: Amount;
	readonly errors: Count;
	readonly errorRate: Amount;
	readonly latency: LatencyHistogram | null;
}

export type IpcKind =
	| "pipe"
	| "fifo"
	| "unix-stream"
	| "unix-dgram"
	| "unix-seqpacket"
	| "tcp"
	| "udp"
	| "sysv-shm"
	| "sysv-sem"
	| "sysv-msg"
	| "posix-shm"
	| "posix-sem"
	| "posix-mq"
	| "signal"
	| "fd-pass"
	| "memfd"
	| "eventfd"
	| "pty";

/** observed: data was seen on it; open: both hold it, nothing moved; shared: the bytes of this pair are a share. */
export type Basis = "observed" | "open" | "shared";

/** Whose an object is, and who made it. */
export interface ObjectOwner {
	readonly uid: Count;
	readonly gid: Count;
	readonly creatorUid: Count;
	readonly creatorGid: Count;
}

export interface IpcRow {
	readonly kind: IpcKind;
	/** Names the channel, for example "pipe:[48122]". */
	readonly channel: Text;
	readonly name: Text | null;
	readonly from: ProcessRef;
	readonly to: ProcessRef;
	readonly messages: Count;
	readonly bytes: Count;
	/** Bytes per second; messages per second where the kind has no bytes. */
	readonly rate: Amount;
	readonly basis: Basis;
	/** End of the last refresh interval in which something moved on it, null where nothing did since attach. */
	readonly lastSeen: Time | null;
	/** Of System V objects. */
	readonly owner?: ObjectOwner;
	/** How many processes an end called "other" without a pid stands for, where a channel has more than have links. */
	readonly others?: Count;
}

export type FileType = "regular" | "directory" | "char" | "block" | "fifo" | "link" | "other";

/**
 * One for each process, path and device, whichever files were there one after the other; its counters never fall. What
 * moves counts under the name by which the file was opened last, or which it was found to have since; what moved before
 * stays with the name before.
 */
export interface FileRow {
	readonly pid: Pid;
	readonly comm: Text;
	/** Starts with "…" where only the end of it is known. */
	readonly path: Text;
	readonly type: FileType;
	/**
	 * "major:minor" in decimal.
	 * @pattern ^\d+:\d+$
	 */
	readonly device: string;
	/** Of the file that is open there, or was last. */
	readonly inode: Identity;
	/**
	 * How it was opened under this path, as in open(2): "O_WRONLY|O_APPEND"; of several descriptors together.
	 * @pattern ^([A-Z_]+(\|[A-Z_]+)*)?$
	 */
	readonly flags: string;
	/** Bytes into the file, of the descriptor that moved last; null where the calls themselves are counted. */
	readonly position: Count | null;
	/** How fast positions go forward, bytes per second; null as above. */
	readonly positionRate: Measured;
	/**
	 * Where calls are not counted: it has an open file description together with another process, and nothing says who
	 * of them moved the position. Those bytes are in nobody's counters.
	 */
	readonly shared: boolean;
	readonly opens: Count;
	readonly reads: Count;
	readonly writes: Count;
	readonly readBytes: Count;
	readonly writeBytes: Count;
	readonly readRate: Amount;
	readonly writeRate: Amount;
}

export type TcpRole = "client" | "server" | "listener" | "unknown";

export interface TcpRow {
	/** 0 where no process owns the socket any more (TIME_WAIT, orphans). */
	readonly pid: Pid;
	readonly comm: Text;
	readonly role: TcpRole;
	readonly family: 4 | 6;
	readonly localAddress: Address;
	readonly localPort: Port;
	readonly remoteAddress: Address;
	readonly remotePort: Port;
	/**
	 * As in ss and netstat: ESTABLISHED, LISTEN, SYN_SENT, TIME_WAIT, CLOSE …
	 * @pattern ^[A-Z0-9_]+$
	 */
	readonly state: string;
	readonly txBytes: Count;
	readonly rxBytes: Count;
	readonly txRate: Amount;
	readonly rxRate: Amount;
	readonly rttUs: Count;
	readonly retransmits: Count;
	readonly durationMs: Amount;
}

export type DiskOperation = "read" | "write" | "discard" | "flush";

/**
 * Requests to a block device that are done, of who made them: of what was written to the page cache that is mostly a
 * kernel thread. A device on top of another one (loop, dm, md) has its own rows, so devices do not add up.
 */
export interface DiskRow {
	readonly pid: Pid;
	readonly comm: Text;
	/**
	 * "major:minor" in decimal, of the whole disk.
	 * @pattern ^\d+:\d+$
	 */
	readonly device: string;
	readonly name: Text;
	/** flush: without data, to make what was written before permanent. */
	readonly operation: DiskOperation;
	/** Of what a kernel thread writes for others: whose pages they were, where the kernel says so. */
	readonly cgroup: Text | null;
	readonly count: Count;
	readonly bytes: Count;
	/** Bytes per second; requests per second of flushes. */
	readonly rate: Amount;
	/** From when a request was made until the device got it. */
	readonly queued: LatencyHistogram;
	/** From then to its end. */
	readonly served: LatencyHistogram;
}

/** What the processes of one container do, together. */
export interface ContainerRow extends Container {
	/** The path of its own cgroup. Rows with one id and several paths are cgroups that somebody gave the same name. */
	readonly cgroup: Text | null;
	/** Its processes, those that ended within the last seconds included. */
	readonly pids: readonly Pid[];
	/** Those that live; 0 once it is gone. */
	readonly processes: Count;
	readonly cpuPercent: Amount;
	/** An upper estimate: the resident memory of its processes added up, so what they share counts for each of them. */
	readonly rssBytes: Count;
	readonly readRate: Amount;
	readonly writeRate: Amount;
	/** This and the next: over TCP, of the connections whose owners are in it. */
	readonly rxRate: Amount;
	readonly txRate: Amount;
	/** Since attach, or since it was first seen; null where that is not watched. */
	readonly seccompRefused: Count | null;
}

export interface EventOf<Type extends EventType> {
	/** Counts up from line to line of one run. */
	readonly id: Count;
	readonly time: Time;
	readonly type: Type;
	readonly pid: Pid;
	readonly comm: Text;
	/** In words. */
	readonly text: Text;
	/** How many it stands for: of a storm that one process makes the first are listed, the rest are one row. */
	readonly count: Count;
	/** Of a row for many, that of the last one. */
	readonly data: EventData[Type];
}
export type EventRow = { readonly [Type in EventType]: EventOf<Type> }[EventType];

/** The tables of a snapshot: what a filter judges, what a pane takes its rows from. */
export const TABLES = ["processes", "syscalls", "ipc", "files", "tcp", "disks", "containers", "events"] as const;
export type TableName = (typeof TABLES)[number];
export type RowOf<Table extends TableName> = Snapshot[Table][number];
