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
	readonly ebtopArgs: readonly string[];
	readonly syscountArgs: readonly string[];
	readonly atMostRatio: number;
}

const comparisons: readonly Comparison[] = [
	{ what: "ns added per getppid()", call: "getppid", ebtopArgs: [], syscountArgs: ["-P"], atMostRatio: 0.6 },
	{ what: "ns added per 1-byte read()", call: "read", ebtopArgs: [], syscountArgs: ["-P"], atMostRatio: 0.8 },
	{
		what: "ns added per getppid(), with latency",
		call: "getppid",
		ebtopArgs: ["--latency"],
		syscountArgs: ["-L"],
		atMostRatio: 0.65,
	},
];

async function compare(program: string, comparison: Comparison): Promise<Result> {
	const observers: Record<"nothing" | "ebtop" | "syscount", (() => Promise<Observer>)[]> = {
		nothing: [],
		ebtop: [() => observeWithEbtop(comparison.ebtopArgs)],
		syscount: [() => observeWithTool("syscount", comparison.syscountArgs)],
	};
	const rounds = await interleave(ROUNDS, ["nothing", "ebtop", "syscount"], (variant) =>
		during(observers[variant], async () => median(await runLoad(program, [comparison.call, CHUNKS, CALLS]))),
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

export const callCost: Case = {
	name: "call-cost",
	async run() {
		const program = compile("calls");
		const results: Result[] = [];
		for (const comparison of comparisons) results.push(await compare(program, comparison));
		return results;
	},
};
