/** Options that exclude each other, as data. The first such pair is refused with its reason. */

import { KEEPER_NEEDS_MS } from "../history/bounds.ts";
import { MOST_HOSTS } from "../hosts/host.ts";
import type { Options } from "./options.ts";
import { isLoopback, usage } from "./values.ts";

type Given = (options: Options) => boolean;

const isReplay: Given = (options) => options.replay !== null;
const isPlayed: Given = (options) => isReplay(options) || options.demo;
const isView: Given = (options) => options.socket !== null && !options.serve;
const isNarrowed: Given = ({ pids, follow, comm }) => pids.length > 0 || follow.length > 0 || comm !== null;
/** Something is measured otherwise than usual. */
const isMeasured: Given = (o) =>
	o.latency || o.disk || o.sched || o.threads || o.noArgs || o.requireBpf || o.events !== null || o.source !== null;

const areHosts: Given = ({ hosts }) => hosts.length > 0;
const hasTwice: Given = ({ hosts }) => new Set(hosts.map(({ name }) => name)).size < hosts.length;

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
	[
		(o) => o.record === "-",
		(o) => o.json || o.batch || o.once || o.serve || o.thin || o.keep.length > 0,
		"--record - writes the recording to stdout, where nothing else is printed or kept: use it alone, or name a file.",
	],
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
	[isView, (o) => o.noSocket, "--socket and --no-socket exclude each other: use one of them."],
	[isView, isPlayed, "--socket views what a service measures now: leave out the recording."],
	[isView, (o) => o.command.length > 0, "A command is not seen through a service: leave out --socket."],
	[isView, isNarrowed, "A service is not narrowed by those who view it: use --filter 'pid = N'."],
	[isView, isMeasured, "What is measured is said to the service, to ebtop serve: leave out --socket, or this option."],
	[
		isView,
		(o) => o.record !== null,
		"What a service measures is recorded by ebtop serve --record: leave out --socket.",
	],
	[(o) => o.clock, (o) => o.record !== "-", "--clock is about what is recorded to stdout: give --record -."],
	[
		(o) => o.hosts.length > MOST_HOSTS,
		() => true,
		`--host takes up to ${MOST_HOSTS} machines: for more use --listen there, and Prometheus.`,
	],
	[hasTwice, () => true, "--host names a machine twice: each has to have a name of its own."],
	[areHosts, isPlayed, "--host shows machines as they are now: leave out the recording."],
	[
		areHosts,
		(o) => o.socket !== null || o.noSocket,
		"--host uses no service here: leave out --socket and --no-socket.",
	],
	[
		areHosts,
		(o) => o.command.length > 0,
		"A command runs here, and --host shows other machines: leave out one of them.",
	],
	[
		areHosts,
		(o) => o.pids.length > 0 || o.follow.length > 0,
		"A pid is one of one machine: use --filter 'host = NAME and pid = N'.",
	],
	[areHosts, (o) => o.record !== null, "Each machine records for itself: run ebtop --record there."],
	[
		areHosts,
		(o) => o.listen !== null || o.otlp !== null,
		"Each machine has metrics of its own: run ebtop serve there.",
	],
	[
		areHosts,
		(o) => o.serve || o.probes || o.seccompProfile !== null,
		"--host is for the dashboard, --json and --batch.",
	],
	[
		(o) => o.serve,
		(o) => o.json || o.batch || o.once,
		"ebtop serve prints nothing: leave out --json, --batch, --once.",
	],
	[(o) => o.serve, isPlayed, "ebtop serve is about the live machine: leave out the recording."],
	[(o) => o.serve, (o) => o.command.length > 0, "ebtop serve runs no command: leave out what is behind --."],
	[
		(o) => o.serve,
		(o) => o.noSocket || o.filter !== null || o.keepWhen !== null || o.follow.length > 0,
		"ebtop serve has no screen: --filter, --keep-when and --follow go to the viewers, and --no-socket has no meaning.",
	],
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
