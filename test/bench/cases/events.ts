// Nanoseconds that file events add to the calls they report, off and on, against libbpf-tools' opensnoop and statsnoop.
import { compile, runLoad } from "../load.ts";
import { during, type Observer, observeWithEbtop, observeWithTool } from "../observer.ts";
import type { Case, Result } from "../result.ts";
import { added, interleave, median } from "../statistics.ts";

const ROUNDS = 5;
const CHUNKS = "31";
/** Few enough that no ring fills up between two drains: a lost event would be cheaper than a sent one. */
const TURNS = "200";

interface Turn {
	readonly turn: "open" | "stat" | "create" | "reopen" | "restat";
	readonly what: string;
	readonly events: string;
	readonly tool: string | null;
}

const TURNS_MEASURED: readonly Turn[] = [
	{ turn: "open", what: "ns added per open() that fails", events: "open-failed", tool: "opensnoop" },
	{ turn: "stat", what: "ns added per stat() that fails", events: "stat-failed", tool: "statsnoop" },
	{ turn: "reopen", what: "ns added per open() and close()", events: "open", tool: "opensnoop" },
	{ turn: "restat", what: "ns added per stat()", events: "stat", tool: "statsnoop" },
	{ turn: "create", what: "ns added per file made and removed", events: "file", tool: null },
];

async function measure(program: string, { turn, what, events, tool }: Turn): Promise<Result[]> {
	const observers: Record<"nothing" | "off" | "on" | "tool", (() => Promise<Observer>)[]> = {
		nothing: [],
		off: [() => observeWithEbtop([])],
		on: [() => observeWithEbtop(["--events", events])],
		tool: tool === null ? [] : [() => observeWithTool(tool, [])],
	};
	const variants = ["nothing", "off", "on", "tool"] as const;
	const rounds = await interleave(ROUNDS, variants, (variant) =>
		during(observers[variant], async () => median(await runLoad(program, [turn, CHUNKS, TURNS]))),
	);
	const common = { unit: "ns", atMostRatio: null, raw: rounds };
	const theirs = tool === null ? null : added(rounds, "tool", "nothing");
	return [
		{ ...common, what: `${what}, events off`, ours: added(rounds, "off", "nothing"), against: null, theirs: null },
		{ ...common, what: `${what}, --events ${events}`, ours: added(rounds, "on", "nothing"), against: tool, theirs },
	];
}

export const events: Case = {
	name: "events",
	async run() {
		const program = compile("names");
		const results: Result[] = [];
		for (const turn of TURNS_MEASURED) results.push(...(await measure(program, turn)));
		return results;
	},
};
