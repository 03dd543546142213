/**
 * The addon: turns kernel state into batches of wire records (see bpf/wire/wire.h) and nothing else.
 * All errors are thrown as Error with a `code`: EBTOP_USAGE, EBTOP_UNSUPPORTED (this kernel or these privileges
 * cannot do it), EBTOP_CLOSED, EBTOP_FAILED.
 */

export interface SessionOptions {
	/** "bpf" loads the BPF programs; "proc" reads /proc and sock_diag. */
	source: "bpf" | "proc";
	/** For "proc": why BPF is not used, a sentence for the probes. Without it they have that of `whyNoBpf`. */
	whyNotBpf?: string;
	/**
	 * Concerns wanted; a probe that none of them needs is not attached. Default: all but "sched", "refusal" (calls that
	 * seccomp refused) and "follow". "follow" follows the pids into the daemons that work for them: it sends WIRE_STEP
	 * records, and those daemons are wanted too. It needs the source "bpf".
	 */
	concerns?: readonly Concern[];
	/** Concerns that `want` may add later. Until then their probes are loaded, attached to nothing, and cost nothing. */
	standby?: readonly Concern[];
	/**
	 * Leave to `complete` what the first refresh can do without: most of the BPF programs, in terms of the verifier's time.
	 * Without pids and comm only.
	 */
	inParts?: boolean;
	/** Only these processes and their descendants. Unknown pids throw EBTOP_USAGE. */
	pids?: readonly number[];
	/** Only processes whose comm matches this glob (`*`, `?`, at most 31 bytes), and their descendants. */
	comm?: string;
	/**
	 * Types of events, as in the snapshot, whose probes are attached although no concern needs them. Types that every
	 * session has (fork, exec, exit) are accepted; an unknown one throws EBTOP_USAGE.
	 */
	events?: readonly string[];
	/** Also measure the time spent in system calls. */
	latency?: boolean;
	/** Never read command lines. */
	noArgs?: boolean;
	/** Probe name → variant that must be used; throws EBTOP_UNSUPPORTED if it does not load. For tests. */
	force?: Readonly<Record<string, string>>;
	/** For tests of full tables and rings. */
	capacity?: {
		/** Slots and bytes, rounded up to powers of two. */
		syscall?: number;
		io?: number;
		births?: number;
		disk?: number;
		sched?: number;
		wakes?: number;
		users?: number;
		ringBytes?: number;
		/** Entries. */
		spill?: number;
		addresses?: number;
		diskRequests?: number;
		wanted?: number;
		peers?: number;
		channels?: number;
		exited?: number;
		takenEvents?: number;
		cgroups?: number;
		followed?: number;
		followStreams?: number;
		followThreads?: number;
		followRequests?: number;
		processEvents?: number;
		/** Bytes of the paths, command lines and cgroups of programs, of events that wait. */
		processPrograms?: number;
		shmNames?: number;
		/** How long after a request's last byte its daemon's steps are examined; after the reply a hundredth of it. */
		followOpenUs?: number;
		/** Steps of one daemon in a second. */
		followBudget?: number;
		/** Network namespaces read in one refresh besides ebtop's own; by default as many as time allows. */
		networks?: number;
	};
}

export type Concern =
	| "process"
	| "syscall"
	| "ipc"
	| "file"
	| "tcp"
	| "disk"
	| "thread"
	| "sched"
	| "refusal"
	| "follow";

/** What one probe would do on this kernel. */
export interface ProbeReport {
	probe: string;
	state: "on" | "fallback" | "off";
	variant: string | null;
	/** Why not the best variant, a sentence. */
	reason: string | null;
}

/** A capability that a session may still need. */
export interface CapabilityReport {
	/** As in capabilities(7), in lower case. */
	name: string;
	/** "missing": this process never had it; "given up": it was dropped because it is not needed here. */
	state: "kept" | "one thread" | "given up" | "missing";
	purpose: string;
	/** What is not seen without it, a sentence. */
	loss: string;
}

/** The privileges that a program keeps after it was locked down. */
export interface Privileges {
	capabilities: CapabilityReport[];
	noNewPrivileges: boolean;
	/** How many system calls always fail from then on; 0 if there is no filter. */
	refusedCalls: number;
	/** What failed, in sentences. */
	problem: string | null;
}

export class Session {
	/** Loads and attaches. */
	constructor(options: SessionOptions);
	/**
	 * Begins to load and attach on another thread, before it is certain that these are the options. If they are, the next
	 * `open` gets that session; if not, it waits for it and opens another.
	 */
	static openEarly(options: SessionOptions): void;
	/** The same on another thread, without blocking JavaScript. */
	static open(options: SessionOptions): Promise<Session>;
	/**
	 * Loads and attaches what `inParts` left out, on another thread, while the session works; until then these probes are on
	 * standby. What cannot be loaded is off, and its probe says why. Call it once, before `lockDown`.
	 */
	complete(): Promise<void>;
	/**
	 * Records that came since the last call, without counters. Cheap; call it often enough that the ring stays empty.
	 * At most `mostBytes` of the ring are read, rounded up to a whole record.
	 */
	drain(mostBytes?: number): Uint8Array;
	/**
	 * One refresh: drains, sweeps all counters, runs the iterators. The last record is WIRE_TICK. `busyMs`, which the
	 * tick carries, is the longest time that a refresh or drain since the last sweep blocked the program.
	 */
	sweep(busyMs?: number): Uint8Array;
	/** Which concerns of `standby` are wanted besides the session's own, from the next sweep on. Works after `lockDown`, too. */
	want(concerns: readonly Concern[]): void;
	/**
	 * From now on this process and its descendants are followed instead of the previous ones; null: nothing is
	 * followed. "follow" must be on standby. Throws EBTOP_USAGE if there is no such process. Works after `lockDown`,
	 * too.
	 */
	follow(pid: number | null): void;
	/**
	 * Drops from this process, for good, everything that the session does not need once it is attached: capabilities,
	 * new privileges, system calls. Call it only when nothing more has to be opened with them and no program started.
	 * Returns what failed, in sentences; empty on success.
	 */
	lockDown(): string;
	/** Detaches and frees everything. Calling it again does nothing; any other call then throws EBTOP_CLOSED. */
	close(): void;
}

export interface CommandOptions {
	/** The program, searched in PATH of `env`, and its arguments. */
	argv: readonly string[];
	/** "NAME=value" each. */
	env: readonly string[];
	/** Descriptors to pass on besides the usual three. */
	descriptors: readonly number[];
	/** The user that it runs as; by default ebtop's own. */
	user?: { uid: number; gid: number; groups: readonly number[] };
	/** A descriptor: then the command has its own process group, an empty stdin, and writes there. */
	output?: number;
}

export interface CommandEnd {
	/** The errno of a failed exec; 0 if it succeeded. */
	error: number;
	/** Null if a signal ended it. */
	code: number | null;
	signal: number | null;
}

/**
 * A process that waits for `run` before it execs the command, so that it can be watched from the start. It ends with
 * this program. One at a time; made before `lockDown`, after which no process can be started.
 */
export class Command {
	constructor(options: CommandOptions);
	readonly pid: number;
	/**
	 * Lets it run; resolves when it has ended. Meanwhile signals that other processes send to this program alone are
	 * passed on to it, unless it has `output`. It receives signals of the terminal directly.
	 */
	run(): Promise<CommandEnd>;
}

/**
 * Locks an open file or folder with flock(2), without waiting: false if another opening of it has the lock. True, too, where the
 * file system has no such locks. It is released when it is closed, however the program ends.
 */
export function lockFile(fd: number): boolean;

/**
 * The uid of who connected to this end of a unix socket, or of who created his user namespace; null if it is no such socket, or if
 * the process that connected has ended.
 */
export function peerUser(fd: number): number | null;

/** Which variant of each probe this kernel would get; attaches nothing. */
export function probes(): ProbeReport[];

/** The same for a program without a session. */
export function lockDown(): string;

/**
 * Locks this process down as a session with all probes would, and reports what remains. For a program that is about to
 * end.
 */
export function privileges(): Privileges;

/** Why the BPF source cannot be used here, a sentence, or null. */
export function whyNoBpf(): string | null;

/** libbpf's messages since the last call; empty unless EBTOP_DEBUG is set. They may contain any character. */
export function debugText(): string;

/**
 * The content of a file that another user may have made, at most `limit` bytes; null if it is not a regular file,
 * larger, unreadable, or not of the user `owner`, if given. Separate threads read it: if a file system hangs, the promise
 * stays pending, and the program can still end.
 */
export function readFile(path: string, limit: number, owner?: number): Promise<Uint8Array | null>;

/** The same for the names in a folder, each followed by a NUL. */
export function listFolder(path: string, limit: number): Promise<Uint8Array | null>;

/** sizeof of every wire struct as the addon was compiled, to compare with the generated layout at load. */
export const wireSizes: Readonly<Record<string, number>>;
export const wireVersion: number;
