import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { History } from "../../src/history/history.ts";
import type { SpanBounds } from "../../src/history/span.ts";
import { type Filter, parseFilter } from "../../src/model/filter/index.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { Keeper } from "../../src/save/keeper.ts";
import { recordedSnapshots } from "../helpers/recorded-snapshots.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";
import { aFile, anEvent, aProcess, aSnapshot } from "../helpers/snapshots.ts";
import { syntheticBatches, writeRecording } from "../replay/recordings.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-keep-"));
afterAll(() => rmSync(folder, { recursive: true }));

function filterOf(text: string): Filter {
	const parsed = parseFilter(text);
	if (!parsed.ok) throw new Error(parsed.message);
	return parsed.filter;
}

interface Kept {
	readonly bounds: SpanBounds | null;
	readonly reason: string | null;
	readonly limits: readonly string[];
}

/** A keeper of 10 s around each match, after one refresh a second. */
function keep(text: string, seconds: readonly Partial<Snapshot>[], most?: number, problem?: string) {
	const history = new History();
	const kept: Kept[] = [];
	const told: string[] = [];
	const keeper = new Keeper({
		filter: filterOf(text),
		history,
		async save(span) {
			kept.push(span);
			return problem === undefined ? { folder: `eb-${kept.length}`, bytes: 1 } : { problem };
		},
		tell: (notice) => told.push(notice),
		aroundMs: 10_000,
		...(most === undefined ? {} : { most }),
	});
	for (const [seq, part] of seconds.entries()) {
		const time = new Date(Date.UTC(2026, 10, 20, 17, 0, seq)).toISOString();
		const snapshot = aSnapshot({ processes: [], events: [], seq, time, intervalMs: seq === 0 ? 0 : 1000, ...part });
		history.add(snapshot);
		keeper.see(snapshot);
	}
	const spans = () => kept.map(({ bounds }) => [bounds?.from.no, bounds?.to.no]);
	return { keeper, kept, told, spans };
}

/** This many seconds in which nothing happens except at the times in `at`. */
const seconds = (count: number, at: Readonly<Record<number, Partial<Snapshot>>>) =>
	Array.from({ length: count }, (_, seq) => at[seq] ?? {});

const oom = { events: [anEvent({ comm: "eb-big", pid: 900 })] };

test("saves from before a match until the same time after it, once that has passed", async () => {
	const { keeper, spans, told, kept } = keep("type = exec", seconds(40, { 17: oom }));
	await keeper.finish();
	expect(spans()).toEqual([[7, 27]]);
	expect(kept[0]?.limits).toEqual([]);
	expect(kept[0]?.reason).toMatch(
		/^Saved by --keep-when 'type = exec' at 2026-11-20T17:00:17.000Z: exec of eb-big 900, /,
	);
	expect(told).toEqual([
		expect.stringMatching(/saved in 10s\.$/),
		expect.stringMatching(/has saved exec of .* in eb-1\.$/),
	]);
});

test("a filter that keeps matching is one match, and other matches meanwhile are in the same span", async () => {
	const busy = { processes: [aProcess({ comm: "eb-busy" })] };
	const long = keep(
		"comm = eb-busy",
		seconds(60, Object.fromEntries(Array.from({ length: 40 }, (_, at) => [at + 5, busy]))),
	);
	await long.keeper.finish();
	expect(long.spans()).toEqual([[0, 15]]);
	const two = keep("comm = eb-busy", seconds(60, { 20: busy, 25: busy, 45: busy }));
	await two.keeper.finish();
	expect(two.spans()).toEqual([
		[10, 30],
		[35, 55],
	]);
});

test("says if it is shorter than it should be", async () => {
	const { keeper, spans, kept } = keep("comm = eb-file", seconds(6, { 3: { files: [aFile({ comm: "eb-file" })] } }));
	await keeper.finish();
	expect(spans()).toEqual([[0, 5]]);
	expect(kept[0]?.limits).toEqual([
		"It begins only 3.0s before that, since the history had no more.",
		"It ends only 2.0s after that, since ebtop ended.",
	]);
});

test("saves no more than it may, says so once, and counts what it skipped", async () => {
	const many = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [at * 20 + 10, oom]));
	const { keeper, kept, told } = keep("type = exec", seconds(140, many), 3);
	await keeper.finish();
	expect(kept).toHaveLength(3);
	expect(told.filter((notice) => notice.includes("saves no more"))).toHaveLength(1);
	expect(keeper.row).toEqual(["keep-when", "full", "3 of 3 saved", "3"]);
});

test("says what cannot be saved", async () => {
	const { keeper, told } = keep("type = exec", seconds(30, { 10: oom }), 3, "permission is denied");
	await keeper.finish();
	expect(told.at(-1)).toMatch(/^--keep-when cannot save exec of eb-big 900, .*: permission is denied\.$/);
	expect(keeper.row).toEqual(["keep-when", "on", "0 of 3 saved, 1 failed", "0"]);
});

test("the program saves it without a screen too", async () => {
	const recording = join(folder, "eb.ebtop");
	writeRecording(recording, syntheticBatches(5));
	const words = ["--replay", recording, "--json", "--keep-when", "comm = eb-played"];
	const { status, stderr } = await startEbtop(words, ["env", "-C", folder]).ended;
	expect(status).toBe(0);
	const [first, second] = stderr.trimEnd().split("\n");
	expect(first).toBe("ebtop: --keep-when: process eb-played 42. It will be saved in 1m00s.");
	const [, kept = ""] =
		/^ebtop: --keep-when has saved process eb-played 42 in (ebtop-\d{8}-\d{6})\.$/.exec(second ?? "") ?? [];
	expect(readdirSync(folder)).toContain(kept);
	expect(await recordedSnapshots(join(folder, kept, "recording.ebtop"))).toHaveLength(5);
	expect(readFileSync(join(folder, kept, "summary.md"), "utf8")).toContain(
		"    Saved by --keep-when 'comm = eb-played' at ",
	);
});

test("a history that is too short for it is refused", async () => {
	const { status, stderr } = await startEbtop(["--keep-when", "comm = x", "--history", "1m"]).ended;
	expect(status).toBe(2);
	expect(stderr).toContain("--history must be at least 3m");
});
