/**
 * What `--record` writes to: a file takes the batches as they come, a folder of segments what is shown, and so does a file from
 * which texts are to be kept, since batches have all of them.
 */

import { statSync } from "node:fs";
import type { Options } from "../cli/command-line.ts";
import { usage } from "../cli/values.ts";
import { version } from "../cli/version.ts";
import { Failure, systemReason } from "../failure.ts";
import { formatBytes } from "../format/quantity.ts";
import { StateBlocks } from "../history/state-blocks.ts";
import type { FeedInfo } from "../model/feed/feed.ts";
import { Recorder } from "../model/feed/recorder.ts";
import { encodeBegin, encodeEnd } from "../model/feed/recording-format.ts";
import { OutputFile } from "../model/feed/regular-file.ts";
import type { Store } from "../model/store.ts";
import { SegmentFolder } from "../save/segment-folder.ts";
import { type Retention, SegmentWriter } from "../save/segment-writer.ts";
import { Thinner } from "../save/thinner.ts";
import type { BatchSink } from "./pipeline.ts";
import { recordedOptions, shownInfo } from "./recorded-info.ts";

/** Opened before anything is started. */
export interface RecordingTarget {
	begin(info: FeedInfo, store: Store): RunningRecording;
	/** Nothing will be written. */
	discard(): void;
}

export interface RunningRecording extends BatchSink {
	/** A row for the table of health. */
	readonly row: readonly string[];
}

/**
 * Null if nothing is recorded, or if it goes to stdout (`modes/stream.ts`). `tell` takes a sentence when writing has failed.
 * Throws a Failure of status 2.
 */
export function openTarget(options: Options, tell: (notice: string) => void): RecordingTarget | null {
	const { record: path, keep, thin } = options;
	if (path === null || path === "-") return null;
	const isFolder = path.endsWith("/") || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
	if (!isFolder && (keep.length > 0 || thin)) {
		throw usage(
			`${thin ? "--thin" : "--keep"} says what stays of a folder, and ${path} is a file: name a folder, or with a / behind it a new one.`,
		);
	}
	const guard = new Guard(path, tell);
	try {
		return isFolder
			? folderTarget(new SegmentFolder(path), options, guard)
			: (options.redact.length > 0 ? shownFileTarget : fileTarget)(new OutputFile(path), options, guard);
	} catch (error) {
		throw usage(`Cannot record to ${path}: ${systemReason(error)}.`);
	}
}

/** Where writing fails it ends, and the run goes on; the run's end reports it again. */
class Guard {
	readonly #path: string;
	readonly #tell: (notice: string) => void;
	failure: Failure | null = null;

	constructor(path: string, tell: (notice: string) => void) {
		this.#path = path;
		this.#tell = tell;
	}

	try(action: () => void): void {
		if (this.failure !== null) return;
		try {
			action();
		} catch (error) {
			this.fail(error as Error);
		}
	}

	fail(error: Error): void {
		if (this.failure !== null) return;
		const reason = `Cannot write the recording ${this.#path}: ${systemReason(error)}.`;
		this.failure = new Failure(`${reason} What was written before can be played.`, 1);
		this.#tell(`${reason} Nothing more is recorded.`);
	}

	row(what: string): readonly string[] {
		return ["recording", this.failure === null ? "on" : "stopped", what, "-"];
	}
}

function fileTarget(file: OutputFile, options: Options, guard: Guard): RecordingTarget {
	return {
		begin(info) {
			let recorder: Recorder | null = null;
			guard.try(() => {
				recorder = new Recorder(file, info, version(), recordedOptions(options));
			});
			return {
				get row() {
					return guard.row(formatBytes(file.length));
				},
				write: (batch) => guard.try(() => recorder?.write(batch)),
				close() {
					if (guard.failure === null) guard.try(() => recorder?.close());
					else file.close();
					if (guard.failure !== null) throw guard.failure;
				},
			};
		},
		discard: () => file.close(),
	};
}

function shownFileTarget(file: OutputFile, options: Options, guard: Guard): RecordingTarget {
	return {
		begin(info, store) {
			const blocks = new StateBlocks();
			guard.try(() => file.write(encodeBegin(shownInfo(info, options))));
			const unsubscribe = store.subscribe((snapshot) =>
				guard.try(() => file.write(Buffer.concat(blocks.write(snapshot)))),
			);
			return {
				get row() {
					return guard.row(formatBytes(file.length));
				},
				write() {},
				close() {
					unsubscribe();
					guard.try(() => file.write(encodeEnd()));
					file.close();
					if (guard.failure !== null) throw guard.failure;
				},
			};
		},
		discard: () => file.close(),
	};
}

const EVERYTHING: Retention = { bytes: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY };

function folderTarget(folder: SegmentFolder, options: Options, guard: Guard): RecordingTarget {
	return {
		begin(feed, store) {
			const info = shownInfo(feed, options);
			const retention: Retention = Object.assign({}, EVERYTHING, ...options.keep);
			const thinner = options.thin ? new Thinner(folder) : null;
			const writer = new SegmentWriter(folder, info, retention, (error) => guard.fail(error), thinner);
			const unsubscribe = store.subscribe((snapshot) => guard.try(() => writer.write(snapshot)));
			return {
				get row() {
					return guard.row(`${formatBytes(writer.bytes)}, ${writer.segments} segments`);
				},
				write() {},
				close() {
					unsubscribe();
					if (guard.failure === null) guard.try(() => writer.close());
					if (guard.failure !== null) throw guard.failure;
				},
			};
		},
		discard: () => folder.close(),
	};
}
