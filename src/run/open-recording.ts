/** Opens a recording to be played. */

import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";
import type { Options } from "../cli/command-line.ts";
import { usage } from "../cli/values.ts";
import { Failure, systemReason } from "../failure.ts";
import { quietTimeOf } from "../model/feed/being-written.ts";
import { FileBytes, StreamBytes } from "../model/feed/recording-bytes.ts";
import { RecordingError } from "../model/feed/recording-format.ts";
import { openStream, RecordingReader } from "../model/feed/recording-reader.ts";
import { ReplayFeed, type ReplayOptions } from "../model/feed/replay.ts";
import { listSegmentsToPlay } from "../model/feed/segment-names.ts";
import { type Beginning, SegmentsReader } from "../model/feed/segments-reader.ts";
import { placeOf } from "./beginning.ts";
import { lockDownWithoutSession } from "./lock-down.ts";
import type { OpenedFeed } from "./opened-feed.ts";
import type { BatchReader } from "./pipeline.ts";

/** The reader of snapshots is loaded only if a recording has them. */
async function readerOf({ recording }: ReplayFeed): Promise<BatchReader | null> {
	if (recording.content !== "snapshots") return null;
	const { StateReader } = await import("../history/state-reader.ts");
	return new StateReader();
}

/** A file, a folder of segments, or - for what comes on stdin. Rejects with a Failure of status 2. */
export async function openRecording(path: string, pace: ReplayOptions["pace"], options: Options): Promise<OpenedFeed> {
	const feed = await openReplay(path, pace, options);
	const label = options.demo ? "DEMO" : `REPLAY ${basename(path)}`;
	const snapshots = await readerOf(feed);
	const whyNoFollow = "A process cannot be followed in a recording.";
	return {
		feed,
		snapshots,
		names: null,
		files: null,
		note: null,
		label,
		whyNoFollow,
		complete: null,
		lockDown: lockDownWithoutSession,
	};
}

/** What is still being written is played up to its end first, and then as it comes. */
async function openReplay(path: string, pace: ReplayOptions["pace"], options: Options): Promise<ReplayFeed> {
	if (path === "-" && isatty(0)) {
		throw usage("--replay - plays a recording that comes on stdin, and that is the terminal: pipe one into it.");
	}
	try {
		if (path === "-") return new ReplayFeed(await openStream(new StreamBytes(process.stdin)), { pace });
		const isFolder = statSync(path).isDirectory();
		const last = isFolder ? join(path, listSegmentsToPlay(path).at(-1)?.name ?? "") : path;
		const quietMs = options.demo || pace === "read" ? null : quietTimeOf(last);
		const beginning = await beginningOf(path, options);
		const input = isFolder
			? new SegmentsReader(path, beginning, quietMs)
			: new RecordingReader(new FileBytes(path, quietMs));
		if (input instanceof RecordingReader && beginning !== null) input.skipTo(beginning.isBefore);
		return new ReplayFeed(input, { pace, isLive: quietMs !== null && options.at === null && options.speed === null });
	} catch (error) {
		throw recordingFailure(path, error as Error);
	}
}

async function beginningOf(path: string, { at }: Options): Promise<Beginning | null> {
	if (at === null) return null;
	const { clockOf } = await import("../history/state-reader.ts");
	return placeOf(at, path, clockOf);
}

/** The error for a recording that cannot be opened, or not be read to its end. */
export function recordingFailure(path: string, error: Error): Failure {
	const reason = error instanceof RecordingError ? error.message : systemReason(error);
	return usage(`Cannot play ${path}: ${reason}.`);
}

/** The recording that ships with the program; works from the sources and from the bundle. */
export function demoPath(): string {
	const here = dirname(fileURLToPath(import.meta.url));
	const found = ["demo", "../demo", "../../demo"].map((folder) => join(here, folder, "demo.ebtop")).find(existsSync);
	if (found !== undefined) return found;
	throw new Failure("The recording for --demo is missing from this installation: install ebtop again.", 1);
}
