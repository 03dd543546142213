// Nanoseconds that each probe that is off by default adds to what it watches, off and on.
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
	/** Options that turn probes on, which are measured separately. */
	readonly options: readonly (readonly string[])[];
}

const PROBED: readonly Probed[] = [
	{ thing: "switch", times: 5000, what: "switch of threads", options: [["--sched"], ["--threads"]] },
	{
		thing: "getppid",
		times: 50_000,
		what: "getppid()",
		options: [
			["--events", "seccomp-refused"],
			["--events", "sleep"],
		],
	},
	{ thing: "sleep", times: 200, what: "nanosleep()", options: [["--events", "sleep"]] },
	{ thing: "direct", times: 500, what: "direct read of 4 KB", options: [["--disk"]] },
	{ thing: "fault", times: 500, what: "page read by a fault", options: [["--disk"]] },
	{ thing: "dirty", times: 500, what: "page made dirty by write()", options: [["--disk"]] },
	{ thing: "lookup", times: 200, what: "getaddrinfo()", options: [["--lookups"]] },
];

async function measure(program: string, { thing, times, what, options }: Probed): Promise<Result[]> {
	const variants = ["nothing", "off", ...options.map((words) => words.join(" "))];
	const observers = (variant: string): (() => Promise<Observer>)[] => {
		if (variant === "nothing") return [];
		return [() => observeWithEbtop(variant === "off" ? [] : variant.split(" "))];
	};
	const rounds = await interleave(ROUNDS, variants, (variant) =>
		during(observers(variant), async () => median(await runLoad(program, [thing, CHUNKS, String(times)]))),
	);
	return variants.slice(1).map((variant) => ({
		what: `ns added per ${what}, ${variant}`,
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
