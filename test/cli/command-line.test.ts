import { describe, expect, it } from "vitest";
import { type Options, parseCommandLine } from "../../src/cli/command-line.ts";
import { helpText } from "../../src/cli/help.ts";
import { OPTIONS } from "../../src/cli/options.ts";
import { Failure } from "../../src/failure.ts";
import { EVENT_TYPES } from "../../src/model/event-types.ts";

/** The failure that the words lead to. */
function failureOf(words: string[]): Failure {
	try {
		parseCommandLine(words);
	} catch (error) {
		if (error instanceof Failure) return error;
		throw error;
	}
	throw new Error(`${words.join(" ")} was taken`);
}

describe("what is taken", () => {
	const cases: [words: string[], wanted: Partial<Omit<Options, "panes">> & { panes?: string[] }][] = [
		[[], { delaySeconds: 1, count: null, json: false, panes: ["processes", "syscalls", "ipc", "files", "tcp"] }],
		[["-p", "12,13", "--pid=14"], { pids: [12, 13, 14] }],
		[["-c", "ngi*"], { comm: "ngi*" }],
		[["--comm=a=b"], { comm: "a=b" }],
		[["-bn5"], { batch: true, count: 5 }],
		[["--once", "--json"], { once: true, json: true }],
		[["--seccomp-profile", "812", "-n", "3"], { seccompProfile: 812, count: 3 }],
		[["--seccomp-profile", "-", "--", "ls"], { seccompProfile: "command", command: ["ls"] }],
		[["-d", ".5"], { delaySeconds: 0.5 }],
		[["--delay=60"], { delaySeconds: 60 }],
		[["--history", "90s"], { historyMs: 90_000 }],
		[["--history", "0"], { historyMs: 0 }],
		[[], { historyMs: 900_000 }],
		[["--panes", "tcp,files"], { panes: ["files", "tcp"] }],
		[["--panes", "events"], { panes: ["events"] }],
		[["--events", "signal,exit"], { events: ["signal", "exit"] }],
		[["--events", "process", "--events", "oom"], { events: ["fork", "exec", "exec-failed", "exit", "oom-kill"] }],
		[["--events", "all"], { events: EVENT_TYPES }],
		[["--panes", "tcp", "--panes", "ipc"], { panes: ["ipc", "tcp"] }],
		[["--source", "proc", "--json"], { source: "proc", json: true }],
		[["--record", "-x"], { record: "-x" }],
		[["--record", "x/", "--thin", "--keep", "2G"], { record: "x/", thin: true }],
		[["--replay", "x", "--export", "y/"], { replay: "x", export: "y/" }],
		[["--replay", "x", "--sql", "select 1", "--json"], { replay: "x", sql: "select 1", json: true }],
		[["--replay=x", "-f", "nginx"], { replay: "x" }],
		[["--demo", "--ascii", "--no-color", "--no-mouse"], { demo: true, ascii: true, noColor: true, noMouse: true }],
		[["--"], { json: false, command: [] }],
		[["--json", "--", "ls", "--batch"], { json: true, batch: false, command: ["ls", "--batch"] }],
		[["--follow", "1"], { pids: [1], follow: [1] }],
		[["-hV"], { help: true, version: true }],
	];
	it.each(cases)("%j", (words, wanted) => {
		const options = parseCommandLine(words);
		expect({ ...options, panes: options.panes.map(({ name }) => name) }).toMatchObject(wanted);
	});
});

describe("what is refused with status 2 and a sentence", () => {
	const cases: [words: string[], message: RegExp][] = [
		[["--colour"], /no option --colour/],
		[["-x"], /no option -x/],
		[["-bx"], /no option -x/],
		[["--d", "1"], /no option --d/],
		[["--p"], /no option --p/],
		[["--no-json"], /no option --no-json/],
		[["nginx"], /"nginx" is not an option/],
		[["812"], /use --pid 812/],
		[["--json=yes"], /--json takes no value/],
		[["--pid"], /--pid needs a value/],
		[["-n"], /-n needs a value/],
		[["-p", ""], /--pid takes process numbers/],
		[["-p", "1,"], /--pid takes process numbers/],
		[["-p", "-1"], /--pid takes process numbers/],
		[["-p", "0"], /--pid takes process numbers/],
		[["-p", "4194305"], /--pid takes process numbers/],
		[["-c", ""], /1 to 31 bytes/],
		[["-c", "x".repeat(32)], /1 to 31 bytes/],
		[["-d", "0"], /from 0.1 to 60, not "0"/],
		[["-d", "0.05"], /from 0.1 to 60/],
		[["-d", "61"], /from 0.1 to 60/],
		[["-d", "1e1"], /from 0.1 to 60/],
		[["-d", "NaN"], /from 0.1 to 60/],
		[["-d", "-1"], /from 0.1 to 60/],
		[["-n", "0"], /whole number from 1/],
		[["-n", "1.5"], /whole number from 1/],
		[["-n", "99999999999999999999"], /whole number from 1/],
		[["-f", "pid = x"], /column 7: "pid" needs a number/],
		[
			["--events", "forks"],
			/no events called "forks"; --events takes some of all, of process,signal,.* and of fork,exec,/,
		],
		[["--events", ""], /no events called ""/],
		[["--events", "all", "--demo"], /--events has no effect on a recording/],
		[["--panes", "tpc"], /no pane "tpc"/],
		[["--panes", ""], /no pane ""/],
		[["--source", "bpf"], /takes "proc"/],
		[["--replay", ""], /name of the file is empty/],
		[["-d", "1", "-d", "2"], /--delay was given twice/],
		[["--json", "--batch"], /--json and --batch/],
		[["--once", "--json", "-n", "2"], /--once and --count exclude each other/],
		[["--once"], /add --json or --batch/],
		[["--seccomp-profile", "x"], /takes the number of one process, or -/],
		[["--seccomp-profile", "1,2"], /takes the number of one process/],
		[["--seccomp-profile", "-"], /needs a command/],
		[["--seccomp-profile", "1", "--", "ls"], /use --seccomp-profile -\./],
		[["--seccomp-profile", "1", "--json"], /only prints a profile/],
		[["--seccomp-profile", "1", "-p", "2"], /only prints a profile/],
		[["--seccomp-profile", "1", "--source", "proc"], /only prints a profile/],
		[["--seccomp-profile", "1", "--demo"], /only prints a profile/],
		[["--replay", "x", "--demo"], /--replay and --demo exclude each other/],
		[["--require-bpf", "--source", "proc"], /--source proc exclude each other/],
		[["--replay", "x", "--record", "y"], /cannot be recorded again/],
		[["--demo", "-p", "1"], /--pid has no effect on a recording/],
		[["--probes", "--demo"], /live machine/],
		[["--latency", "--source=proc"], /needs BPF/],
		[["--demo", "--", "ls"], /live machine/],
		[["-p", "1", "--", "ls"], /--pid cannot be combined with a command/],
	];
	it.each(["15", "-1m", "m", "25h", "1d", "", "1m30s", "0x1m"])("--history=%s", (value) => {
		const failure = failureOf([`--history=${value}`]);
		expect(failure.status).toBe(2);
		expect(failure.message).toBe(
			`--history takes a time up to 24h, such as 15m, 90s or 1h, or 0 for none, not "${value}".`,
		);
	});
	it.each(cases)("%j", (words, message) => {
		const failure = failureOf(words);
		expect(failure.status).toBe(2);
		expect(failure.message).toMatch(message);
		expect(failure.message).toMatch(/\.$/);
	});
});

describe("--help", () => {
	it("names every option with its letter and its value, in 80 columns", () => {
		const text = helpText();
		for (const { name, short, value } of OPTIONS) {
			expect(text).toContain(
				`${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`,
			);
		}
		expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
	});
	it("documents no option that does not exist", () => {
		const known = [...OPTIONS.map(({ name }) => name), "receipt", "min"]; // of ebtop follow and receipt show
		const told = [...helpText().matchAll(/(?<![\w-])--([a-z-]+)/g)].map(([, name]) => name);
		expect(told.filter((name) => !known.includes(name as string))).toEqual([]);
	});
});
