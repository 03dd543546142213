/** The command line: words → options, or an error message about the first mistake. Starts nothing. */

import { parseArgs } from "node:util";
import type { Settings } from "../config/settings.ts";
import { HISTORY_BOUNDS } from "../history/bounds.ts";
import { PANES } from "../panes/index.ts";
import { withLook } from "../panes/look.ts";
import type { Pane } from "../panes/pane.ts";
import { refuseContradictions } from "./contradictions.ts";
import { OPTIONS, type OptionSpec, type Options } from "./options.ts";
import { usage } from "./values.ts";

export type { Options } from "./options.ts";

const DEFAULTS: Options = {
	pids: [],
	follow: [],
	comm: null,
	filter: null,
	delaySeconds: 1,
	count: null,
	once: false,
	historyMs: HISTORY_BOUNDS.spanMs,
	batch: false,
	json: false,
	panes: [],
	availablePanes: [],
	events: null,
	latency: false,
	disk: false,
	sched: false,
	lookups: false,
	threads: false,
	record: null,
	clock: false,
	keep: [],
	thin: false,
	keepWhen: null,
	dot: null,
	listen: null,
	allowRemote: false,
	metricsCompat: null,
	otlp: null,
	replay: null,
	at: null,
	speed: null,
	sql: null,
	export: null,
	demo: false,
	hosts: [],
	serve: false,
	socket: null,
	noSocket: false,
	requireBpf: false,
	source: null,
	probes: false,
	seccompProfile: null,
	noColor: false,
	theme: "default",
	ascii: false,
	noMouse: false,
	noArgs: false,
	redact: [],
	keys: new Map(),
	looks: new Map(),
	command: [],
	config: null,
	noConfig: false,
	printConfig: false,
	help: false,
	version: false,
};

/** `words` without the program's name; they take precedence over `settings`. Throws a Failure of status 2. */
export function parseCommandLine(words: readonly string[], settings: Settings = {}): Options {
	const found = new Map<keyof Options, unknown>();
	const serve = words[0] === "serve";
	const { given, command } = readOptions(serve ? words.slice(1) : words);
	for (const { option, value } of given) {
		const earlier = found.get(option.sets);
		if (earlier !== undefined && !option.isList) throw usage(`--${option.name} was given twice.`);
		const parsed = option.parse === undefined ? true : option.parse(value ?? "");
		const joined = option.isList ? [...((earlier ?? []) as unknown[]), ...(parsed as unknown[])] : parsed;
		found.set(option.sets, joined);
	}
	const asked: Partial<Options> = { ...Object.fromEntries(found), serve };
	refuseContradictions({ ...DEFAULTS, ...asked, command });
	const all: Options = { ...DEFAULTS, ...settings, ...asked, command };
	// Followed processes are watched too.
	const options: Options = { ...all, pids: [...all.pids, ...all.follow] };
	return { ...options, ...choosePanes(options) };
}

/** Without `--panes`, panes that are off by default can be turned on by their keys; some options turn one on. */
function choosePanes(options: Options): Pick<Options, "panes" | "availablePanes"> {
	const { panes: named, looks } = options;
	const isGiven = (option: Pane["namedBy"][number]) => {
		const value = options[option];
		return typeof value === "boolean" ? value : value.length > 0;
	};
	const isNamed = (pane: Pane) => named.includes(pane) || pane.namedBy.some(isGiven);
	const isShown = (pane: Pane) => isNamed(pane) || (named.length === 0 && !pane.isOffAtFirst);
	const availablePanes = PANES.filter((pane) => named.length === 0 || isNamed(pane));
	const looked = new Map(availablePanes.map((pane) => [pane, withLook(pane, looks.get(pane.name))]));
	return {
		panes: availablePanes.filter(isShown).map((pane) => looked.get(pane) as Pane),
		availablePanes: [...looked.values()],
	};
}

interface GivenOption {
	readonly option: OptionSpec;
	readonly value: string | undefined;
}

/** The words after `--` are a command. */
function readOptions(words: readonly string[]): { given: GivenOption[]; command: readonly string[] } {
	const { tokens } = parseArgs({ args: [...words], options: parseArgsTable(), strict: false, tokens: true });
	const given: GivenOption[] = [];
	for (const token of tokens) {
		if (token.kind === "option-terminator") return { given, command: words.slice(token.index + 1) };
		if (token.kind === "positional") throw usage(unexpectedWord(token.value));
		given.push(checkOption(token.rawName, token.name, token.value));
	}
	return { given, command: [] };
}

function parseArgsTable() {
	return Object.fromEntries(
		OPTIONS.map(({ name, short, value }) => {
			const type = value === undefined ? ("boolean" as const) : ("string" as const);
			return [name, short === undefined ? { type } : { type, short }];
		}),
	);
}

function checkOption(typed: string, name: string, value: string | undefined): GivenOption {
	const option = OPTIONS.find((known) => known.name === name && (typed === `--${name}` || typed === `-${known.short}`));
	if (option === undefined) throw usage(`There is no option ${typed}: "ebtop --help" lists all.`);
	if (option.value === undefined && value !== undefined) throw usage(`${typed} takes no value.`);
	if (option.value !== undefined && value === undefined) throw usage(`${typed} needs a value: ${option.value}.`);
	return { option, value };
}

function unexpectedWord(word: string): string {
	const advice = /^\d+$/.test(word) ? `--pid ${word}` : "--filter";
	return `"${word}" is not an option: use ${advice} to choose what is shown, "ebtop --help" lists all options.`;
}
