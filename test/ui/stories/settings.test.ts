/** The screen by a configuration: themes, columns, sort. */

import { describe, expect, test } from "vitest";
import { THEME_NAMES, type ThemeName } from "../../../src/format/theme.ts";
import { aLink, aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory, type StoryOptions } from "../../helpers/story.ts";

const snapshot = aSnapshot({
	processes: [
		aProcess({ pid: 1, ppid: 0, comm: "eb-init", args: ["eb-init"], cpuPercent: 1, state: "R" }),
		aProcess({ pid: 2, ppid: 1, comm: "eb-mad", args: ["eb-mad"], cpuPercent: 97, user: "ann" }),
		aProcess({ pid: 3, ppid: 1, comm: "eb-busy", args: ["eb-busy"], cpuPercent: 31 }),
	],
});
const open = (config: object, options: StoryOptions = {}) =>
	openStory({ columns: 120, rows: 30, snapshot, panes: ["processes"], config: JSON.stringify(config), ...options });

describe("a theme", () => {
	const DEFAULT = -1;
	/** Good, warning, bad, as numbers of the palette. */
	const colors: Record<ThemeName, [bad: number, warn: number, accent: number]> = {
		default: [1, 3, 6],
		light: [1, 5, 4],
		colorblind: [0, 3, 6],
		mono: [DEFAULT, DEFAULT, DEFAULT],
	};
	test.each(THEME_NAMES)("%s has its own colours", async (theme) => {
		const story = await open({ theme });
		expect([story.colorOf("97.0"), story.colorOf("31.0"), story.colorOf("ann")]).toEqual(colors[theme]);
		await story.quit();
	});
	test.each(THEME_NAMES)("%s: NO_COLOR and --ascii win", async (theme) => {
		const story = await open({ theme }, { color: false, ascii: true });
		expect([story.colorOf("97.0"), story.colorOf("31.0"), story.colorOf("ann")]).toEqual([DEFAULT, DEFAULT, DEFAULT]);
		// biome-ignore lint/suspicious/noControlCharactersInRegex: this is about control characters
		expect(story.output.written).not.toMatch(/\x1b\[(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])m|[^\x00-\x7f]/);
		await story.quit();
	});
	test("with 24 bits per colour, colorblind has colours of its own and the others those of the terminal", async () => {
		const rgb = (red: number, green: number, blue: number) => (red << 16) | (green << 8) | blue;
		const story = await open({ theme: "colorblind" }, { trueColor: true });
		expect([story.colorOf("97.0"), story.colorOf("31.0"), story.colorOf("ann")]).toEqual([0, rgb(230, 159, 0), 6]);
		expect(story.output.written).toContain("\x1b[48;2;213;94;0m");
		await story.quit();
		const plain = await open({ theme: "default" }, { trueColor: true });
		expect([plain.colorOf("97.0"), plain.colorOf("31.0"), plain.colorOf("ann")]).toEqual(colors.default);
		await plain.quit();
	});
	test("an unknown one is the default", async () => {
		const story = await open({ theme: "no" });
		expect(story.colorOf("31.0")).toBe(3);
		await story.quit();
	});
});

describe("columns", () => {
	test("are the chosen ones, in that order, for clicks and copies too", async () => {
		const story = await open({ columns: { processes: ["command", "ppid", "cpu"] } });
		expect(story.line("COMMAND").trim().split(/ +/)).toEqual(["COMMAND", "PPID", "CPU%"]);
		const head = story.lineNumber("COMMAND");
		await story.click(story.line("COMMAND").indexOf("CPU%"), head);
		story.line("CPU%v");
		await story.keys("g Y");
		expect(story.line("Copied, if the terminal allows it")).toMatch(/eb-\S+ +\d +\d+\.\d$/);
		await story.quit();
	});
	test("sorting by one that is not shown stays possible", async () => {
		const story = await open({ columns: { processes: ["command"] } });
		await story.keys("t s");
		story.line("CPU%");
		await story.quit();
	});
	test.each([4, 12, 40])("the first stays on a terminal of %i columns", async (columns) => {
		const story = await open({ columns: { processes: ["user", "cpu", "rss"] } }, { columns });
		expect(story.text()).toContain("US");
		await story.quit();
	});
	test("a view with others has its own", async () => {
		const story = await open(
			{ columns: { ipc: ["bytes"] } },
			{ panes: ["ipc"], snapshot: aSnapshot({ ipc: [aLink()] }) },
		);
		expect(story.text()).not.toContain("FROM");
		await story.keys("v");
		expect(story.text()).toContain("RATE");
		await story.quit();
	});
});

describe("sort", () => {
	const order = (text: string) => text.match(/eb-(?:init|mad|busy)/g);
	test.each([
		["cpu", ["eb-mad", "eb-busy", "eb-init"]],
		["-cpu", ["eb-init", "eb-busy", "eb-mad"]],
	])("%s", async (key, names) => {
		const story = await open({ sort: { processes: key } });
		await story.keys("t");
		expect(order(story.text())).toEqual(names);
		await story.quit();
	});
});

test("the refresh is the one of the file", async () => {
	const story = await open({ delay: 2 });
	story.line("every 2s");
	await story.keys("+");
	expect(story.delays).toEqual([3]);
	await story.quit();
});
