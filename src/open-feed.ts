/** Chooses where the batches come from: a recording, BPF, or /proc where BPF cannot be used. */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { usage } from "./cli/values.ts";
import type { Options } from "./cli.ts";
import { Failure, systemReason } from "./failure.ts";
import type { Feed } from "./model/feed/feed.ts";
import { loadAddon, NativeFeed, type SessionOptions } from "./model/feed/native.ts";
import { RecordingError } from "./model/feed/recording-format.ts";
import { ReplayFeed, type ReplayOptions } from "./model/feed/replay.ts";
import type { PaneName } from "./model/snapshot.ts";

type Concern = NonNullable<SessionOptions["concerns"]>[number];

const CONCERNS: Readonly<Record<PaneName, Concern>> = {
	processes: "process",
	syscalls: "syscall",
	ipc: "ipc",
	files: "file",
	tcp: "tcp",
};

export interface OpenedFeed {
	readonly feed: Feed;
	/** Why this is not all that ebtop can see, a sentence; null where it is. */
	readonly note: string | null;
}

const PROC_NOTE = "This is what /proc tells; leave out --source proc to see everything.";

/** The feed that the options ask for, ready to start; throws a Failure. */
export function openFeed(options: Options, pace: ReplayOptions["pace"]): OpenedFeed {
	const path = options.demo ? demoPath() : options.replay;
	return path === null ? openLive(options) : { feed: openRecording(path, pace), note: null };
}

function openRecording(path: string, pace: ReplayOptions["pace"]): ReplayFeed {
	try {
		return new ReplayFeed(path, { pace });
	} catch (error) {
		throw recordingFailure(path, error as Error);
	}
}

/** What is told about a recording that cannot be opened, or whose rest cannot be read. */
export function recordingFailure(path: string, error: Error): Failure {
	const reason = error instanceof RecordingError ? error.message : systemReason(error);
	return usage(`Cannot play ${path}: ${reason}.`);
}

/** The recording that ships with the program, from the sources and from the bundle alike. */
export function demoPath(): string {
	const here = dirname(fileURLToPath(import.meta.url));
	const found = [join(here, "../demo/demo.ebtop"), join(here, "demo/demo.ebtop")].find((path) => existsSync(path));
	if (found !== undefined) return found;
	throw new Failure("The recording for --demo is missing from this installation: install ebtop again.", 1);
}

function openLive(options: Options): OpenedFeed {
	const addon = asFailure(loadAddon);
	const open = (source: SessionOptions["source"]): Feed =>
		asFailure(() => new NativeFeed(addon, sessionOptions(options, source), options.delaySeconds));
	if (options.source === "proc") return { feed: open("proc"), note: PROC_NOTE };
	let why = addon.whyNoBpf();
	if (why === null) {
		try {
			return { feed: open("bpf"), note: null };
		} catch (error) {
			if (!(error instanceof Failure) || error.status !== 3) throw error;
			why = error.message;
		}
	}
	if (options.requireBpf) throw new Failure(why, 3);
	return { feed: openFallback(() => open("proc"), why), note: why };
}

/** Where /proc does not do either, why BPF does not is what helps. */
function openFallback(open: () => Feed, why: string): Feed {
	try {
		return open();
	} catch (error) {
		if (error instanceof Failure && error.status === 3) throw new Failure(why, 3);
		throw error;
	}
}

function sessionOptions(options: Options, source: SessionOptions["source"]): SessionOptions {
	// Every row names its process, so processes are always followed.
	const concerns = new Set<Concern>(["process", ...options.panes.map((name) => CONCERNS[name])]);
	return {
		source,
		concerns: [...concerns],
		...(options.pids.length > 0 ? { pids: options.pids } : {}),
		...(options.comm === null ? {} : { comm: options.comm }),
		latency: options.latency && source === "bpf",
		noArgs: options.noArgs,
	};
}

const STATUS_OF_CODE: Readonly<Record<string, 2 | 3>> = { EBTOP_USAGE: 2, EBTOP_UNSUPPORTED: 3 };

/** Gives what the addon throws the exit status that its code stands for. */
function asFailure<Result>(action: () => Result): Result {
	try {
		return action();
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw new Failure(message, STATUS_OF_CODE[code ?? ""] ?? 1);
	}
}
