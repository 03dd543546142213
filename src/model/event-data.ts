/** The data of an event besides process and time, by its type. `text` says the same in words. */

import type { Address, Amount, Count, DiskOperation, Identity, Pid, Port, Text, Word } from "./values.ts";

/** pid and comm of the event are those of the process that forked. */
export interface ForkData {
	readonly childPid: Pid;
	/** Start of the child, as in `processes`. */
	readonly childStart: Identity;
}

export interface ExecData {
	readonly ppid: Pid;
	readonly uid: Word;
	/** The file that runs; for a script its interpreter. */
	readonly exe: Text | null;
	/** The first 4,096 characters of the command line; the row of the process has all of it. */
	readonly args: readonly Text[];
}

export interface ExecFailedData {
	readonly ppid: Pid;
	readonly uid: Word;
	/** As requested. */
	readonly path: Text;
	/**
	 * At most about 4,000 bytes; "?" for one that was not in memory. Empty with `--no-args`, and in recordings of older
	 * versions.
	 */
	readonly args: readonly Text[];
	/** As in errno(3). */
	readonly error: Text;
}

export interface ExitData {
	readonly ppid: Pid;
	/** null if a signal ended it. */
	readonly code: Word | null;
	readonly signal: Text | null;
	/** It left a core dump, or a helper took one. */
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
	/** The process whose allocation failed. */
	readonly triggerPid: Pid;
	readonly triggerComm: Text;
	/** Memory in use when it was chosen. This and the next two are null if the kernel does not report them. */
	readonly rssBytes: Count | null;
	readonly virtualBytes: Count | null;
	/** As in /proc/PID/oom_score_adj. */
	readonly scoreAdjust: number | null;
	/**
	 * The cgroup whose limit was hit: the victim's or an ancestor. null if the machine ran out of memory, under a
	 * memory policy, or if unknown.
	 */
	readonly cgroup: { readonly path: Text | null; readonly limitBytes: Count; readonly usageBytes: Count } | null;
}

export interface SocketData {
	readonly family: 4 | 6;
	readonly localAddress: Address;
	readonly localPort: Port;
	/** 0.0.0.0 or :: and 0 for a listener. */
	readonly remoteAddress: Address;
	readonly remotePort: Port;
}

/** A socket that was bound to an address. */
export interface BindData {
	readonly family: "inet" | "inet6" | "unix" | "other";
	/** "127.0.0.1:80", "[::1]:80", a path, "@name" for abstract names; null for other families. */
	readonly address: Text | null;
}

export interface ConnectFailedData extends BindData {
	/** As in errno(3). */
	readonly error: Text;
}

export interface MountData {
	/** mount, umount2 or move_mount. */
	readonly call: Text;
	/** As requested: a device, a directory, or a word. */
	readonly source: Text | null;
	/** The mount point. */
	readonly path: Text;
}

export interface PtraceData {
	readonly request: "traceme" | "attach" | "seize";
	/** In the caller's pid namespace; 0: it asks to be traced by its parent. */
	readonly tracedPid: Pid;
}

export interface ModuleLoadData {
	readonly name: Text;
}

export interface BpfLoadData {
	/** At most 15 characters. */
	readonly name: Text;
	/** As in enum bpf_prog_type. */
	readonly programType: Word;
}

export interface SetuidData {
	readonly call: Text;
	/** Effective from then on. */
	readonly uid: Word;
	readonly gid: Word;
}

export interface CapsetData {
	/**
	 * The effective capabilities from then on, one bit each, as in /proc/PID/status.
	 * @pattern ^[0-9a-f]{16}$
	 */
	readonly effective: string;
}

export interface SeccompRefusedData {
	readonly call: Text;
	/** As in errno(3); null if the filter sends SIGSYS, kills, or returns something other than an error. */
	readonly error: Text | null;
	readonly isKilled: boolean;
}

export interface CoredumpData {
	readonly signal: Text;
}

export interface FileCreateData {
	/** Absolute, as the process sees it; as requested if its directory is not known. */
	readonly path: Text;
	readonly kind: "file" | "directory" | "symlink" | "link" | "node";
}

export interface FileDeleteData {
	readonly path: Text;
	readonly kind: "file" | "directory";
	/** null if its creation was not seen, or was seen under a name that symbolic links redirect. */
	readonly lifetimeMs: Amount | null;
}

export interface FileRenameData {
	readonly path: Text;
	readonly newPath: Text;
	/** The two were exchanged. */
	readonly isExchange: boolean;
}

/** A name that was opened or queried. */
export interface AskData {
	/** Absolute, as far as its directory is known; symbolic links are not resolved. */
	readonly path: Text;
	/** The name as requested. */
	readonly asked: Text;
	/** The system call. */
	readonly call: Text;
	/** How long the call took; null without `--latency`. */
	readonly latencyMs: Amount | null;
}

export interface AskFailedData extends AskData {
	/** As in errno(3). */
	readonly error: Text;
}

export interface OpenFailedData extends AskFailedData {
	/** As requested: "O_WRONLY|O_CREAT". */
	readonly flags: Text;
}

export interface OpenData extends AskData {
	readonly flags: Text;
	/** The descriptor. */
	readonly fd: Count;
}

/** The end of a sleep: of nanosleep or clock_nanosleep. */
export interface SleepData {
	readonly call: Text;
	/** null if it was to last up to a time of another clock than CLOCK_MONOTONIC and CLOCK_BOOTTIME. */
	readonly requestedMs: Amount | null;
	readonly sleptMs: Amount;
	/** A handler of a signal ran, or the thread ended. */
	readonly isInterrupted: boolean;
}

/** A look-up of a host name by getaddrinfo, gethostbyname or gethostbyname2 of a C library. */
export interface LookupData {
	/** As requested: a name, or an address as text. */
	readonly name: Text;
	readonly latencyMs: Amount;
	/** "found"; of getaddrinfo the error, as in getaddrinfo(3); "not found". */
	readonly result: Text;
}

/** A name that was not in the directory cache, so its file system had to search for it. */
export interface DcacheMissData {
	/** Within the file system, wherever that is mounted. */
	readonly path: Text;
}

/** A request to a block device was done. pid and comm are those of the process that made it. */
export interface DiskRequestData {
	/** "254:0". */
	readonly device: Text;
	readonly name: Text;
	readonly operation: DiskOperation;
	/** The first one, of 512 bytes; null for a flush. */
	readonly sector: Count | null;
	readonly bytes: Count;
	/** Until the device got it; null if it never does, as a flush. */
	readonly queuedMs: Amount | null;
	/** From then on; for a flush from the request on. */
	readonly servedMs: Amount;
	/** For a kernel thread: the cgroup for which it writes, as in `disks`. */
	readonly cgroup: Text | null;
	/** As in errno(3). */
	readonly error: Text | null;
}

/** A container's first process is there, or its last one is gone. */
export interface ContainerData {
	readonly runtime: Text;
	readonly id: Text;
	/** null if not known yet. */
	readonly name: Text | null;
	readonly image: Text | null;
	readonly cgroup: Text | null;
}

export interface LossData {
	/** Where something was lost: "probe fork", "table io", "records", "events", "command lines". */
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
	readonly bind: BindData;
	readonly "connect-failed": ConnectFailedData;
	readonly mount: MountData;
	readonly ptrace: PtraceData;
	readonly "module-load": ModuleLoadData;
	readonly "bpf-load": BpfLoadData;
	readonly setuid: SetuidData;
	readonly capset: CapsetData;
	readonly coredump: CoredumpData;
	readonly "seccomp-refused": SeccompRefusedData;
	readonly "file-create": FileCreateData;
	readonly "file-delete": FileDeleteData;
	readonly "file-rename": FileRenameData;
	readonly "open-failed": OpenFailedData;
	readonly "stat-failed": AskFailedData;
	readonly open: OpenData;
	readonly stat: AskData;
	readonly sleep: SleepData;
	readonly lookup: LookupData;
	readonly "dcache-miss": DcacheMissData;
	readonly "disk-request": DiskRequestData;
	readonly "container-start": ContainerData;
	readonly "container-stop": ContainerData;
	readonly loss: LossData;
}
