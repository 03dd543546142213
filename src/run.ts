/** Makes the pipeline of one run from its options. */

import { writeFileSync } from "node:fs";
import { usage } from "./cli/values.ts";
import { version } from "./cli/version.ts";
import type { Options } from "./cli.ts";
import { Failure, systemReason } from "./failure.ts";
import type { Feed } from "./model/feed/feed.ts";
import { Recorder } from "./model/feed/recorder.ts";
import { RecordingError } from "./model/feed/recording-format.ts";
import type { ReplayOptions } from "./model/feed/replay.ts";
import { Model } from "./model/model.ts";
import type { Store } from "./model/store.ts";
import { openFeed, recordingFailure } from "./open-feed.ts";
import { DotGraph } from "./output/dot.ts";
import { type BatchSink, Pipeline } from "./pipeline.ts";

export interface Run {
	readonly pipeline: Pipeline;
	/** Why this is not all that ebtop can see, a sentence; null where it is. */
	readonly note: string | null;
	setDelay(seconds: number): void;
}

/** Opens everything, so that what cannot work fails here; nothing is delivered before `pipeline.start()`. */
export async function openRun(options: Options, pace: ReplayOptions["pace"], store: Store): Promise<Run> {
	const { feed, note } = await openFeed(options, pace);
	const recorder = openRecorder(options, feed);
	const model = new Model(feed.info);
	const pipeline = new Pipeline({ feed, model, store, recorder, count: options.count });
	if (options.dot !== null) writeGraphAtEnd(options.dot, options.filter, pipeline, store);
	return { pipeline, note, setDelay: (seconds) => feed.setDelay(seconds) };
}

function openRecorder(options: Options, feed: Feed): BatchSink | null {
	const { record: path } = options;
	if (path === null) return null;
	try {
		return namedRecorder(path, new Recorder(path, feed.info, version(), shownOptions(options)));
	} catch (error) {
		feed.stop(false);
		throw usage(`Cannot record to ${path}: ${systemReason(error)}.`);
	}
}

function writeGraphAtEnd(path: string, filter: Options["filter"], pipeline: Pipeline, store: Store): void {
	const graph = new DotGraph(filter);
	const unsubscribe = store.subscribe(() => {
		const snapshot = store.get();
		if (snapshot !== null) graph.add(snapshot);
	});
	pipeline.ended.then(() => {
		unsubscribe();
		try {
			writeFileSync(path, graph.text(), { mode: 0o600 });
		} catch (error) {
			throw new Failure(`Cannot write the graph to ${path}: ${systemReason(error)}.`, 1);
		}
	});
}

/** The options that shape what is recorded. */
function shownOptions({ pids, comm, delaySeconds, panes, latency, noArgs }: Options): Record<string, unknown> {
	return { pids, comm, delaySeconds, panes: panes.map(({ name }) => name), latency, noArgs };
}

/** What the disk refuses while running is told with the name of the file. */
function namedRecorder(path: string, recorder: Recorder): BatchSink {
	return {
		write(batch) {
			try {
				recorder.write(batch);
			} catch (error) {
				throw new Failure(
					`Cannot write the recording ${path}: ${systemReason(error)}. What was written before is whole.`,
					1,
				);
			}
		},
		close: () => recorder.close(),
	};
}

/** What to tell the user about the way a run ended. */
export function endFailure(error: Error, options: Options): Failure {
	if (error instanceof Failure) return error;
	if (error instanceof RecordingError) return recordingFailure(options.replay ?? "the demo", error);
	return new Failure(`ebtop failed while running: ${error.message.replace(/\.$/, "")}.`, 1);
}
