/** Options that exclude each other, as data. The first such pair is refused with its reason. */

import { KEEPER_NEEDS_MS } from "../history/bounds.ts";
import type { Options } from "./options.ts";
import { isLoopback, usage } from "./values.ts";

type Given = (options: Options) => boolean;

const isReplay: Given = (options) => options.replay !== null;
const isPlayed: Given = (options) => isReplay(options) || options.demo;

const CONTRADICTIONS: readonly [Given, Given, string][] = [
	[(o) => o.json, (o) => o.batch, "--json and --batch are two ways to print the same: give one of them."],
	[(o) => o.once, (o) => o.count !== null, "--once ends after one interval, --count after others: give one of them."],
	[(o) => o.once, (o) => !o.json && !o.batch, "--once prints one snapshot: say how, with --json or --batch."],
	[(o) => o.record !== null, (o) => o.record === o.dot, "--record and --dot cannot write to one file: name two."],
	[
		(o) => o.allowRemote,
		(o) => o.listen === null,
		"--allow-remote says who may read what --listen serves: give --listen.",
	],
	[
		(o) => o.listen !== null && !isLoopback(o.listen.address),
		(o) => !o.allowRemote,
		"With that address other machines can read the metrics, and without any authentication: add --allow-remote to allow that.",
	],
	[
		(o) => o.keepWhen !== null,
		(o) => o.historyMs < KEEPER_NEEDS_MS,
		"--keep-when saves a minute before and after: --history must be at least 3m.",
	],
	[isReplay, (o) => o.demo, "--replay and --demo both say what to play: give one of them."],
	[(o) => o.requireBpf, (o) => o.source === "proc", "--require-bpf and --source proc contradict each other."],
	[isPlayed, (o) => o.record !== null, "A recording that is played back cannot be recorded again: copy its file."],
	[isPlayed, (o) => o.pids.length > 0, "--pid acts while recording: use --filter 'pid = N' for a recording."],
	[isPlayed, (o) => o.comm !== null, "--comm acts while recording: use --filter 'comm ~ …' for a recording."],
	[isPlayed, (o) => o.latency, "--latency acts while recording: a recording has what was measured then."],
	[isPlayed, (o) => o.disk, "--disk acts while recording: a recording has what was measured then."],
	[isPlayed, (o) => o.sched, "--sched acts while recording: a recording has what was measured then."],
	[isPlayed, (o) => o.threads, "--threads acts while recording: a recording has what was measured then."],
	[isPlayed, (o) => o.events !== null, "--events acts while recording: use --filter 'type = …' for a recording."],
	[isPlayed, (o) => o.noArgs, "--no-args acts while recording: a recording has what was read then."],
	[isPlayed, (o) => o.requireBpf, "--require-bpf is about the live machine: a recording needs no BPF."],
	[isPlayed, (o) => o.source !== null, "--source is about the live machine: a recording has its own source."],
	[isPlayed, (o) => o.command.length > 0, "A command runs on the live machine: leave out the recording."],
	[
		(o) => o.command.length > 0,
		(o) => o.pids.length > 0,
		"A command is followed alone: leave out --pid or the command.",
	],
	[
		(o) => o.command.length > 0,
		(o) => o.comm !== null,
		"A command is followed alone: leave out --comm or the command.",
	],
	[
		(o) => o.follow.length > 0,
		(o) => o.pids.length > 0 || o.comm !== null || o.command.length > 0,
		"What is followed is followed alone: leave out --pid, --comm and the command, or --follow.",
	],
	[isPlayed, (o) => o.follow.length > 0, "--follow is about the live machine: a recording has what was seen then."],
	[(o) => o.config !== null, (o) => o.noConfig, "--config and --no-config contradict each other: give one of them."],
	[(o) => o.probes, isPlayed, "--probes is about the live machine, not about a recording."],
	[(o) => o.disk, (o) => o.source === "proc", "--disk needs BPF: leave out --source proc."],
	[(o) => o.sched, (o) => o.source === "proc", "--sched needs BPF: leave out --source proc."],
	[(o) => o.latency, (o) => o.source === "proc", "--latency needs BPF: leave out --source proc."],
];

/** It prints something other than what these options apply to. */
const NOT_WITH_PROFILE: readonly Given[] = [
	(o) => o.json || o.batch || o.once || o.probes || o.latency || o.disk || o.sched || o.threads,
	(o) => o.pids.length > 0 || o.follow.length > 0 || o.panes.length > 0,
	(o) => [o.comm, o.filter, o.keepWhen, o.events, o.record, o.dot, o.source].some((value) => value !== null),
	isPlayed,
];

/** Throws the sentence about the first contradiction. */
export function refuseContradictions(options: Options): void {
	const found = CONTRADICTIONS.find(([left, right]) => left(options) && right(options));
	if (found !== undefined) throw usage(found[2]);
	if (options.seccompProfile !== null) refuseBesideProfile(options);
}

function refuseBesideProfile(options: Options): void {
	const { seccompProfile, command } = options;
	if (NOT_WITH_PROFILE.some((isGiven) => isGiven(options))) {
		throw usage(
			"--seccomp-profile prints a profile and nothing else: of the other options only --delay and --count go with it.",
		);
	}
	if (seccompProfile === "command" && command.length === 0) {
		throw usage("--seccomp-profile - needs a command: ebtop --seccomp-profile - -- CMD.");
	}
	if (seccompProfile !== "command" && command.length > 0) {
		throw usage("The profile is that of one process or of a command: for the command give --seccomp-profile -.");
	}
}
