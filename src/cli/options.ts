/** Every option as data: its name, its value, its line in `--help`, what it sets. */

import type { ThemeName } from "../format/theme.ts";
import type { When } from "../history/when.ts";
import type { Host } from "../hosts/host.ts";
import type { Compat } from "../metrics/exposition.ts";
import type { Endpoint } from "../metrics/server.ts";
import { EVENT_TYPES, EVENT_WORDS, type EventType } from "../model/event-types.ts";
import type { Filter, MatchFinder } from "../model/filter/index.ts";
import { PANES } from "../panes/index.ts";
import type { PaneLook } from "../panes/look.ts";
import type { Pane } from "../panes/pane.ts";
import { parseHosts, readHosts } from "./hosts.ts";
import {
	type Keep,
	parseAt,
	parseCommGlob,
	parseCompat,
	parseCount,
	parseDelay,
	parseEvents,
	parseFile,
	parseFilterText,
	parseHistory,
	parseKeep,
	parseListen,
	parseOtlp,
	parsePanes,
	parsePids,
	parseProfiled,
	parseRedact,
	parseSource,
	parseSpeed,
	parseSql,
} from "./values.ts";

/** The options of a run. */
export interface Options {
	readonly pids: readonly number[];
	/** Those of `pids` that are followed into the daemons that work for them. */
	readonly follow: readonly number[];
	readonly comm: string | null;
	readonly filter: Filter | null;
	readonly delaySeconds: number;
	readonly count: number | null;
	/** How far back in time the screen can go; 0: not at all. */
	readonly historyMs: number;
	/** Measure one interval, print it, and end. */
	readonly once: boolean;
	readonly batch: boolean;
	readonly json: boolean;
	/** The panes that are shown and measured. */
	readonly panes: readonly Pane[];
	/** The panes that the number keys select. */
	readonly availablePanes: readonly Pane[];
	/** The events to watch; null: the default. */
	readonly events: readonly EventType[] | null;
	readonly latency: boolean;
	readonly disk: boolean;
	readonly sched: boolean;
	readonly lookups: boolean;
	readonly threads: boolean;
	readonly record: string | null;
	/** Answer questions about the clock, for who reads `--record -`. */
	readonly clock: boolean;
	/** What stays of a folder that is recorded to. */
	readonly keep: readonly Keep[];
	/** Old segments of that folder keep fewer refreshes. */
	readonly thin: boolean;
	/** A minute before and after what matches is saved. */
	readonly keepWhen: Filter | null;
	readonly dot: string | null;
	/** Where metrics are served. */
	readonly listen: Endpoint | null;
	readonly allowRemote: boolean;
	/** The OpenTelemetry receiver. */
	readonly otlp: URL | null;
	/** Also metrics by the names of another exporter. */
	readonly metricsCompat: Compat | null;
	readonly replay: string | null;
	/** With which refresh of it to begin; null: the first. */
	readonly at: When | null;
	/** As many times as fast as it was recorded; null: as it was recorded, or without a screen as fast as possible. */
	readonly speed: number | null;
	/** A query over its rows, whose answer is printed; null: it is played. */
	readonly sql: string | null;
	/** The folder for its rows as Parquet files; null: none. */
	readonly export: string | null;
	readonly demo: boolean;
	/** The machines to show, over ssh; empty: this one. */
	readonly hosts: readonly Host[];
	/** Measure for viewers, without a screen: `ebtop serve`. */
	readonly serve: boolean;
	/** Where to serve, or whose service to view; null: the usual place. */
	readonly socket: string | null;
	/** Measure here even if a service could be viewed. */
	readonly noSocket: boolean;
	readonly requireBpf: boolean;
	readonly source: "proc" | null;
	readonly probes: boolean;
	/** Print the profile of this process, or of the command after --; null: none. */
	readonly seccompProfile: number | "command" | null;
	readonly noColor: boolean;
	readonly theme: ThemeName;
	readonly ascii: boolean;
	readonly noMouse: boolean;
	readonly noArgs: boolean;
	/** What is taken out of every text. */
	readonly redact: readonly MatchFinder[];
	/** Keys, each with the key whose meaning it gets; "" for none. */
	readonly keys: ReadonlyMap<string, string>;
	/** Settings of panes, by name. */
	readonly looks: ReadonlyMap<string, PaneLook>;
	/** The command to run and follow; empty: none. */
	readonly command: readonly string[];
	/** The file with settings; null: the default one. */
	readonly config: string | null;
	readonly noConfig: boolean;
	readonly printConfig: boolean;
	readonly help: boolean;
	readonly version: boolean;
}

/** The headings of `--help` and of the manual, in this order. */
export const OPTION_GROUPS = [
	"What is watched",
	"How it is shown",
	"Kept and played back",
	"Where it comes from",
	"About ebtop",
] as const;

/** What a shell may offer as the value of an option: files, processes, or these words. */
export type Completion = "file" | "pid" | readonly string[];

/** The text of an option in help, manual and completions. */
export interface OptionText {
	readonly name: string;
	readonly short?: string;
	/** Name of the value in the help; a switch has none. */
	readonly value?: string;
	readonly help: string;
	readonly completes?: Completion;
}

export interface OptionSpec extends OptionText {
	readonly group: (typeof OPTION_GROUPS)[number];
	readonly sets: keyof Options;
	/** Parses the value; throws a Failure. */
	readonly parse?: (text: string) => unknown;
	/** A list may be given in several options, which are joined. */
	readonly isList?: boolean;
}

export const OPTIONS: readonly OptionSpec[] = [
	{
		group: "What is watched",
		name: "pid",
		short: "p",
		sets: "pids",
		value: "PID[,PID]",
		parse: parsePids,
		isList: true,
		completes: "pid",
		help: "only these processes and their descendants",
	},
	{
		group: "What is watched",
		name: "follow",
		sets: "follow",
		value: "PID",
		parse: parsePids,
		isList: true,
		completes: "pid",
		help: "what PID and its descendants do from now on, and what daemons do for them",
	},
	{
		group: "What is watched",
		name: "comm",
		short: "c",
		sets: "comm",
		value: "GLOB",
		parse: parseCommGlob,
		help: "only processes whose comm matches, and their descendants",
	},
	{
		group: "What is watched",
		name: "filter",
		short: "f",
		sets: "filter",
		value: "EXPR",
		parse: parseFilterText,
		help: "only what matches, for example 'user = root and bytes > 10M'",
	},
	{
		group: "What is watched",
		name: "panes",
		sets: "panes",
		value: "LIST",
		parse: parsePanes,
		isList: true,
		completes: PANES.map(({ name }) => name),
		help: `only these panes, of ${PANES.map(({ name }) => name).join(", ")}; nothing else is measured`,
	},
	{
		group: "What is watched",
		name: "events",
		sets: "events",
		value: "LIST",
		parse: parseEvents,
		isList: true,
		completes: ["all", ...EVENT_WORDS.split(","), ...EVENT_TYPES],
		help: `the events to list: groups (${EVENT_WORDS}), types, or all; default process,signal,oom,loss`,
	},
	{ group: "What is watched", name: "latency", sets: "latency", help: "also measure the time spent in system calls" },
	{
		group: "What is watched",
		name: "disk",
		sets: "disk",
		help: "also measure block I/O, in the pane disk and for each process",
	},
	{
		group: "What is watched",
		name: "sched",
		sets: "sched",
		help: "also measure scheduling for each process: waits for a CPU, time on each CPU, switches",
	},
	{
		group: "What is watched",
		name: "lookups",
		sets: "lookups",
		help: "also list look-ups of host names by C libraries, with their latency, as events",
	},
	{
		group: "What is watched",
		name: "threads",
		sets: "threads",
		help: "also a row for each thread, in the pane threads: what it waits for, who woke it",
	},
	{
		group: "What is watched",
		name: "redact",
		sets: "redact",
		value: "REGEX",
		parse: parseRedact,
		isList: true,
		help: "put [redacted-…] in the place of what matches in command lines, paths and all other names, before anything is shown, printed or recorded",
	},
	{ group: "What is watched", name: "no-args", sets: "noArgs", help: "never read command lines" },
	{
		group: "How it is shown",
		name: "delay",
		short: "d",
		sets: "delaySeconds",
		value: "SEC",
		parse: parseDelay,
		help: "seconds between refreshes, default 1, from 0.1 to 60",
	},
	{
		group: "How it is shown",
		name: "count",
		short: "n",
		sets: "count",
		value: "N",
		parse: parseCount,
		help: "end after N refreshes (with --json: line 0 and N more)",
	},
	{
		group: "How it is shown",
		name: "history",
		sets: "historyMs",
		value: "DUR",
		parse: parseHistory,
		help: "how far back in time the screen can go, default 15m; 0 turns the history off",
	},
	{
		group: "How it is shown",
		name: "batch",
		short: "b",
		sets: "batch",
		help: "plain text tables, no terminal control; the default if stdout is not a terminal",
	},
	{
		group: "How it is shown",
		name: "once",
		sets: "once",
		help: "with --json or --batch: measure one interval, print one snapshot, end",
	},
	{ group: "How it is shown", name: "json", sets: "json", help: "one snapshot per refresh on stdout, as JSON Lines" },
	{
		group: "How it is shown",
		name: "no-color",
		sets: "noColor",
		help: "no colours; NO_COLOR in the environment does the same",
	},
	{ group: "How it is shown", name: "ascii", sets: "ascii", help: "draw with ASCII characters only" },
	{ group: "How it is shown", name: "no-mouse", sets: "noMouse", help: "leave the mouse to the terminal" },
	{
		group: "Kept and played back",
		name: "record",
		sets: "record",
		value: "PATH",
		parse: parseFile,
		completes: "file",
		help: "write a recording (it holds command lines, paths, addresses and other names; see --redact) to a file, to a folder, new with a / behind it, in segments of 10 minutes, or to stdout with -",
	},
	{
		group: "Kept and played back",
		name: "clock",
		sets: "clock",
		help: "with --record -: answer each line 'clock N' on stdin with the time here, and end with stdin, as --host wants it",
	},
	{
		group: "Kept and played back",
		name: "keep",
		sets: "keep",
		value: "SIZE|TIME",
		parse: parseKeep,
		isList: true,
		help: "of a folder of --record keep so much, as 2G, or so long, as 14d; the oldest segments go",
	},
	{
		group: "Kept and played back",
		name: "thin",
		sets: "thin",
		help: "of a folder of --record keep a refresh each 10 s after an hour, each minute after a day, with all events and exact sums",
	},
	{
		group: "Kept and played back",
		name: "keep-when",
		sets: "keepWhen",
		value: "EXPR",
		parse: parseFilterText,
		help: "save a minute before and after each match of the filter EXPR, at most 20 times",
	},
	{
		group: "Kept and played back",
		name: "replay",
		sets: "replay",
		value: "PATH",
		parse: parseFile,
		completes: "file",
		help: "play back a recording: a file, a folder, or - for stdin; needs no privileges",
	},
	{
		group: "Kept and played back",
		name: "at",
		sets: "at",
		value: "TIME",
		parse: parseAt,
		help: "begin a recording at TIME: 14:03, 2026-11-20T17:00:05Z, or -90s before its end",
	},
	{
		group: "Kept and played back",
		name: "speed",
		sets: "speed",
		value: "N",
		parse: parseSpeed,
		help: "play a recording N times as fast, 0.1 to 100",
	},
	{
		group: "Kept and played back",
		name: "sql",
		sets: "sql",
		value: "QUERY",
		parse: parseSql,
		help: "with --replay: print the answer to an SQL query, as text or with --json; tables as in --json, views who_wrote, who_talked and others",
	},
	{
		group: "Kept and played back",
		name: "export",
		sets: "export",
		value: "DIR",
		parse: parseFile,
		completes: "file",
		help: "with --replay: write the rows of the recording to Parquet files in DIR, one for each table of --sql",
	},
	{ group: "Kept and played back", name: "demo", sets: "demo", help: "play back the recording that ships with ebtop" },
	{
		group: "Kept and played back",
		name: "listen",
		sets: "listen",
		value: "[ADDR:]PORT",
		parse: parseListen,
		help: "serve Prometheus metrics at http://ADDR:PORT/metrics, default ADDR 127.0.0.1",
	},
	{
		group: "Kept and played back",
		name: "allow-remote",
		sets: "allowRemote",
		help: "with --listen: allow addresses that other machines can reach",
	},
	{
		group: "Kept and played back",
		name: "otlp",
		sets: "otlp",
		value: "URL",
		parse: parseOtlp,
		help: "send metrics and events to an OpenTelemetry receiver, such as http://127.0.0.1:4318; never command lines",
	},
	{
		group: "Kept and played back",
		name: "metrics-compat",
		sets: "metricsCompat",
		value: "process-exporter",
		parse: parseCompat,
		completes: ["process-exporter"],
		help: "with --listen: also what process-exporter calls namedprocess_namegroup_…, for its dashboards",
	},
	{
		group: "Kept and played back",
		name: "dot",
		sets: "dot",
		value: "FILE",
		parse: parseFile,
		completes: "file",
		help: "at the end, write a graph of all links seen, for Graphviz",
	},
	{
		group: "Where it comes from",
		name: "host",
		sets: "hosts",
		value: "HOST[,HOST]",
		parse: parseHosts,
		isList: true,
		help: "show these machines together: what ebtop --record - there sends over ssh, as [USER@]NAME or ssh://[USER@]NAME[:PORT]",
	},
	{
		group: "Where it comes from",
		name: "hosts",
		sets: "hosts",
		value: "FILE",
		parse: readHosts,
		isList: true,
		completes: "file",
		help: "the same for the machines in FILE, one on each line; # begins a comment",
	},
	{
		group: "Where it comes from",
		name: "require-bpf",
		sets: "requireBpf",
		help: "fail with status 3 instead of falling back to /proc",
	},
	{
		group: "Where it comes from",
		name: "source",
		sets: "source",
		value: "proc",
		parse: parseSource,
		completes: ["proc"],
		help: "use /proc even where BPF works",
	},
	{
		group: "Where it comes from",
		name: "socket",
		sets: "socket",
		value: "PATH",
		parse: parseFile,
		completes: "file",
		help: "view what the service behind this socket measures; with serve: the socket to make; default /run/ebtop/ebtop.sock",
	},
	{
		group: "Where it comes from",
		name: "no-socket",
		sets: "noSocket",
		help: "view no service, also where BPF cannot be used here",
	},
	{
		group: "Where it comes from",
		name: "probes",
		sets: "probes",
		help: "print what this kernel offers and which variant each probe would use; then exit",
	},
	{
		group: "How it is shown",
		name: "seccomp-profile",
		sets: "seccompProfile",
		value: "PID",
		parse: parseProfiled,
		completes: "pid",
		help: "print a seccomp profile of what PID and its descendants call until they end; - for CMD",
	},
	{
		group: "About ebtop",
		name: "config",
		sets: "config",
		value: "FILE",
		parse: parseFile,
		completes: "file",
		help: "read settings from FILE, default $XDG_CONFIG_HOME/ebtop/config.json or ~/.config/ebtop/config.json of the calling user",
	},
	{ group: "About ebtop", name: "no-config", sets: "noConfig", help: "read no settings" },
	{
		group: "About ebtop",
		name: "print-config",
		sets: "printConfig",
		help: "print the settings in effect in the form of the file, and all mistakes in it; then exit",
	},
	{ group: "About ebtop", name: "help", short: "h", sets: "help", help: "this text" },
	{ group: "About ebtop", name: "version", short: "V", sets: "version", help: "the version" },
];
