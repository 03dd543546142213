import { expect, test } from "vitest";
import { changingSnapshot } from "../../helpers/changing-snapshots.ts";
import { aFile, aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory } from "../../helpers/story.ts";

/** Any colour of the palette, of 256, or of all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is about control characters
const COLOR = /\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m/;

test.each(["q", "F10", "CtrlC"])("%s quits and restores the terminal", async (key) => {
	const story = await openStory({ snapshot: changingSnapshot(1) });
	expect(story.input.isRaw).toBe(true);
	expect(story.output.written).toContain("\x1b[?1049h");
	expect(story.output.written).toContain("\x1b[?1000h");
	await story.keys(key);
	await story.ended;
	expect(story.input.isRaw).toBe(false);
	for (const restored of ["\x1b[?1000l", "\x1b[?1006l", "\x1b[?2004l", "\x1b[?1049l", "\x1b[?25h"]) {
		expect(story.output.written.lastIndexOf(restored)).toBeGreaterThan(
			story.output.written.lastIndexOf(restored.replace(/.$/, restored.endsWith("h") ? "l" : "h")),
		);
	}
});

test("no mouse if it is turned off", async () => {
	const story = await openStory({ snapshot: changingSnapshot(1), mouse: false });
	await story.quit();
	expect(story.output.written).not.toContain("\x1b[?1000");
});

test("pasted text goes into the prompt, on one line, and nowhere else", async () => {
	const story = await openStory({ snapshot: changingSnapshot(1) });
	story.input.write("\x1b[200~q\x1b[201~");
	await story.keys("/");
	story.input.write("\x1b[200~comm =\r\n eb-none\n\x1b[201~");
	await story.keys("Enter");
	story.line("comm =  eb-none");
	await story.quit();
});

test("NO_COLOR: no colour code, and the selection is still visible", async () => {
	const story = await openStory({ snapshot: changingSnapshot(1), color: false });
	await story.keys("j ? Esc Enter Esc i Esc s Esc / x Esc");
	expect(story.output.written).not.toMatch(COLOR);
	expect(story.isSelected("sshd --config")).toBe(true);
	await story.quit();
});

test("--ascii: no character outside ASCII, whatever the names", async () => {
	const snapshot = aSnapshot({
		processes: [aProcess({ pid: 1, ppid: 0, comm: "日本語", args: ["eb-日本語"] })],
		files: [aFile({ path: "…/naïve" })],
	});
	const story = await openStory({ columns: 200, rows: 60, snapshot, ascii: true });
	await story.keys("? Esc i Esc Enter Esc");
	story.line("eb-\\u{65e5}\\u{672c}\\u{8a9e}");
	story.line("+/na\\xefve");
	// biome-ignore lint/suspicious/noControlCharactersInRegex: this is about control characters
	expect(story.output.written).not.toMatch(/[^\x00-\x7f]/);
	await story.quit();
});

const HOSTILE = [
	["an escape sequence", "eb\x1b[31mred", "eb\\x1b[31mred"],
	["a new line", "eb\nline", "eb\\x0aline"],
	["a title", "eb\x1b]0;title\x07", "eb\\x1b]0;title\\x07"],
	["a link", "eb\x1b]8;;http://x\x1b\\y", "eb\\x1b]8;;http://x\\x1b\\y"],
	["a C1 control", "eb\x9b31m", "eb\\x9b31m"],
	["a bidi override", "eb\u202etxt", "eb\\u{202e}txt"],
	["an invisible character", "eb\u200bx", "eb\\u{200b}x"],
] as const;

test.each(HOSTILE)("%s in a name is shown, not sent", async (_what, name, shown) => {
	const snapshot = aSnapshot({
		processes: [aProcess({ pid: 1, ppid: 0, comm: name, args: [name] })],
		files: [aFile({ path: name })],
	});
	const story = await openStory({ columns: 200, rows: 60, snapshot });
	story.line(shown);
	await story.keys("Enter");
	expect(story.text()).toContain(shown);
	expect(story.output.written).not.toContain(name);
	await story.quit();
});

test("the delay changes in the usual steps, and is shown", async () => {
	const story = await openStory({ snapshot: changingSnapshot(1) });
	story.line("every 1s");
	await story.keys("+ + - - -");
	expect(story.delays).toEqual([2, 3, 2, 1, 0.5]);
	story.line("every 0.5s");
	await story.quit();
});

test("the source, and why it does not see everything, are in the header", async () => {
	const story = await openStory({
		snapshot: changingSnapshot(1),
		sourceLabel: "REPLAY demo.ebtop",
		sourceNote: "You are not root. Run sudo ebtop to see everything.",
	});
	story.line("REPLAY demo.ebtop");
	expect(story.lines()[3]).toBe("You are not root. Run sudo ebtop to see everything.");
	await story.quit();
});

test("a signal ends the screen and restores the terminal", async () => {
	const story = await openStory({ snapshot: changingSnapshot(1) });
	await story.abort();
	expect(story.input.isRaw).toBe(false);
	expect(story.output.written.lastIndexOf("\x1b[?1049l")).toBeGreaterThan(
		story.output.written.lastIndexOf("\x1b[?1049h"),
	);
});

test("a terminal that hangs up is no error", async () => {
	const story = await openStory({ snapshot: changingSnapshot(1) });
	story.input.isGone = true;
	story.output.emit("error", new Error("write EIO"));
	await expect(story.ended).resolves.toBeUndefined();
});

test("without a keyboard, as in the background, the screen still shows", async () => {
	const story = await openStory({ snapshot: changingSnapshot(1), hasKeyboard: false });
	story.line("systemd --config");
	await story.abort();
});

test("a blocked terminal gets nothing more, and shows the newest frame when it accepts output again", async () => {
	const story = await openStory({ columns: 200, rows: 60, snapshot: changingSnapshot(1) });
	story.output.stick(true);
	const drawings: Promise<void>[] = [];
	const kept: number[] = [];
	for (let tick = 2; tick < 14; tick++) {
		drawings.push(story.publish(changingSnapshot(tick)), story.keys("Tab"));
		await new Promise((resolve) => setTimeout(resolve, 20)); // longer than Ink waits between two frames
		kept.push(story.output.writableLength);
	}
	expect(kept.at(-1)).toBe(kept.at(-6));
	story.output.stick(false);
	await Promise.all(drawings);
	const fresh = await openStory({ columns: 200, rows: 60, snapshot: changingSnapshot(1) });
	for (let tick = 2; tick < 14; tick++) await fresh.publish(changingSnapshot(tick));
	await fresh.keys(Array(12).fill("Tab").join(" "));
	expect(story.lines()).toEqual(fresh.lines());
	await story.quit();
	await fresh.quit();
});

test("a blocked terminal does not keep the screen from ending", async () => {
	const story = await openStory({ snapshot: changingSnapshot(1) });
	story.output.stick(true);
	await story.abort();
	expect(story.input.isRaw).toBe(false);
});
