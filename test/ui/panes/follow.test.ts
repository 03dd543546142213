/** The Follow pane: the order of the chain, totals, and the view of single actions. */

import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { createTheme } from "../../../src/format/theme.ts";
import { createMatcher, parseFilter } from "../../../src/model/filter/index.ts";
import type { Follow, FollowEdge } from "../../../src/model/snapshot.ts";
import { FOLLOW } from "../../../src/panes/follow/index.ts";
import type { FollowView } from "../../../src/panes/follow/rows.ts";
import { aSnapshot } from "../../helpers/snapshots.ts";

const NOTHING = { processes: 0, files: 0, readBytes: 0, writeBytes: 0 };
const actor = (id: string, comm: string, role: "command" | "daemon" | "made", others = 0) =>
	({ id, pid: Number(id.slice(1)), comm, role, class: "certain", others, otherWork: 0 }) as const;
const edge = (from: string, to: string, sure: FollowEdge["class"] = "certain"): FollowEdge => ({
	...{ from, to, rule: "replier", class: sure, count: 1 },
	why: `${from} asked ${to}.`,
});
const effect = (of: string, path: string, readBytes: number, writeBytes: number) =>
	({
		actor: of,
		kind: "file",
		path,
		readBytes,
		writeBytes,
		created: writeBytes > 0,
		deleted: false,
		class: "certain",
	}) as const;

const follow: Follow = {
	...{ id: 1, command: ["curl", "-s"], state: "ended", exit: { code: 3, signal: null }, startedAt: null, lost: 7 },
	reduced: [],
	// In the order of discovery, not of the chain.
	actors: [
		actor("a30", "worker", "made"),
		actor("a40", "backend", "daemon"),
		actor("a20", "front", "daemon", 13),
		actor("a10", "curl", "command"),
	],
	edges: [edge("a20", "a30", "likely"), edge("a20", "a40"), edge("a10", "a20"), edge("a40", "a10")],
	effects: [effect("a40", "/srv/b", 11, 0), effect("a30", "/tmp/a", 0, 5), effect("a40", "/tmp/c", 2, 7)],
	moreEffects: 0,
	totals: { certain: { ...NOTHING, files: 3 }, likely: NOTHING, guess: NOTHING },
	gaps: [
		{
			kind: "later",
			rule: "stream",
			process: { pid: 20, comm: "front" },
			says: "What front 20 did by itself is lost.",
		},
	],
	moreGaps: 0,
	elapsedMs: 800,
	lanes: [
		{ actor: "a10", spans: [{ fromMs: 0, toMs: 800, class: "certain" }] },
		{
			actor: "a20",
			spans: [
				{ fromMs: 200, toMs: 599, class: "guess" },
				{ fromMs: 400, toMs: 499, class: "certain" },
			],
		},
	],
};
const snapshot = aSnapshot({ follow: [follow] });
function matcherOf(text: string) {
	const parsed = parseFilter(text);
	if (!("filter" in parsed)) throw new Error(JSON.stringify(parsed));
	return createMatcher(parsed.filter, snapshot);
}
const query = (view: FollowView, key = "place", filter: string | null = null) => ({
	...{ matcher: filter === null ? null : matcherOf(filter), linkedPids: null },
	...{ sort: { key, isReversed: false }, view },
});
const select = (...words: Parameters<typeof query>) => FOLLOW.select(snapshot, query(...words)).slice();

test("each actor is below the one it worked for, the most certain first, once, with totals", () => {
	const rows = select("chain").map(({ row, prefix }) => [prefix + row.comm, row.files, row.readBytes, row.writeBytes]);
	expect(rows).toEqual([
		["curl", 0, 0, 0],
		["  front", 0, 0, 0],
		["    backend", 2, 13, 7],
		["    worker", 1, 0, 5],
	]);
	const why = FOLLOW.columns("chain").find(({ key }) => key === "what");
	expect(select("chain").map((line) => why?.value(line.row, line, 0))).toEqual([
		"the command, and what it started",
		"a10 asked a20.",
		"a20 asked a40.",
		"a20 asked a30.",
	]);
});

test("d shows what was done, in the order of the chain, and the filter reads it as files", () => {
	const [key] = FOLLOW.keys;
	const scene = { lines: [], row: undefined, snapshot, selectedPid: null };
	const next = (["chain", "did", "lanes"] as const).map((view) => key?.press({ ...scene, view })?.view);
	expect(next).toEqual(["did", "lanes", "chain"]);
	expect(select("did").map(({ row }) => row.effect?.path)).toEqual(["/srv/b", "/tmp/c", "/tmp/a"]);
	expect(select("did", "writeBytes").map(({ row }) => row.effect?.path)).toEqual(["/tmp/c", "/tmp/a", "/srv/b"]);
	expect(select("did", "place", "path ~ ^/tmp").map(({ row }) => row.effect?.path)).toEqual(["/tmp/c", "/tmp/a"]);
	expect(select("chain", "place", "comm = worker").map(({ row }) => row.pid)).toEqual([30]);
});

test("lanes: when each worked for the command, in the order of the chain, the selection always in sight", () => {
	const draw = (selected: number, size: { width: number; height: number }) =>
		FOLLOW.draw?.({
			...{ lines: select("lanes"), selected, isFocused: true, snapshot, view: "lanes", ...size },
			theme: createTheme({ color: false, ascii: false }),
		})?.map(stripVTControlCharacters);
	// 40 cells of 20 ms beside the names.
	expect(draw(0, { width: 57, height: 5 })).toEqual([
		`${" ".repeat(17)}0               320ms           640ms   `,
		`${"curl 10".padEnd(17)}${"█".repeat(40)}`,
		`${"  front 20".padEnd(17)}${" ".repeat(10)}${"░".repeat(10)}${"█".repeat(5)}${"░".repeat(5)}${" ".repeat(10)}`,
		"    backend 40".padEnd(57),
		"    worker 30".padEnd(57),
	]);
	expect(draw(3, { width: 57, height: 3 })?.map((line) => line.trim().split(" ")[0])).toEqual([
		"0",
		"backend",
		"worker",
	]);
	expect(draw(0, { width: 30, height: 5 })).toBeUndefined();
});

test("details say how the command ended, what is not known, and its links", () => {
	const row = select("chain")[1]?.row;
	if (row === undefined) throw new Error("no row");
	expect(FOLLOW.heading(row)).toBe("front 20 for curl -s, ended with 3; 7 records lost; 1 thing not followed");
	const [, others, linked, , gaps, totals] = FOLLOW.details(row, snapshot, () => []);
	expect(others).toMatchObject({
		title: "And the others?",
		pairs: [
			["asked by others", "at least 13 times: what it did for them is not listed"],
			["other work", "none seen"],
		],
	});
	expect(linked).toMatchObject({
		rows: [
			["front 20", "worker 30"],
			["front 20", "backend 40"],
			["curl 10", "front 20"],
		].map((ends) => expect.arrayContaining(ends)),
	});
	expect(gaps).toMatchObject({ rows: [["stream", "What front 20 did by itself is lost."]] });
	expect(totals).toMatchObject({ rows: [["certain", "0", "3", "0B", "0B"], expect.anything(), expect.anything()] });
	expect(FOLLOW.find(snapshot, FOLLOW.id(row))).toMatchObject({ pid: 20 });
});

test("without anything followed it has no rows", () => {
	expect(FOLLOW.select(aSnapshot(), query("chain")).length).toBe(0);
});

test("a chain of ten thousand, each made by the one before", () => {
	const actors = Array.from({ length: 10_000 }, (_, at) => actor(`a${at + 1}`, "deep", at === 0 ? "command" : "made"));
	const edges = actors.slice(1).map(({ id }, at) => edge(`a${at + 1}`, id));
	const deep = aSnapshot({ follow: [{ ...follow, actors, edges, effects: [] }] });
	const rows = FOLLOW.select(deep, query("chain"));
	expect(rows.length).toBe(10_000);
	expect(rows.at(9_999)?.row.depth).toBe(9_999);
});
