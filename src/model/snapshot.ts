/**
 * The snapshot: the state at one refresh. `--json` prints it, the panes draw it, the filter reads it.
 * `schema/snapshot.schema.json` is the same contract for scripts, generated from these types; a test checks every line
 * against it.
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
	readonly threads: readonly ThreadRow[];
	readonly containers: readonly ContainerRow[];
	readonly events: readonly EventRow[];
	/** With `--follow` and with a command: what these caused. */
	readonly follow?: readonly Follow[];
}

/** certain: at least 99 % right; likely: 95 %; guess: about half, in no total. */
export type FollowClass = "certain" | "likely" | "guess";

/** What is followed, and what it caused, in daemons too. */
export interface Follow {
	readonly id: Count;
	/** Its command line, as far as it is known. */
	readonly command: readonly Text[];
	readonly state: "running" | "ended";
	readonly exit: { readonly code: Word | null; readonly signal: Text | null } | null;
	readonly startedAt: Time | null;
	/** Records that were lost since. */
	readonly lost: Count;
	/** Daemons of which not all steps could be looked at. */
	readonly reduced: readonly ProcessRef[];
	readonly actors: readonly FollowActor[];
	readonly edges: readonly FollowEdge[];
	readonly effects: readonly FollowEffect[];
	/** Effects that are not listed, past the first thousand. */
	readonly moreEffects: Count;
	readonly totals: Readonly<Record<FollowClass, FollowTotals>>;
}

export interface FollowActor {
	readonly id: Text;
	readonly pid: Word;
	readonly comm: Text;
	/** made: by a daemon, for the command. */
	readonly role: "command" | "daemon" | "made";
	/** Of its surest claim. */
	readonly class: FollowClass;
	/** Of a daemon: requests of others that it read meanwhile, at least. */
	readonly others: Count;
}

export interface FollowEdge {
	/** Ids of actors. */
	readonly from: Text;
	readonly to: Text;
	readonly rule: Text;
	/** Of the whole chain up to here. */
	readonly class: FollowClass;
	readonly why: Text;
	readonly count: Count;
}

export interface FollowEffect {
	readonly actor: Text;
	readonly kind: "file";
	readonly path: Text;
	readonly readBytes: Count;
	readonly writeBytes: Count;
	readonly created: boolean;
	readonly deleted: boolean;
	readonly class: FollowClass;
}

/** Processes that belong to it as a whole, files, bytes of those. */
export interface FollowTotals {
	readonly processes: Count;
	readonly files: Count;
	readonly readBytes: Count;
	readonly writeBytes: Count;
}

export interface System {
	readonly cpus: Count;
	readonly cpuPercent: Amount;
	readonly memTotalBytes: Count;
	readonly memUsedBytes: Count;
	readonly loadAverage: readonly [Amount, Amount, Amount];
	readonly uptimeMs: Amount;
	readonly forkRate: Amount;
	/** null where not measured, as without BPF; so is the next. */
	readonly execRate: Measured;
	readonly syscallRate: Measured;
}

/** `standby`: it is attached as soon as the screen shows what it measures. */
export type ProbeState = "on" | "fallback" | "off" | "standby";

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
		/** The longest that a refresh has blocked the program, its frame included; null before the first. */
		readonly longestRefreshMs: Amount | null;
	};
}

/** One end of a link or relation: a process as other rows refer to it. */
export interface ProcessRef {
	readonly pid: Pid;
	readonly comm: Text;
}

export interface Container {
	readonly runtime: Text;
	readonly id: Text;
	readonly name: Text | null;
	/** The image it was made from, as its runtime records it; null where no file of the runtime says so. */
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
	 * The process that forked it, under its last name, also after that died; null where the fork was not seen and the
	 * parent may have adopted it.
	 */
	readonly starter: ProcessRef | null;
	/** Its nearest ancestor, by who started whom, that is in this list; else its parent. */
	readonly shownUnder: Pid;
	/** Start time in nanoseconds since boot. With `pid` it identifies a process for ever. */
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
	/** Calls that seccomp refused since attach; null where that is not watched. */
	readonly seccompRefused: Count | null;
	/** Null where calls are not counted. */
	readonly syscallRate: Measured;
	readonly readRate: Amount;
	readonly writeRate: Amount;
	readonly txRate: Amount;
	readonly rxRate: Amount;
	/**
	 * What it requested of block devices; null where that is not measured (`--disk`). Without BPF what it read from disks
	 * and made dirty, as in /proc/PID/io.
	 */
	readonly diskReadBytes: Count | null;
	readonly diskWriteBytes: Count | null;
	readonly diskReadRate: Measured;
	readonly diskWriteRate: Measured;
	/** What the scheduler did with its threads; null where that is not measured (`--sched`). */
	readonly sched: Scheduling | null;
	readonly exit: Exit | null;
}

/** Since it is measured; a thread that is on a CPU now is counted when it leaves it. */
export interface Scheduling {
	/** On a CPU. */
	readonly runNs: Count;
	/** Able to run, and without a CPU. */
	readonly waitNs: Count;
	readonly waitP50Ns: Count;
	readonly waitP99Ns: Count;
	/** How many waits took from 2^b ns to twice that, for each b up to the last non-zero one. */
	readonly waitBuckets: readonly Count[];
	/** Waits before a turn on a CPU that ended, of which only the sum is known. */
	readonly untimed: Count;
	/** Times that a thread left its CPU to sleep, or gave it away. */
	readonly voluntary: Count;
	/** Times that it was taken from it. */
	readonly involuntary: Count;
	/** Those it ran on, by their numbers. */
	readonly cpus: readonly { readonly cpu: Word; readonly runNs: Count }[];
}

/** A process that is gone but has living descendants: a link in the line of ancestors. */
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
	/** How many took from 2^b ns to twice that, for each b up to the last non-zero one. */
	readonly buckets: readonly Count[];
}

export interface SyscallRow {
	readonly pid: Pid;
	readonly comm: Text;
	readonly nr: Word;
	/**
	 * As in strace; 32-bit calls on a 64-bit kernel end in "/i386". Ends in " (sampled)" where calls cannot be counted:
	 * `count` is then in how many consecutive looks the process was in this call.
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

/** observed: data was seen on it; open: both hold it, nothing moved; shared: the bytes of this pair are an estimate. */
export type Basis = "observed" | "open" | "shared";

/** The owner and the creator of an object. */
export interface ObjectOwner {
	readonly uid: Count;
	readonly gid: Count;
	readonly creatorUid: Count;
	readonly creatorGid: Count;
}

export interface IpcRow {
	readonly kind: IpcKind;
	/** Identifies the channel, for example "pipe:[48122]". */
	readonly channel: Text;
	readonly name: Text | null;
	readonly from: ProcessRef;
	readonly to: ProcessRef;
	readonly messages: Count;
	readonly bytes: Count;
	/** Bytes per second; messages per second where the kind has no bytes. */
	readonly rate: Amount;
	readonly basis: Basis;
	/** End of the last refresh interval in which data moved on it, null if none has since attach. */
	readonly lastSeen: Time | null;
	/** For System V objects. */
	readonly owner?: ObjectOwner;
	/**
	 * For an end "other" without a pid: how many processes it stands for, where a channel has too many for links of their
	 * own; of "tcp:[other]" how many connections.
	 */
	readonly others?: Count;
}

export type FileType = "regular" | "directory" | "char" | "block" | "fifo" | "link" | "other";

/**
 * One for each process, path and device, whichever files the path stood for; its counters never fall. Data counts under
 * the name by which the file was last opened, or that it was later found to have; what moved before stays with the name
 * before.
 */
export interface FileRow {
	readonly pid: Pid;
	readonly comm: Text;
	/** Starts with "…" where only its end is known. */
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
	 * The flags with which it was opened under this path, as in open(2): "O_WRONLY|O_APPEND"; of all its descriptors
	 * together.
	 * @pattern ^([A-Z_]+(\|[A-Z_]+)*)?$
	 */
	readonly flags: string;
	/** Offset in the file of the descriptor that moved last; null where the calls themselves are counted. */
	readonly position: Count | null;
	/** How fast offsets move forward, bytes per second; null as above. */
	readonly positionRate: Measured;
	/**
	 * Where calls are not counted: it shares an open file description with another process, and it is unknown which of
	 * them moved the offset. Those bytes are counted for no process.
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
	/**
	 * How many connections of the process this row stands for, where they closed and had to go before they had a row of
	 * their own; its addresses are 0.0.0.0 and its ports 0.
	 */
	readonly others?: Count;
}

export type DiskOperation = "read" | "write" | "discard" | "flush";

/**
 * Completed requests to a block device, by the process that made them: for data written to the page cache that is
 * mostly a kernel thread. A device on top of another one (loop, dm, md) has its own rows, so devices do not add up.
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
	/** flush: without data, to make earlier writes permanent. */
	readonly operation: DiskOperation;
	/** For what a kernel thread writes for others: the cgroup that the pages are charged to, where the kernel says so. */
	readonly cgroup: Text | null;
	readonly count: Count;
	readonly bytes: Count;
	/** Bytes per second; for flushes requests per second. */
	readonly rate: Amount;
	/** From the request until the device got it. */
	readonly queued: LatencyHistogram;
	/** From then to its completion. */
	readonly served: LatencyHistogram;
}

export interface Waker extends ProcessRef {
	readonly tid: Pid;
}

export interface ThreadRow {
	readonly pid: Pid;
	readonly tid: Pid;
	/** Of the thread itself. */
	readonly comm: Text;
	/**
	 * As in ps.
	 * @pattern ^[RSDTtZXIPWK?]$
	 */
	readonly state: string;
	readonly cpuPercent: Amount;
	/**
	 * The system call that it sleeps in, and what its first argument is: "futex held by tid 812", "read of pipe:[31] whose
	 * writer is grep 501"; the function of the kernel where it sleeps outside of a call. Null where it does not sleep, or may
	 * not be seen.
	 */
	readonly waitsIn: Text | null;
	/** Who woke it last; "interrupt" without a pid for timers and devices, null where that was not seen. */
	readonly wokenBy: Waker | null;
}

/** The activity of all processes of one container. */
export interface ContainerRow extends Container {
	/** The path of its own cgroup. Rows with one id and several paths are cgroups that were given the same name. */
	readonly cgroup: Text | null;
	/** Its processes, including those that ended within the last seconds. */
	readonly pids: readonly Pid[];
	/** Living processes; 0 once it is gone. */
	readonly processes: Count;
	readonly cpuPercent: Amount;
	/** An upper estimate: the sum of its processes' resident memory, so shared memory counts for each of them. */
	readonly rssBytes: Count;
	readonly readRate: Amount;
	readonly writeRate: Amount;
	/** Over the TCP connections that its processes own; so is the next. */
	readonly rxRate: Amount;
	readonly txRate: Amount;
	/** Since attach, or since it was first seen; null where that is not watched. */
	readonly seccompRefused: Count | null;
}

export interface EventOf<Type extends EventType> {
	/** Increases from line to line of one run. */
	readonly id: Count;
	readonly time: Time;
	readonly type: Type;
	readonly pid: Pid;
	readonly comm: Text;
	/** In words. */
	readonly text: Text;
	/** How many events the row stands for: of a storm of one process the first are listed, the rest are one row. */
	readonly count: Count;
	/** For a row of several events, that of the last one. */
	readonly data: EventData[Type];
}
export type EventRow = { readonly [Type in EventType]: EventOf<Type> }[EventType];

/** The tables of a snapshot, which filter and panes read. */
export const TABLES = [
	"processes",
	"syscalls",
	"ipc",
	"files",
	"tcp",
	"disks",
	"threads",
	"containers",
	"events",
] as const;
export type TableName = (typeof TABLES)[number];
export type RowOf<Table extends TableName> = Snapshot[Table][number];
