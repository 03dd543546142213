import { describe, expect, it, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { parseConfiguration } from "../../src/config/parse.ts";
import { configurationText } from "../../src/config/print.ts";
import { configurationErrors } from "../helpers/snapshot-schema.ts";

const WHOLE = `{
	// what editors go by
	"$schema": "config.schema.json",
	"delay": 2.5, /* seconds */
	"panes": ["files", "processes"],
	"theme": "light",
	"ascii": true,
	"mouse": false,
	"args": false,
	"history": "90s",
	"sort": { "processes": "-rss", "tcp": "txRate" },
	"keys": { "Ctrl-P": "p", "x": "Space", "q": "" },
	"columns": { "files": ["path", "pid"], },
}`;

test("every setting, with comments and trailing commas", () => {
	const { settings, mistakes } = parseConfiguration(WHOLE);
	expect(mistakes).toEqual([]);
	const options = parseCommandLine([], settings);
	expect(options).toMatchObject({
		delaySeconds: 2.5,
		theme: "light",
		ascii: true,
		noMouse: true,
		noArgs: true,
		historyMs: 90_000,
		keys: new Map(Object.entries({ "ctrl-p": "p", x: "space", q: "" })),
	});
	expect(options.panes.map(({ name }) => name)).toEqual(["processes", "files"]);
	const [processes, files] = options.panes;
	expect(processes).toMatchObject({ defaultSort: "rss", textSort: "rss", isReversedAtFirst: true });
	expect(files?.shownColumns(files.initialView).map(({ key }) => key)).toEqual(["path", "pid"]);
});

test.each(["", "{}", "// nothing yet\n"])("%j sets nothing", (text) => {
	const { settings, mistakes } = parseConfiguration(text);
	expect(mistakes).toEqual([]);
	expect(parseCommandLine([], settings)).toEqual(parseCommandLine([]));
});

describe("a mistake says its line and what was expected, and the rest is used", () => {
	const cases: [name: string, text: string, mistake: string][] = [
		["a number too small", '{\n"ascii": true,\n"delay": 0\n}', 'line 3: "delay" takes seconds from 0.1 to 60, not 0.'],
		["a text", '{"ascii": true,\n\n"delay": "2"}', 'line 3: "delay" takes seconds from 0.1 to 60, not "2".'],
		[
			"an unknown theme",
			'{"ascii": true, "theme": "dark"}',
			'line 1: "theme" takes one of default, light, colorblind, mono, not "dark".',
		],
		[
			"an unknown key",
			'{"ascii": true, "keys": { "Ctrl-C": "q" }}',
			'line 1: there is no key "Ctrl-C" to choose; there are single characters, Ctrl-A to Ctrl-Z without Ctrl-C, F1 to F12, and names such as Space and PgUp.',
		],
		[
			"a meaning that is no key",
			'{"ascii": true, "keys": { "x": "quit" }}',
			'line 1: "keys.x" takes the key whose meaning it gets, or "" for none; there are single characters, Ctrl-A to Ctrl-Z without Ctrl-C, F1 to F12, and names such as Space and PgUp, not "quit".',
		],
		["no flag", '{"ascii": true, "mouse": null}', 'line 1: "mouse" takes true or false, not null.'],
		[
			"a history without a unit",
			'{"ascii": true, "history": "15"}',
			'line 1: "history" takes a time up to 24h in quotes, such as "15m", or "0", not "15".',
		],
		[
			"an unknown setting",
			'{"ascii": true,\n"colour": 1}',
			'line 2: there is no setting "colour"; there are delay, panes, theme, ascii, mouse, args, history, keys, sort, columns.',
		],
		[
			"one of JavaScript's own",
			'{"ascii": true, "__proto__": {"delay": 5}}',
			'line 1: there is no setting "__proto__"; ',
		],
		["one that objects have", '{"ascii": true, "constructor": 1}', 'line 1: there is no setting "constructor"; '],
		["the same again", '{"ascii": true,\n"ascii": false}', 'line 2: "ascii" is given twice.'],
		[
			"an unknown pane",
			'{"ascii": true, "panes": ["cpu"]}',
			'line 1: "panes" takes a list of some of processes, syscalls, ipc, files, tcp, events, disk, containers, threads, follow, not ["cpu"].',
		],
		["no panes", '{"ascii": true, "panes": []}', 'line 1: "panes" takes a list of some of '],
		["panes that are no texts", '{"ascii": true, "panes": [1]}', 'line 1: "panes" takes a list of some of '],
		[
			"the sort of an unknown pane",
			'{"ascii": true, "sort": {"cpu": "pid"}}',
			'line 1: there is no pane "cpu"; there are ',
		],
		[
			"a sort by nothing",
			'{"ascii": true, "sort": {\n"tcp": "+rx"}}',
			'line 2: "sort.tcp" takes one of these, with - before it to reverse the order: ',
		],
		[
			"a sort for all panes",
			'{"ascii": true, "sort": "pid"}',
			'line 1: "sort" takes { }, in which panes are named, not "pid".',
		],
		[
			"an unknown column",
			'{"ascii": true, "columns": {"tcp": ["rxRate", "ttl"]}}',
			'line 1: "columns.tcp" takes a list of some of ',
		],
		[
			"a column twice",
			'{"ascii": true, "columns": {"tcp": ["rxRate", "rxRate"]}}',
			'line 1: "columns.tcp" takes a list of some of ',
		],
		["no columns", '{"ascii": true, "columns": {"tcp": []}}', 'line 1: "columns.tcp" takes a list of some of '],
		["a comma that is missing", '{"ascii": true\n"delay": 2}', "line 2: a comma was expected."],
		["a brace that is missing", '{"ascii": true,\n"delay": 2', "line 2: } was expected."],
		["a name without quotes", '{"ascii": true,\ndelay: 2}', "line 2: a name or text in double quotes was expected."],
		["a value that is missing", '{"ascii": true,\n"delay": }', "line 2: a value was expected."],
		["something behind the end", '{"ascii": true}\n{}', "line 2: the end of the file was expected."],
		["a comment without an end", '{"ascii": true}\n/* x', "line 2: */ at the end of the comment was expected."],
	];
	it.each(cases)("%s", (_, text, mistake) => {
		const { settings, mistakes } = parseConfiguration(text);
		expect(mistakes[0]).toContain(mistake);
		expect(mistakes[0]).toMatch(/^line \d+: .*\.$/);
		expect(settings.ascii).toBe(true);
	});
	it("in the order of the lines", () => {
		const { mistakes } = parseConfiguration('{"sort": {"x": ""},\n"delay": 0,\n"theme": 1,\n"panes": 2}');
		expect(mistakes.map((mistake) => mistake.slice(0, 6))).toEqual(["line 1", "line 2", "line 3", "line 4"]);
	});
	it.each([
		["a list", "[1]", "line 1: { and } belong around the settings."],
		["a bracket in a bracket and so on", "[".repeat(65_536), "line 1: the brackets are nested too deeply."],
		["no text", "\0\0\0", "line 1: "],
	])("%s", (_, text, mistake) => {
		const { settings, mistakes } = parseConfiguration(text);
		expect(mistakes[0]).toContain(mistake);
		expect(parseCommandLine([], settings)).toEqual(parseCommandLine([]));
	});
	it("the first 20 of them", () => {
		const { mistakes } = parseConfiguration(`{${Array.from({ length: 9001 }, (_, at) => `\n"x${at}": 1`).join()}}`);
		expect(mistakes).toHaveLength(21);
		expect(mistakes.at(-1)).toBe("line 22: here is the first of 8981 more mistakes.");
	});
	it("and shows only as much of it as fits", () => {
		const { mistakes } = parseConfiguration(`{"theme": "${"x".repeat(60_000)}"}`);
		expect(mistakes[0]?.length).toBeLessThan(200);
	});
});

test("the command line wins over contradicting settings", () => {
	const { settings } = parseConfiguration('{"delay": 5, "panes": ["tcp"], "history": "1h", "args": false}');
	const options = parseCommandLine(["--replay", "x", "-d", "2", "--panes", "ipc", "--history", "0"], settings);
	expect(options).toMatchObject({ delaySeconds: 2, historyMs: 0, noArgs: true });
	expect(options.availablePanes.map(({ name }) => name)).toEqual(["ipc"]);
});

describe("--print-config", () => {
	it.each([
		["without a file", "{}", []],
		["with all settings", WHOLE, []],
		["with a file and a command line", WHOLE, ["-d", "60", "--history", "15m", "--panes", "tcp,disk", "--disk"]],
	])("%s is a file that means the same", (_, text, words) => {
		const options = parseCommandLine(words, parseConfiguration(text).settings);
		const printed = configurationText(options);
		expect(configurationErrors(JSON.parse(printed))).toEqual([]);
		const { settings, mistakes } = parseConfiguration(printed);
		expect(mistakes).toEqual([]);
		expect(configurationText(parseCommandLine([], settings))).toBe(printed);
		expect(parseCommandLine([], settings).panes.map(({ name }) => name)).toEqual(options.panes.map(({ name }) => name));
	});
});

test("the schema refuses what the program refuses", () => {
	expect(configurationErrors({ $schema: "x", delay: 1, theme: "mono", sort: { tcp: "rxRate" } })).toEqual([]);
	for (const wrong of [{ delay: 0 }, { theme: "dark" }, { colour: 1 }, { columns: { tcp: "rx" } }, { mouse: 1 }]) {
		expect(configurationErrors(wrong)).not.toEqual([]);
		expect(parseConfiguration(JSON.stringify(wrong)).mistakes).toHaveLength(1);
	}
});
