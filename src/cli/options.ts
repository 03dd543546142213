/** Every option as data: what it is called, what it takes, what it says in `--help`, what it sets. */

import { EVENT_WORDS, type EventType } from "../model/event-types.ts";
import type { Filter } from "../model/filter/index.ts";
import { PANES } from "../panes/index.ts";
import type { Pane } from "../panes/pane.ts";
import {
	parseCommGlob,
	parseCount,
	parseDelay,
	parseEvents,
	parseFile,
	parseFilterText,
	parseHistory,
	parsePanes,
	parsePids,
	parseSource,
} from "./values.ts";

/** What a run is asked to do. */
export interface Options {
	readonly pids: readonly number[];
	readonly comm: string | null;
	readonly filter: Filter | null;
	readonly delaySeconds: number;
	readonly count: number | null;
	/** How far back the screen can go; 0: nowhere. */
	readonly historyMs: number;
	readonly batch: boolean;
	/** Print what one interval shows, and end. */
	readonly once: boolean;
	readonly json: boolean;
	/** What is shown, and measured for it. */
	readonly panes: readonly Pane[];
	/** What the number keys choose from. */
	readonly availablePanes: readonly Pane[];
	/** What is watched; null: what is watched where nobody says. */
	readonly events: readonly EventType[] | null;
	readonly latency: boolean;
	readonly disk: boolean;
	readonly record: string | null;
	readonly dot: string | null;
	readonly replay: string | null;
	readonly demo: boolean;
	readonly requireBpf: boolean;
	readonly source: "proc" | null;
	readonly probes: boolean;
	readonly noColor: boolean;
	readonly ascii: boolean;
	readonly noMouse: boolean;
	readonly noArgs: boolean;
	/** Run and followed; empty: none. */
	readonly command: readonly string[];
	readonly help: boolean;
	readonly version: boolean;
}

export interface OptionSpec {
	readonly name: string;
	readonly short?: string;
	readonly sets: keyof Options;
	/** Name of the value in the help; a switch has none. */
	readonly value?: string;
	/** Turns the value into what is set; throws a sentence. */
	readonly parse?: (text: string) => unknown;
	/** A list may be given in parts: the parts are joined. */
	readonly isList?: boolean;
	readonly help: string;
}

export const OPTIONS: readonly OptionSpec[] = [
	{
		name: "pid",
		short: "p",
		sets: "pids",
		value: "PID[,PID]",
		parse: parsePids,
		isList: true,
		help: "only these processes and their descendants",
	},
	{
		name: "follow",
		sets: "pids",
		value: "PID",
		parse: parsePids,
		isList: true,
		help: "what PID and its descendants cause from now on: as --pid",
	},
	{
		name: "comm",
		short: "c",
		sets: "comm",
		value: "GLOB",
		parse: parseCommGlob,
		help: "only processes whose comm matches, and their descendants",
	},
	{
		name: "filter",
		short: "f",
		sets: "filter",
		value: "EXPR",
		parse: parseFilterText,
		help: "only what matches, for example 'user = root and bytes > 10M'",
	},
	{
		name: "delay",
		short: "d",
		sets: "delaySeconds",
		value: "SEC",
		parse: parseDelay,
		help: "refresh, default 1, 0.1 to 60",
	},
	{
		name: "count",
		short: "n",
		sets: "count",
		value: "N",
		parse: parseCount,
		help: "end after N refreshes (with --json: line 0 and N more)",
	},
	{
		name: "history",
		sets: "historyMs",
		value: "DUR",
		parse: parseHistory,
		help: "how far the screen can go back in time, default 15m, 0 for nowhere",
	},
	{
		name: "batch",
		short: "b",
		sets: "batch",
		help: "plain text tables, no terminal control; the default where stdout is no terminal",
	},
	{ name: "once", sets: "once", help: "with --json or --batch: one interval, one snapshot, end" },
	{ name: "json", sets: "json", help: "one snapshot per refresh on stdout, as JSON Lines" },
	{
		name: "panes",
		sets: "panes",
		value: "LIST",
		parse: parsePanes,
		isList: true,
		help: `only these of ${PANES.map(({ name }) => name).join(",")}; no others are measured`,
	},
	{
		name: "events",
		sets: "events",
		value: "LIST",
		parse: parseEvents,
		isList: true,
		help: `what happens that is listed: some of ${EVENT_WORDS}, or their types, or all; default process,signal,oom,loss`,
	},
	{ name: "latency", sets: "latency", help: "also measure the time spent in system calls" },
	{ name: "disk", sets: "disk", help: "also measure block I/O: the pane disk, and what each process asks of disks" },
	{
		name: "record",
		sets: "record",
		value: "FILE",
		parse: parseFile,
		help: "write a recording (it holds command lines)",
	},
	{
		name: "replay",
		sets: "replay",
		value: "FILE",
		parse: parseFile,
		help: "play back a recording; needs no privileges",
	},
	{
		name: "dot",
		sets: "dot",
		value: "FILE",
		parse: parseFile,
		help: "at the end write the graph of all links seen, for Graphviz",
	},
	{ name: "demo", sets: "demo", help: "play back the recording that ships with ebtop" },
	{ name: "require-bpf", sets: "requireBpf", help: "end with status 3 rather than fall back to /proc" },
	{ name: "source", sets: "source", value: "proc", parse: parseSource, help: "use /proc even where BPF works" },
	{ name: "probes", sets: "probes", help: "what this kernel offers and which variant each probe would use; then exit" },
	{ name: "no-color", sets: "noColor", help: "no colours; NO_COLOR in the environment does the same" },
	{ name: "ascii", sets: "ascii", help: "draw with ASCII characters only" },
	{ name: "no-mouse", sets: "noMouse", help: "leave the mouse to the terminal" },
	{ name: "no-args", sets: "noArgs", help: "never read command lines" },
	{ name: "help", short: "h", sets: "help", help: "this text" },
	{ name: "version", short: "V", sets: "version", help: "the version" },
];
