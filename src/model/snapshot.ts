/**
 * The snapshot: what one refresh shows. `--json` prints it, the panes draw it, the filter reads it.
 * `schema/snapshot.schema.json` is the same contract for scripts; a test holds every line to it.
 *
 * Snapshots are immutable. A row keeps its object identity from one snapshot to the next as long as nothing in it
 * changed, so that a view may compare by reference.
 *
 * Counters are totals since attach, `…Rate` and `rate` are per second over the last interval, sizes are bytes.
 * Every string that came from the kernel has been made safe to show (see `safe-text.ts`).
 */

export const SCHEMA = "ebtop/1";

export interface Snapshot {
	readonly schema: typeof SCHEMA;
	readonly host: string;
	readonly kernel: string;
	/** ISO 8601 with milliseconds, UTC. */
	readonly time: string;
	readonly seq: number;
	readonly intervalMs: number;
	readonly system: System;
	readonly health: Health;
	readonly processes: readonly ProcessRow[];
	readonly syscalls: readonly SyscallRow[];
	readonly ipc: readonly IpcRow[];
	readonly files: readonly FileRow[];
	readonly tcp: readonly TcpRow[];
	readonly events: readonly EventRow[];
}

export interface System {
	readonly cpus: number;
	readonly cpuPercent: number;
	readonly memTotalBytes: number;
	readonly memUsedBytes: number;
	readonly loadAverage: readonly [number, number, number];
	readonly uptimeMs: number;
	readonly forkRate: number;
	/** This and the next: null where they are not measured, as without BPF. */
	readonly execRate: number | null;
	readonly syscallRate: number | null;
}

export type ProbeState = "on" | "fallback" | "off";

export interface ProbeHealth {
	readonly probe: string;
	readonly state: ProbeState;
	readonly variant: string | null;
	readonly reason: string | null;
	/** Records this probe could not deliver, counted in the kernel. */
	readonly lost: number;
}

export interface MapHealth {
	readonly map: string;
	readonly used: number;
	readonly capacity: number;
	readonly overflow: number;
}

export interface Health {
	readonly probes: readonly ProbeHealth[];
	readonly records: { readonly received: number; readonly lost: number; readonly malformed: number };
	readonly maps: readonly MapHealth[];
	readonly self: { readonly cpuPercent: number; readonly rssBytes: number };
}

/** One end of something: a process as other rows name it. */
export interface ProcessRef {
	readonly pid: number;
	readonly comm: string;
}

export interface Container {
	readonly runtime: string;
	readonly id: string;
	readonly name: string | null;
}

export interface Exit {
	/** null where a signal ended it, or only the end was seen, not the status. */
	readonly code: number | null;
	/** Name of the signal that ended it, for example "SIGTERM". */
	readonly signal: string | null;
	readonly oom: boolean;
	readonly durationMs: number | null;
}

export interface Namespaces {
	readonly user: number;
	readonly pid: number;
	readonly mnt: number;
	readonly net: number;
	readonly ipc: number;
	readonly uts: number;
	readonly cgroup: number;
}

export type Seccomp = "disabled" | "strict" | "filter";

export interface ProcessRow {
	readonly pid: number;
	readonly ppid: number;
	/** Start time in nanoseconds since boot; with `pid` it names one process for ever. */
	readonly start: string;
	readonly comm: string;
	readonly exe: string | null;
	readonly args: readonly string[];
	readonly uid: number;
	readonly gid: number;
	readonly user: string | null;
	/** As in ps: R S D T t Z I; X once it has exited. */
	readonly state: string;
	readonly threads: number;
	/** 100 is one CPU fully used. */
	readonly cpuPercent: number;
	readonly rssBytes: number;
	readonly cgroup: string | null;
	readonly container: Container | null;
	readonly namespaces: Namespaces;
	readonly seccomp: Seccomp;
	/** Null where calls are not counted. */
	readonly syscallRate: number | null;
	readonly readRate: number;
	readonly writeRate: number;
	readonly txRate: number;
	readonly rxRate: number;
	readonly exit: Exit | null;
}

export interface Latency {
	readonly totalNs: number;
	readonly avgNs: number;
	readonly p50Ns: number;
	readonly p99Ns: number;
	readonly maxNs: number;
}

export interface SyscallRow {
	readonly pid: number;
	readonly comm: string;
	readonly nr: number;
	/**
	 * As in strace; 32-bit calls on a 64-bit kernel end in "/i386". Ends in " (sampled)" where calls cannot be counted:
	 * `count` is then how many looks in a row found the process in this call.
	 */
	readonly name: string;
	readonly count: number;
	readonly rate: number;
	readonly errors: number;
	readonly errorRate: number;
	readonly latency: Latency | null;
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
	readonly uid: number;
	readonly gid: number;
	readonly creatorUid: number;
	readonly creatorGid: number;
}

export interface IpcRow {
	readonly kind: IpcKind;
	/** Names the channel, for example "pipe:[48122]". */
	readonly channel: string;
	readonly name: string | null;
	readonly from: ProcessRef;
	readonly to: ProcessRef;
	readonly messages: number;
	readonly bytes: number;
	/** Bytes per second; messages per second where the kind has no bytes. */
	readonly rate: number;
	readonly basis: Basis;
	/** End of the last refresh interval in which something moved on it, as `time`; null where nothing did since attach. */
	readonly lastSeen: string | null;
	/** Of System V objects. */
	readonly owner?: ObjectOwner;
}

export type FileType = "regular" | "directory" | "char" | "block" | "fifo" | "link" | "other";

export interface FileRow {
	readonly pid: number;
	readonly comm: string;
	/** Starts with "…" where only the end of it is known. */
	readonly path: string;
	readonly type: FileType;
	/** "major:minor" in decimal. */
	readonly device: string;
	readonly inode: string;
	/** How it is open, as in open(2): "O_WRONLY|O_APPEND"; of several descriptors together. */
	readonly flags: string;
	/** Bytes into the file, of the descriptor that moved last; null where the calls themselves are counted. */
	readonly position: number | null;
	/** How fast positions go forward, bytes per second; null as above. */
	readonly positionRate: number | null;
	readonly opens: number;
	readonly reads: number;
	readonly writes: number;
	readonly readBytes: number;
	readonly writeBytes: number;
	readonly readRate: number;
	readonly writeRate: number;
}

export type TcpRole = "client" | "server" | "listener" | "unknown";

export interface TcpRow {
	/** 0 where no process owns the socket any more (TIME_WAIT, orphans). */
	readonly pid: number;
	readonly comm: string;
	readonly role: TcpRole;
	readonly family: 4 | 6;
	readonly localAddress: string;
	readonly localPort: number;
	readonly remoteAddress: string;
	readonly remotePort: number;
	/** As in ss and netstat: ESTABLISHED, LISTEN, SYN_SENT, TIME_WAIT, CLOSE … */
	readonly state: string;
	readonly txBytes: number;
	readonly rxBytes: number;
	readonly txRate: number;
	readonly rxRate: number;
	readonly rttUs: number;
	readonly retransmits: number;
	readonly durationMs: number;
}

export type EventType =
	| "fork"
	| "exec"
	| "exec-failed"
	| "exit"
	| "oom-kill"
	| "signal"
	| "connect"
	| "accept"
	| "listen"
	| "loss";

export interface EventRow {
	readonly time: string;
	readonly type: EventType;
	readonly pid: number;
	readonly comm: string;
	readonly text: string;
}

/** The tables of a snapshot: what a filter judges, what a pane takes its rows from. */
export const TABLES = ["processes", "syscalls", "ipc", "files", "tcp", "events"] as const;
export type TableName = (typeof TABLES)[number];
export type RowOf<Table extends TableName> = Snapshot[Table][number];

/** The panes, in the order of their number keys; also the words of `--panes`. */
export const PANES = ["processes", "syscalls", "ipc", "files", "tcp"] as const;
export type PaneName = (typeof PANES)[number];
