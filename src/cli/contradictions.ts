/** Options that exclude each other, as data. The first such pair is refused with its reason. */

import { KEEPER_NEEDS_MS } from "../history/bounds.ts";
import type { Options } from "./options.ts";
import { isLoopback, usage } from "./values.ts";

type Given = (options: Options) => boolean;

const isReplay: Given = (options) => options.replay !== null;
const isPlayed: Given = (options) => isReplay(options) || options.demo;

const isChosen: Given = (options) => options.filter !== null || options.panes.length > 0;

const CONTRADICTIONS: readonly [Given, Given, string][] = [
	[(o) => o.json, (o) => o.batch, "--json and --batch exclude each other: use one of them."],
	[(o) => o.once, (o) => o.count !== null, "--once and --count exclude each other: use one of them."],
	[(o) => o.once, (o) => !o.json && !o.batch, "--once prints one snapshot: add --json or --batch."],
	[
		(o) => o.record !== null,
		(o) => o.record === o.dot,
		"--record and --dot cannot write to the same file: name two files.",
	],
	[(o) => o.allowRemote, (o) => o.listen === null, "--allow-remote only makes sense with --listen: add --listen."],
	[(o) => o.metricsCompat !== null, (o) => o.listen === null, "--metrics-compat is about --listen: add --listen."],
	[
		(o) => o.listen !== null && !isLoopback(o.listen.address),
		(o) => !o.allowRemote,
		"Other machines could read the metrics at that address, without authentication: add --allow-remote to allow that.",
	],
	[(o) => o.at !== null, (o) => !isPlayed(o), "--at says where to begin in a recording: give --replay."],
	[(o) => o.speed !== null, (o) => !isPlayed(o), "--speed says how fast to play a recording: give --replay."],
	[(o) => o.thin, (o) => o.record === null, "--thin is about what is recorded: give --record."],
	[(o) => o.keep.length > 0, (o) => o.record === null, "--keep says what stays of a recording: give --record."],
	[
		(o) => o.keepWhen !== null,
		(o) => o.historyMs < KEEPER_NEEDS_MS,
		"--keep-when saves a minute before and after a match, so --history must be at least 3m.",
	],
	[(o) => o.sql !== null, (o) => !isPlayed(o), "--sql asks about a recording: give --replay."],
	[(o) => o.export !== null, (o) => !isPlayed(o), "--export writes the rows of a recording: give --replay."],
	[(o) => o.sql !== null, (o) => o.export !== null, "--sql and --export exclude each other: use one of them."],
	[(o) => o.sql !== null, isChosen, "--sql chooses rows itself: use WHERE in the query."],
	[(o) => o.export !== null, isChosen, "--export writes all rows: leave out --filter and --panes."],
	[
		(o) => o.sql !== null || o.export !== null,
		(o) => o.once || o.keepWhen !== null || o.dot !== null || o.listen !== null,
		"With --sql and --export a recording is read and not played: leave out --once, --keep-when, --dot and --listen.",
	],
	[isReplay, (o) => o.demo, "--replay and --demo exclude each other: use one of them."],
	[
		(o) => o.requireBpf,
		(o) => o.source === "proc",
		"--require-bpf and --source proc exclude each other: use one of them.",
	],
	[isPlayed, (o) => o.record !== null, "A recording that is played back cannot be recorded again: copy its file."],
	[isPlayed, (o) => o.pids.length > 0, "--pid has no effect on a recording: use --filter 'pid = N'."],
	[isPlayed, (o) => o.comm !== null, "--comm has no effect on a recording: use --filter 'comm ~ …'."],
	[isPlayed, (o) => o.latency, "--latency has no effect on a recording, which has what was measured then."],
	[isPlayed, (o) => o.disk, "--disk has no effect on a recording, which has what was measured then."],
	[isPlayed, (o) => o.sched, "--sched has no effect on a recording, which has what was measured then."],
	[isPlayed, (o) => o.lookups, "--lookups has no effect on a recording, which has what was measured then."],
	[isPlayed, (o) => o.threads, "--threads has no effect on a recording, which has what was measured then."],
	[isPlayed, (o) => o.events !== null, "--events has no effect on a recording: use --filter 'type = …'."],
	[isPlayed, (o) => o.otlp !== null, "--otlp is about the live machine: a recording has its own time."],
	[isPlayed, (o) => o.noArgs, "--no-args has no effect on a recording, which has what was read then."],
	[isPlayed, (o) => o.requireBpf, "--require-bpf is about the live machine: a recording needs no BPF."],
	[isPlayed, (o) => o.source !== null, "--source is about the live machine: a recording has its own source."],
	[isPlayed, (o) => o.command.length > 0, "A command runs on the live machine: leave out the recording."],
	[
		(o) => o.command.length > 0,
		(o) => o.pids.length > 0,
		"--pid cannot be combined with a command: leave one of them out.",
	],
	[
		(o) => o.command.length > 0,
		(o) => o.comm !== null,
		"--comm cannot be combined with a command: leave one of them out.",
	],
	[
		(o) => o.follow.length > 0,
		(o) => o.pids.length > 0 || o.comm !== null || o.command.length > 0,
		"--follow cannot be combined with --pid, --comm or a command: leave one of them out.",
	],
	[isPlayed, (o) => o.follow.length > 0, "--follow is about the live machine: a recording has what was seen then."],
	[(o) => o.config !== null, (o) => o.noConfig, "--config and --no-config exclude each other: use one of them."],
	[(o) => o.probes, isPlayed, "--probes is about the live machine, not about a recording."],
	[(o) => o.disk, (o) => o.source === "proc", "--disk needs BPF: leave out --source proc."],
	[(o) => o.sched, (o) => o.source === "proc", "--sched needs BPF: leave out --source proc."],
	[(o) => o.lookups, (o) => o.source === "proc", "--lookups needs BPF: leave out --source proc."],
	[(o) => o.latency, (o) => o.source === "proc", "--latency needs BPF: leave out --source proc."],
];

/** Options that do not apply to the output of --seccomp-profile. */
const NOT_WITH_PROFILE: readonly Given[] = [
	(o) => o.json || o.batch || o.once || o.probes || o.latency || o.disk || o.sched || o.lookups || o.threads,
	(o) => o.pids.length > 0 || o.follow.length > 0 || o.panes.length > 0,
	(o) => o.redact.length > 0,
	(o) => [o.comm, o.filter, o.keepWhen, o.events, o.record, o.dot, o.source].some((value) => value !== null),
	isPlayed,
];

/** Throws a Failure about the first contradiction. */
export function refuseContradictions(options: Options): void {
	const found = CONTRADICTIONS.find(([left, right]) => left(options) && right(options));
	if (found !== undefined) throw usage(found[2]);
	if (options.seccompProfile !== null) refuseWithProfile(options);
}

function refuseWithProfile(options: Options): void {
	const { seccompProfile, command } = options;
	if (NOT_WITH_PROFILE.some((isGiven) => isGiven(options))) {
		throw usage(
			"--seccomp-profile only prints a profile: of the other options only --delay and --count can be combined with it.",
		);
	}
	if (seccompProfile === "command" && command.length === 0) {
		throw usage("--seccomp-profile - needs a command: ebtop --seccomp-profile - -- CMD.");
	}
	if (seccompProfile !== "command" && command.length > 0) {
		throw usage("A profile is of one process or of a command: for the command use --seccomp-profile -.");
	}
}
