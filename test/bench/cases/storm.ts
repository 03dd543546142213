// Processes started as fast as one CPU can: the time added, and whether each was seen.
import { compile, runLoad } from "../load.ts";
import { during, observeWithEbtop, observeWithTool } from "../observer.ts";
import type { Case, Result } from "../result.ts";
import { added, interleave, median } from "../statistics.ts";

const ROUNDS = 9;
const PROCESSES = 3001;

interface SeenProcess {
	readonly pid: number;
	readonly start: string;
	readonly comm: string;
	readonly exit: unknown;
}
interface SeenSnapshot {
	readonly processes: readonly SeenProcess[];
	readonly health: { readonly records: { readonly lost: number } };
}

/** How many of the storm's processes ebtop showed with their end, and how many records it says it lost. */
function account(jsonLines: string): { seen: number; lost: number } {
	const ended = new Set<string>();
	let lost = 0;
	for (const line of jsonLines.split("\n").filter((text) => text !== "")) {
		const snapshot: SeenSnapshot = JSON.parse(line);
		lost = snapshot.health.records.lost;
		for (const each of snapshot.processes)
			if (each.comm === "eb-nothing" && each.exit !== null) ended.add(`${each.pid} ${each.start}`);
	}
	return { seen: ended.size, lost };
}

/** How the load starts a program, what that adds, and the tools that see the same. */
interface Way {
	readonly name: "vfork" | "spawn";
	readonly what: string;
	readonly tools: readonly (readonly string[])[];
	readonly atMostRatio: number;
}

const SNOOPS = [["execsnoop"], ["exitsnoop"]];

const WAYS: readonly Way[] = [
	// 16 system calls of each process: what is measured is fork, exec and exit.
	{ name: "vfork", what: "us added per fork+exec+exit", tools: SNOOPS, atMostRatio: 0.5 },
	// 147 of them, which ebtop counts.
	{
		name: "spawn",
		what: "us added per process started by posix_spawn",
		tools: [...SNOOPS, ["syscount", "-P", "-i", "1"]],
		atMostRatio: 0.7,
	},
];

const namesOf = (tools: Way["tools"]) => tools.map(([name]) => name).join(" + ");
const startTool =
	([tool = "", ...args]: readonly string[]) =>
	() =>
		observeWithTool(tool, args);

async function measureWay(
	{ name, what, tools, atMostRatio }: Way,
	program: string,
	started: string,
): Promise<Result[]> {
	const accounts: { seen: number; lost: number }[] = [];
	const load = async () => (await runLoad(program, [started, String(PROCESSES), name]))[0] ?? Number.NaN;
	const measure = {
		nothing: load,
		async ebtop() {
			const observer = await observeWithEbtop([], true);
			const time = await load();
			accounts.push(account(await observer.stop()));
			return time;
		},
		tools: () => during(tools.map(startTool), load),
	};
	const rounds = await interleave(ROUNDS, ["nothing", "ebtop", "tools"], (variant) => measure[variant]());
	const missed = accounts.map(({ seen }) => PROCESSES - seen);
	return [
		{
			what,
			ours: added(rounds, "ebtop", "nothing"),
			against: namesOf(tools),
			theirs: added(rounds, "tools", "nothing"),
			unit: "us",
			atMostRatio,
			raw: { rounds, medianNothing: median(rounds.map((round) => round.nothing)) },
		},
		{
			what: `processes of ${PROCESSES} not seen, or records lost, worst round (${name})`,
			ours: Math.max(...missed, ...accounts.map(({ lost }) => lost)),
			against: null,
			theirs: null,
			unit: "",
			atMostRatio: null,
			atMost: 0,
			raw: accounts,
		},
	];
}

export const storm: Case = {
	name: "storm",
	async run() {
		const [program, started] = [compile("storm"), compile("nothing", ["-static", "-nostdlib"])];
		const results: Result[] = [];
		for (const way of WAYS) results.push(...(await measureWay(way, program, started)));
		return results;
	},
};
