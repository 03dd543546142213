// Nanoseconds that each probe adds to what it watches, off and on. Of probes that are on without options there is one line.
import { compile, runLoad } from "../load.ts";
import { during, type Observer, observeWithEbtop } from "../observer.ts";
import type { Case, Result } from "../result.ts";
import { added, interleave, median } from "../statistics.ts";

const ROUNDS = 5;
const CHUNKS = "31";

interface Probed {
	/** For the load. */
	readonly thing: string;
	readonly times: number;
	readonly what: string;
	readonly probes: readonly string[];
	/** Options that turn probes on, which are measured separately; none for probes that are on without options. */
	readonly options: readonly (readonly string[])[];
}

/** The names are those of --events. */
const event = (name: string) => [["--events", name]];

export const PROBED: readonly Probed[] = [
	{
		thing: "switch",
		times: 5000,
		what: "switch of threads",
		probes: ["threads", "sched", "sched-exit", "sched-waking", "sched-wakeup", "sched-new", "sched-switch"],
		options: [["--sched"], ["--threads"]],
	},
	{
		thing: "getppid",
		times: 50_000,
		what: "getppid()",
		probes: ["seccomp-entry", "seccomp", "sleep-entry"],
		options: [...event("seccomp-refused"), ...event("sleep")],
	},
	{ thing: "sleep", times: 200, what: "nanosleep()", probes: ["sleep", "sleep-exit"], options: event("sleep") },
	{
		thing: "direct",
		times: 500,
		what: "direct read of 4 KB",
		probes: ["disk", "disk-issue", "disk-merge", "disk-done", "disk-error"],
		options: [["--disk"], ...event("disk")],
	},
	{ thing: "fault", times: 500, what: "page read by a fault", probes: ["mapped-reads"], options: [["--disk"]] },
	{ thing: "dirty", times: 500, what: "page made dirty by write()", probes: ["writeback"], options: [["--disk"]] },
	{ thing: "lookup", times: 200, what: "getaddrinfo()", probes: ["lookups"], options: [["--lookups"]] },
	{
		thing: "signal",
		times: 5000,
		what: "kill()",
		probes: ["signal", "interrupt", "sleep-signal"],
		options: event("sleep"),
	},
	{ thing: "rename", times: 5000, what: "prctl(PR_SET_NAME)", probes: ["rename"], options: [["--comm", "eb-*"]] },
	{ thing: "datagram", times: 2000, what: "message of a datagram socket", probes: ["datagram"], options: [] },
	{ thing: "pass", times: 2000, what: "descriptor passed on", probes: ["fd-pass"], options: [] },
	{ thing: "semaphore", times: 5000, what: "semop()", probes: ["sysv"], options: [] },
	{ thing: "mapping", times: 2000, what: "mmap() of shared memory", probes: ["mapping"], options: [] },
	{ thing: "namespace", times: 2000, what: "setns()", probes: ["namespace-change"], options: [] },
	{ thing: "connection", times: 200, what: "TCP connection", probes: ["tcp"], options: [] },
	{ thing: "aio", times: 2000, what: "read by native AIO", probes: ["aio"], options: [] },
	{
		thing: "uring",
		times: 2000,
		what: "read by io_uring",
		probes: ["io-uring", "multishot", "cq-overflow"],
		options: [],
	},
	{
		thing: "failed-connect",
		times: 1000,
		what: "connect() that fails",
		probes: ["connect-events"],
		options: event("connect-failed"),
	},
	{ thing: "bind", times: 1000, what: "bind()", probes: ["bind-events"], options: event("bind") },
	{ thing: "failed-mount", times: 1000, what: "mount() that fails", probes: ["mount-events"], options: event("mount") },
	{
		thing: "failed-ptrace",
		times: 1000,
		what: "ptrace() that fails",
		probes: ["ptrace-events"],
		options: event("ptrace"),
	},
	{ thing: "failed-bpf", times: 1000, what: "bpf() that fails", probes: ["bpf-events"], options: event("bpf-load") },
	{ thing: "setuid", times: 1000, what: "setuid()", probes: ["credential-events"], options: event("setuid") },
	{ thing: "miss", times: 1000, what: "directory look-up that misses", probes: ["dcache"], options: event("dcache") },
];

/** Probes that lines of other cases measure: by the text of that line. */
export const MEASURED_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
	"us added per fork+exec+exit": ["fork", "exec", "exit"],
	"ns added per getppid()": ["syscall"],
	"ns added per 1-byte read()": ["file"],
	"ns added per getppid(), with latency": ["latency"],
	"ns added per open() that fails": ["open-events"],
	"ns added per stat() that fails": ["stat-events"],
	"ns added per file made and removed": ["name-events"],
	"Redis, which also serves the followed one: longer by": [
		...["follow", "follow-fork", "follow-tcp", "follow-wake"],
		...["follow-signal", "follow-handler", "follow-cgroup", "follow-joined"],
	],
};

/** What they watch is so rare, or costs the kernel so much itself, that a figure would say nothing. */
export const NOT_TIMED: readonly string[] = ["oom", "module-events", "cgroup-change"];

async function measure(program: string, { thing, times, what, probes, options }: Probed): Promise<Result[]> {
	const variants = ["nothing", "off", ...options.map((words) => words.join(" "))];
	const observers = (variant: string): (() => Promise<Observer>)[] => {
		if (variant === "nothing") return [];
		return [() => observeWithEbtop(variant === "off" ? [] : variant.split(" "))];
	};
	const rounds = await interleave(ROUNDS, variants, (variant) =>
		during(observers(variant), async () => median(await runLoad(program, [thing, CHUNKS, String(times)]))),
	);
	return variants.slice(1).map((variant) => ({
		what: `ns added per ${what} (${probes.join(", ")}), ${variant === "off" && options.length === 0 ? "on" : variant}`,
		ours: added(rounds, variant, "nothing"),
		against: null,
		theirs: null,
		unit: "ns",
		atMostRatio: null,
		raw: rounds,
	}));
}

export const probes: Case = {
	name: "probes",
	async run() {
		const program = compile("probes", []); // not static: look-ups are watched in the C library
		const results: Result[] = [];
		for (const probed of PROBED) results.push(...(await measure(program, probed)));
		return results;
	},
};
