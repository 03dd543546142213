// Processes started as fast as one CPU can: the time added, and whether each was seen.
import { compile, runLoad } from "../load.ts";
import { observeWithEbtop, observeWithTool } from "../observer.ts";
import type { Case } from "../result.ts";
import { added, interleave, median } from "../statistics.ts";

const ROUNDS = 5;
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

export const storm: Case = {
	name: "storm",
	async run() {
		const program = compile("storm");
		const args = [compile("nothing"), String(PROCESSES)];
		const accounts: { seen: number; lost: number }[] = [];
		const load = async () => (await runLoad(program, args))[0] ?? Number.NaN;
		const measure = {
			nothing: load,
			async ebtop() {
				const observer = await observeWithEbtop([], true);
				const time = await load();
				accounts.push(account(await observer.stop()));
				return time;
			},
			async tools() {
				const tools = [await observeWithTool("execsnoop", []), await observeWithTool("exitsnoop", [])];
				const time = await load();
				for (const tool of tools) await tool.stop();
				return time;
			},
		};
		const rounds = await interleave(ROUNDS, ["nothing", "ebtop", "tools"], (variant) => measure[variant]());
		const missed = accounts.map(({ seen }) => PROCESSES - seen);
		return [
			{
				what: "us added per fork+exec+exit",
				ours: added(rounds, "ebtop", "nothing"),
				against: "execsnoop + exitsnoop",
				theirs: added(rounds, "tools", "nothing"),
				unit: "us",
				atMostRatio: 0.5,
				raw: { rounds, medianNothing: median(rounds.map((round) => round.nothing)) },
			},
			{
				what: `processes of ${PROCESSES} not seen, or records lost, worst round`,
				ours: Math.max(...missed, ...accounts.map(({ lost }) => lost)),
				against: null,
				theirs: null,
				unit: "",
				atMostRatio: null,
				atMost: 0,
				raw: accounts,
			},
		];
	},
};
