// Nanoseconds added to a system call, against libbpf-tools' syscount.
import { compile, runLoad } from "../load.ts";
import { during, type Observer, observeWithEbtop, observeWithTool } from "../observer.ts";
import type { Case, Result } from "../result.ts";
import { added, interleave, median } from "../statistics.ts";

const ROUNDS = 5;
const CHUNKS = "31";
const CALLS = "50000";

interface Comparison {
	readonly what: string;
	readonly call: "getppid" | "read";
	readonly threads: number;
	readonly ebtopArgs: readonly string[];
	readonly syscountArgs: readonly string[];
	readonly atMostRatio: number;
}

const plain = { threads: 1, ebtopArgs: [], syscountArgs: ["-P"] };
const twoThreads = { ...plain, threads: 2 };
const latency = { ...plain, ebtopArgs: ["--latency"], syscountArgs: ["-L"] };

const getppid: Comparison = { what: "ns added per getppid()", call: "getppid", ...plain, atMostRatio: 0.5 };
const read: Comparison = { what: "ns added per 1-byte read()", call: "read", ...plain, atMostRatio: 0.7 };

/** Each also on two threads of one process, which share its counters, on two CPUs. */
const pairs: readonly (readonly [Comparison, Comparison])[] = [
	[getppid, { ...getppid, ...twoThreads, what: `${getppid.what}, in two threads` }],
	[read, { ...read, ...twoThreads, what: `${read.what}, in two threads` }],
];

const withLatency: Comparison = {
	what: "ns added per getppid(), with latency",
	call: "getppid",
	...latency,
	atMostRatio: 0.6,
};

/** How much each of two threads may cost, relative to one thread. */
const AT_MOST_BY_THREADS = 1.3;

async function compare(program: string, comparison: Comparison): Promise<Result> {
	const observers: Record<"nothing" | "ebtop" | "syscount", (() => Promise<Observer>)[]> = {
		nothing: [],
		ebtop: [() => observeWithEbtop(comparison.ebtopArgs)],
		syscount: [() => observeWithTool("syscount", comparison.syscountArgs)],
	};
	const rounds = await interleave(ROUNDS, ["nothing", "ebtop", "syscount"], (variant) =>
		during(observers[variant], async () =>
			median(await runLoad(program, [comparison.call, CHUNKS, CALLS, String(comparison.threads)])),
		),
	);
	return {
		what: comparison.what,
		ours: added(rounds, "ebtop", "nothing"),
		against: `syscount ${comparison.syscountArgs.join(" ")}`,
		theirs: added(rounds, "syscount", "nothing"),
		unit: "ns",
		atMostRatio: comparison.atMostRatio,
		raw: rounds,
	};
}

function byThreads(one: Result, two: Result): Result {
	return {
		what: two.what,
		ours: two.ours,
		against: "itself in one thread",
		theirs: one.ours,
		unit: "ns",
		atMostRatio: AT_MOST_BY_THREADS,
	};
}

export const callCost: Case = {
	name: "call-cost",
	async run() {
		const program = compile("calls");
		const results: Result[] = [];
		for (const [one, two] of pairs) {
			const alone = await compare(program, one);
			const together = await compare(program, two);
			results.push(alone, together, byThreads(alone, together));
		}
		results.push(await compare(program, withLatency));
		return results;
	},
};
