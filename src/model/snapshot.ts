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
import type {
	Address,
	Amount,
	Count,
	DiskOperation,
	Identity,
	Measured,
	Pid,
	Port,
	Text,
	Time,
	Word,
} from "./values.ts";

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
	/** With `--follow` and with a command: what they caused. */
	readonly follow?: readonly Follow[];
	/** With `--host`: the machines that the rows come from. The head then has the sums over those that are live. */
	readonly hosts?: readonly HostState[];
}

/** A machine of `--host`. What is null is not known yet. */
export interface HostState {
	/** As named on the command line. */
	readonly host: Text;
	/** gone: nothing comes from it; its rows are the last that came. */
	readonly state: "starting" | "live" | "gone";
	/** Why it is gone, or what is otherwise than here, in sentences. */
	readonly note: Text | null;
	/** Its name for itself. */
	readonly name: Text | null;
	readonly kernel: Text | null;
	readonly source: "bpf" | "proc" | null;
	/** The version of ebtop there. */
	readonly version: Text | null;
	/** Of its last refresh, by its own clock. */
	readonly time: Time | null;
	/** How far its clock is ahead of the one here: an estimate, wrong by at most `clockErrorMs`. */
	readonly clockOffsetMs: number | null;
	readonly clockErrorMs: Amount | null;
	readonly system: System | null;
}

/** A row of a machine; without `--host` it does not say of which. */
interface OfHost {
	readonly host?: Text;
}

/** certain: at least 99 % right; likely: 95 %; guess: about half, never in totals. */
export type FollowClass = "certain" | "likely" | "guess";

/** A followed process or command, and what it caused, in daemons too. */
export interface Follow {
	readonly id: Count;
	/** Its command line, as far as it is known. */
	readonly command: readonly Text[];
	readonly state: "running" | "ended";
	readonly exit: { readonly code: Word | null; readonly signal: Text | null } | null;
	readonly startedAt: Time | null;
	/** Records that were lost since the following began. */
	readonly lost: Count;
	/** Daemons with steps that were not examined. */
	readonly reduced: readonly ProcessRef[];
	readonly actors: readonly FollowActor[];
	readonly edges: readonly FollowEdge[];
	readonly effects: readonly FollowEffect[];
	/** Effects beyond the first thousand, which are not listed. */
	readonly moreEffects: Count;
	readonly totals: Readonly<Record<FollowClass, FollowTotals>>;
	/** What is not known. */
	readonly gaps: readonly FollowGap[];
	/** Gaps beyond the first hundred, which are not listed. */
	readonly moreGaps: Count;
	/** Since the following began; once the command has ended, to the end of the last span. */
	readonly elapsedMs: Amount;
	/** When each actor worked for the command. */
	readonly lanes: readonly FollowLane[];
}

export interface FollowLane {
	readonly actor: Text;
	/** In order; of each class the last hundred. Those with less than a millisecond between them are one. */
	readonly spans: readonly FollowSpan[];
}

/** In milliseconds since the following began. */
export interface FollowSpan {
	readonly fromMs: Amount;
	readonly toMs: Amount;
	readonly class: FollowClass;
}

/** Something that is not followed, or was not seen. */
export interface FollowGap {
	/**
	 * cut, running: only in a receipt. later: what a daemon does by itself after its replies; memory: what threads hand over
	 * or share in memory.
	 */
	readonly kind:
		| "cut"
		| "daemon"
		| "reduced"
		| "later"
		| "memory"
		| "goroutine"
		| "message"
		| "signal"
		| "peer-unknown"
		| "remote"
		| "running"
		| "lost"
		| "full"
		| "probe-off";
	/** The rule that finds no more here; null if it concerns all. */
	readonly rule: Text | null;
	/** The process that it concerns; null if that is not known. */
	readonly process: ProcessRef | null;
	readonly says: Text;
}

export interface FollowActor {
	readonly id: Text;
	readonly pid: Word;
	readonly comm: Text;
	/** made: by a daemon, for the command. */
	readonly role: "command" | "daemon" | "made";
	/** The class of its most certain claim. */
	readonly class: FollowClass;
	/** For a daemon: the least number of requests from others that it read meanwhile. */
	readonly others: Count;
	/**
	 * For a daemon: pieces of work with files, each by one thread, that were examined and are not known to be the command's.
	 */
	readonly otherWork: Count;
}

export interface FollowEdge {
	/** Ids of actors. */
	readonly from: Text;
	readonly to: Text;
	readonly rule: Text;
	/** The class of the whole chain up to here. */
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

/** Processes that belong to it as a whole, files, bytes of these files. */
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
	/** How much of the interval the machine was suspended. */
	readonly suspendedMs: Amount;
	readonly forkRate: Amount;
	/** null if not measured, as without BPF; so is the next. */
	readonly execRate: Measured;
	readonly syscallRate: Measured;
}

/** `standby`: attached as soon as the screen shows what it measures. */
export type ProbeState = "on" | "fallback" | "off" | "standby";

export interface ProbeHealth {
	readonly probe: Text;
	readonly state: ProbeState;
	readonly variant: Text | null;
	readonly reason: Text | null;
	/** Records that this probe could not deliver, counted in the kernel. */
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
		/** The longest time for which a refresh blocked the program, drawing included; null before the first. */
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
	/** The image it was made from, as recorded by its runtime; null if no file of the runtime has it. */
	readonly image: Text | null;
}

export interface Exit {
	/** null if a signal ended it, or if the status was not seen. */
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

export interface ProcessRow extends OfHost {
	readonly pid: Pid;
	/** Its pid inside of its own pid namespace; null if not known. */
	readonly nsPid: Pid | null;
	readonly ppid: Pid;
	/**
	 * The process that forked it, with its last name, also after that process has died; null if the fork was not seen
	 * and the parent may have adopted it.
	 */
	readonly starter: ProcessRef | null;
	/** Its nearest ancestor (by starter) that is in this list; else its parent. */
	readonly shownUnder: Pid;
	/** Start time in nanoseconds since boot. With `pid` it identifies a process. */
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
	/** Calls that seccomp refused since attach; null if that is not watched. */
	readonly seccompRefused: Count | null;
	/** Null if calls are not counted. */
	readonly syscallRate: Measured;
	readonly readRate: Amount;
	readonly writeRate: Amount;
	readonly txRate: Amount;
	readonly rxRate: Amount;
	/**
	 * Bytes of its requests to block devices; null if that is not measured (`--disk`). Without BPF the bytes that it
	 * read from disks and made dirty, as in /proc/PID/io.
	 */
	readonly diskReadBytes: Count | null;
	readonly diskWriteBytes: Count | null;
	readonly diskReadRate: Measured;
	readonly diskWriteRate: Measured;
	/** What the scheduler did with its threads; null if that is not measured (`--sched`). */
	readonly sched: Scheduling | null;
	readonly exit: Exit | null;
}

/** Totals since the measuring began; a thread that is on a CPU now is counted when it leaves it. */
export interface Scheduling {
	/** Time on a CPU. */
	readonly runNs: Count;
	/** Time runnable without a CPU. */
	readonly waitNs: Count;
	readonly waitP50Ns: Count;
	readonly waitP99Ns: Count;
	/** For each b up to the last non-zero bucket: how many waits took from 2^b ns to twice that. */
	readonly waitBuckets: readonly Count[];
	/** Waits whose own duration is unknown: they are in the sum, but not in the buckets. */
	readonly untimed: Count;
	/** How often a thread left its CPU to sleep, or yielded it. */
	readonly voluntary: Count;
	/** How often a thread was preempted. */
	readonly involuntary: Count;
	/** Which processes woke its threads, the busiest first. */
	readonly wokenBy: readonly Wakes[];
	/** The CPUs that it ran on, by number. */
	readonly cpus: readonly { readonly cpu: Word; readonly runNs: Count }[];
}

/**
 * How often a process woke another one. Without a pid: "interrupt" for timers and devices, "ending" for threads that were
 * ending, "other" for processes beyond the 64 busiest.
 */
export interface Wakes extends ProcessRef {
	readonly count: Count;
}

/** A dead process with living descendants. */
export interface AncestorRow extends OfHost {
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
	/** For each b up to the last non-zero bucket: how many took from 2^b ns to twice that. */
	readonly buckets: readonly Count[];
}

export interface SyscallRow extends OfHost {
	readonly pid: Pid;
	readonly comm: Text;
	readonly nr: Word;
	/**
	 * As in strace; 32-bit calls on a 64-bit kernel end in "/i386" or "/arm". Ends in " (sampled)" if calls cannot be counted:
	 * `count` is then the number of consecutive samples that found the process in this call.
	 * @pattern ^[a-z_0-9]+(/(i386|arm))?( \(sampled\))?$
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

/**
 * observed: data moved on it; open: both ends have it open, nothing was seen to move; shared: the bytes of this pair
 * are an estimate.
 */
export type Basis = "observed" | "open" | "shared";

/** The owner and the creator of an object. */
export interface ObjectOwner {
	readonly uid: Count;
	readonly gid: Count;
	readonly creatorUid: Count;
	readonly creatorGid: Count;
}

/** An end of a link. */
export interface LinkEnd extends ProcessRef, OfHost {}

/** Its host is that of `from`. */
export interface IpcRow extends OfHost {
	readonly kind: IpcKind;
	/** Identifies the channel, for example "pipe:[48122]". */
	readonly channel: Text;
	readonly name: Text | null;
	readonly from: LinkEnd;
	readonly to: LinkEnd;
	/** 0 between two machines, where only bytes are known. */
	readonly messages: Count;
	readonly bytes: Count;
	/** Bytes per second; messages per second if the kind has no bytes. */
	readonly rate: Amount;
	readonly basis: Basis;
	/** End of the last refresh interval in which data moved on it; null if none has moved since attach. */
	readonly lastSeen: Time | null;
	/** For System V objects. */
	readonly owner?: ObjectOwner;
	/**
	 * For an end "other" without a pid, which stands for the processes of a channel that have no link of their own: how
	 * many these are; for "tcp:[other]" how many connections.
	 */
	readonly others?: Count;
}

export type FileType = "regular" | "directory" | "char" | "block" | "fifo" | "link" | "other";

/**
 * One for each process, path and device, whichever files the path stood for; its counters never fall. Data is counted
 * under the name by which the file was last opened, or that it was later found to have; data that moved before stays
 * under the former name.
 */
export interface FileRow extends OfHost {
	readonly pid: Pid;
	readonly comm: Text;
	/** Starts with "…" if only its end is known. */
	readonly path: Text;
	readonly type: FileType;
	/**
	 * "major:minor" in decimal.
	 * @pattern ^\d+:\d+$
	 */
	readonly device: string;
	/** Of the file that is open under this path, or was last. */
	readonly inode: Identity;
	/**
	 * The flags with which it was opened under this path, as in open(2): "O_WRONLY|O_APPEND"; combined over all its
	 * descriptors.
	 * @pattern ^([A-Z_]+(\|[A-Z_]+)*)?$
	 */
	readonly flags: string;
	/** File position of the descriptor that moved last; null if the calls themselves are counted. */
	readonly position: Count | null;
	/** How fast positions move forward, bytes per second; null as above. */
	readonly positionRate: Measured;
	/**
	 * If calls are not counted: it shares an open file description with another process, and it is unknown which of
	 * them moved the position. Those bytes are counted for no process.
	 */
	readonly shared: boolean;
	readonly opens: Count;
	readonly reads: Count;
	readonly writes: Count;
	readonly readBytes: Count;
	readonly writeBytes: Count;
	/** Read from the disk by page faults of the program that maps it (`--disk`); null if none were seen. */
	readonly mappedReadBytes: Count | null;
	readonly readRate: Amount;
	readonly writeRate: Amount;
}

export type TcpRole = "client" | "server" | "listener" | "unknown";

export interface TcpRow extends OfHost {
	/** 0 if no process owns the socket any more (TIME_WAIT, orphans). */
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
	 * In a row "other": for how many connections of the process it stands, which closed and were dropped before they
	 * had a row of their own; its addresses are 0.0.0.0 and its ports 0.
	 */
	readonly others?: Count;
}

/**
 * Completed requests to a block device, by the process that made them; for data written to the page cache this is
 * mostly a kernel thread. A device on top of another one (loop, dm, md) has its own rows, so devices do not add up.
 */
export interface DiskRow extends OfHost {
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
	/** For writes of a kernel thread: the cgroup to which the pages are charged, if the kernel reports it. */
	readonly cgroup: Text | null;
	/** If that is the root, the process that last made a page of the file dirty: others may have done so, too. */
	readonly dirtier: ProcessRef | null;
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

export interface ThreadRow extends OfHost {
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
	/** Time runnable without a CPU, since it began; null if the kernel does not tell. */
	readonly waitNs: Count | null;
	/** Since it began: how often it left its CPU to sleep, or was preempted; null without BPF. */
	readonly voluntary: Count | null;
	readonly involuntary: Count | null;
	/**
	 * The system call that it sleeps in, and what its first argument is: "futex held by tid 812", "read of pipe:[31]
	 * whose writer is grep 501"; the kernel function if it sleeps outside of a call. Null if it does not sleep, or may
	 * not be inspected.
	 */
	readonly waitsIn: Text | null;
	/** The thread that woke it last; "interrupt" without a pid for timers and devices; null if that was not seen. */
	readonly wokenBy: Waker | null;
}

/** The activity of all processes of one container. */
export interface ContainerRow extends Container, OfHost {
	/** The path of its own cgroup. Several rows with the same id are different cgroups with the same name. */
	readonly cgroup: Text | null;
	/** Its processes, including those that ended within the last seconds. */
	readonly pids: readonly Pid[];
	/** Living processes; 0 after it has ended. */
	readonly processes: Count;
	readonly cpuPercent: Amount;
	/** An upper bound: the sum of its processes' resident memory, so shared memory counts for each of them. */
	readonly rssBytes: Count;
	readonly readRate: Amount;
	readonly writeRate: Amount;
	/** Over the TCP connections that its processes own; so is the next. */
	readonly rxRate: Amount;
	readonly txRate: Amount;
	/** Since attach, or since it was first seen; null if that is not watched. */
	readonly seccompRefused: Count | null;
}

export interface EventOf<Type extends EventType> extends OfHost {
	/** Increases from line to line of one run. */
	readonly id: Count;
	readonly time: Time;
	readonly type: Type;
	readonly pid: Pid;
	readonly comm: Text;
	/** In words. */
	readonly text: Text;
	/**
	 * How many events the row stands for: of many events of one type from one process the first are listed, the rest
	 * are one row.
	 */
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
