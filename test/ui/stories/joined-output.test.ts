/** Frames that are joined line by line equal those that Ink makes cell by cell. */

import InkOutput from "ink-output";
import { afterEach, expect, test, vi } from "vitest";
import { joinLines, type Operation } from "../../../src/ui/ink/joined-output.ts";
import { changingSnapshot } from "../../helpers/changing-snapshots.ts";
import { openStory } from "../../helpers/story.ts";

interface Frame {
	readonly byInk: string;
	/** Null if Ink has to do it. */
	readonly joined: string | null;
}

/** Both results of each frame from now on, in the form in which Ink writes them. */
function watchFrames(): Frame[] {
	const frames: Frame[] = [];
	const byCells = InkOutput.prototype.get;
	vi.spyOn(InkOutput.prototype, "get").mockImplementation(function (this: InkOutput) {
		const { operations } = this as unknown as { operations: readonly Operation[] };
		const result = byCells.call(this);
		const lines = joinLines(operations, this.height);
		const again = new InkOutput(this);
		for (const [y, line] of (lines ?? []).entries()) again.write(0, y, line, { transformers: [] });
		frames.push({ byInk: result.output, joined: lines && byCells.call(again).output });
		return result;
	});
	return frames;
}

afterEach(() => void vi.restoreAllMocks());

const STROLL = "j j Enter j Esc ? PgDn Esc i Esc s j Esc / n g i n x Enter 2 3 v v 4 5 z Tab t l Space";

async function stroll(columns: number, rows: number, color: boolean): Promise<Frame[]> {
	const frames = watchFrames();
	const story = await openStory({ columns, rows, color, snapshot: changingSnapshot(1) });
	for (const key of STROLL.split(" ")) await story.keys(key);
	await story.quit();
	expect(frames.length).toBeGreaterThan(13);
	return frames;
}

test.each([
	[200, 60, true],
	[80, 24, true],
	[40, 12, true],
	[11, 3, true],
])("%ix%i, colours %s: every frame of a stroll through the program", async (columns, rows, color) => {
	const frames = await stroll(columns, rows, color);
	for (const { byInk, joined } of frames) expect(joined ?? byInk).toBe(byInk);
	// Ink draws frames with an open overlay, which clips its content.
	expect(frames.filter(({ joined }) => joined !== null).length).toBeGreaterThan(frames.length / 2);
});

const write = (x: number, y: number, text: string): Operation => ({ type: "write", x, y, text, transformers: [] });

test("overlapping or multi-line content is left to Ink", () => {
	expect(joinLines([write(0, 0, "ab"), write(1, 0, "c")], 1)).toBeNull();
	expect(joinLines([write(0, 0, "日本"), write(3, 0, "c")], 1)).toBeNull();
	expect(joinLines([write(0, 0, "\x1b[1mab\ncd\x1b[22m")], 2)).toBeNull();
	expect(joinLines([write(-1, 0, "ab")], 1)).toBeNull();
	expect(joinLines([write(0, 0, "a\u200bb")], 1)).toBeNull();
	expect(joinLines([{ ...write(0, 0, ""), type: "clip" }], 1)).toBeNull();
});

test("texts are in the right place, in whatever order they come", () => {
	const bold = "\x1b[1m日\x1b[22m";
	expect(joinLines([write(4, 1, "right"), write(0, 1, bold), write(1, 2, "a\nb"), write(0, 9, "below")], 4)).toEqual([
		"",
		`${bold}  right`,
		" a",
		" b",
	]);
});
