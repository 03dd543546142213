/** Makes the pipeline of one run from its options. */

import type { Options } from "../cli/command-line.ts";
import { usage } from "../cli/values.ts";
import { version } from "../cli/version.ts";
import { Failure, systemReason } from "../failure.ts";
import { Followed } from "../follow/followed.ts";
import { FollowOnRequest } from "../follow/on-request.ts";
import { shownAs } from "../follow/shown.ts";
import { NamedFeed } from "../lookups/named-feed.ts";
import type { MetricsServer } from "../metrics/server.ts";
import type { Feed, FeedInfo, Measurable } from "../model/feed/feed.ts";
import { Recorder } from "../model/feed/recorder.ts";
import { RecordingError } from "../model/feed/recording-format.ts";
import { OutputFile } from "../model/feed/regular-file.ts";
import type { ReplayOptions } from "../model/feed/replay.ts";
import { Model } from "../model/model.ts";
import type { Store } from "../model/store.ts";
import { writeDebugText } from "../output/door.ts";
import { DotGraph } from "../output/dot.ts";
import { openFeed, recordingFailure } from "./open-feed.ts";
import { type BatchSink, Pipeline } from "./pipeline.ts";

export interface Run {
	readonly pipeline: Pipeline;
	readonly info: FeedInfo;
	/** Why ebtop does not see everything, a sentence; null if it does. */
	readonly note: string | null;
	setDelay(seconds: number): void;
	/** Sets what is on the screen now. */
	want(things: readonly Measurable[]): void;
	/** Why no process can be chosen to be followed, a sentence; null if one can. */
	readonly whyNoFollow: string | null;
	/** Follows this process instead of the previous one; null: none. Returns why that is not possible, or null. */
	follow(pid: number | null): string | null;
	/** Drops for good the rights that are not needed once this run and its output are open. */
	lockDown(): Promise<void>;
}

/** Opens everything, so that errors occur here; nothing is delivered before `pipeline.start()`. */
export async function openRun(options: Options, pace: ReplayOptions["pace"], store: Store): Promise<Run> {
	const files = openFiles(options);
	let metrics: MetricsServer | null = null;
	try {
		metrics = await openMetrics(options, store);
		const { feed: source, snapshots, names, note, lockDown } = await openFeed(options, pace);
		const requested = new FollowOnRequest();
		const observer = options.follow.length > 0 ? new Followed(options.follow, { show: shownAs(1) }) : requested;
		const model = new Model(source.info, {}, observer);
		const feed = names === null ? source : new NamedFeed(source, names, () => model.liveContainers());
		const recorder = files.recording && openRecorder(files.recording, options, feed);
		const atEnd = files.graph && gatherGraph(files.graph, options, store);
		const count = options.once ? 1 : options.count;
		const pipeline = new Pipeline({ feed, model: snapshots ?? model, store, recorder, atEnd, count });
		void pipeline.ended.then(() => metrics?.close());
		return {
			pipeline,
			info: source.info,
			note,
			setDelay: (seconds) => feed.setDelay(seconds),
			want: (things) => feed.want(things),
			whyNoFollow: whyNoFollow(options, source.info),
			follow: (pid) => {
				try {
					feed.follow(pid);
				} catch (error) {
					return error instanceof Error ? error.message : String(error);
				}
				requested.follow(pid);
				return null;
			},
			lockDown: () => printNotDropped(lockDown()),
		};
	} catch (error) {
		files.recording?.close();
		files.graph?.close();
		metrics?.close();
		throw error;
	}
}

function whyNoFollow({ replay, demo, follow, pids, comm }: Options, { source }: FeedInfo): string | null {
	if (replay !== null || demo) return "A process cannot be followed in a recording.";
	if (source === "proc") return "Following a process needs BPF.";
	if (follow.length > 0) return "ebtop was started with --follow: without it, F can choose a process.";
	if (pids.length > 0 || comm !== null) return "With --pid or --comm no process can be chosen: use --follow PID.";
	return null;
}

/** Loads the library only if it is needed. */
async function openMetrics({ listen }: Options, store: Store): Promise<MetricsServer | null> {
	if (listen === null) return null;
	const { serveMetrics } = await import("../metrics/server.ts");
	return serveMetrics(listen, store, version());
}

/** Reports what could not be dropped; `--probes` shows it too. */
async function printNotDropped(sentences: string): Promise<void> {
	if (sentences !== "" && process.env.EBTOP_DEBUG !== undefined) await writeDebugText(`${sentences}\n`);
}

/** The files that the run writes. Opened first, so that nothing is started if one cannot be written. */
interface Files {
	readonly recording: OutputFile | null;
	readonly graph: OutputFile | null;
}

function openFiles({ record, dot }: Options): Files {
	const recording = record === null ? null : openFile(record, "record");
	try {
		return { recording, graph: dot === null ? null : openFile(dot, "write the graph") };
	} catch (error) {
		recording?.close();
		throw error;
	}
}

function openFile(path: string, what: string): OutputFile {
	try {
		return new OutputFile(path);
	} catch (error) {
		throw usage(`Cannot ${what} to ${path}: ${systemReason(error)}.`);
	}
}

/** An error of the disk while running is reported with the name of the file. */
function openRecorder(file: OutputFile, options: Options, feed: Feed): BatchSink {
	const asFailure = <Result>(action: () => Result): Result => {
		try {
			return action();
		} catch (error) {
			const reason = `Cannot write the recording ${options.record}: ${systemReason(error)}.`;
			throw new Failure(`${reason} What was written before can be played.`, 1);
		}
	};
	try {
		const recorder = asFailure(() => new Recorder(file, feed.info, version(), shownOptions(options)));
		return {
			write: (batch) => asFailure(() => recorder.write(batch)),
			close: () => asFailure(() => recorder.close()),
		};
	} catch (error) {
		feed.stop(false);
		throw error;
	}
}

/** Collects the links from now on; the returned function writes their graph. */
function gatherGraph(file: OutputFile, { dot, filter }: Options, store: Store): () => void {
	const graph = new DotGraph(filter);
	const unsubscribe = store.subscribe(() => {
		const snapshot = store.get();
		if (snapshot !== null) graph.add(snapshot);
	});
	return () => {
		unsubscribe();
		try {
			file.write(Buffer.from(graph.text()));
		} catch (error) {
			throw new Failure(`Cannot write the graph to ${dot}: ${systemReason(error)}.`, 1);
		} finally {
			file.close();
		}
	};
}

/** The options that affect what is recorded. */
function shownOptions({ pids, comm, delaySeconds, panes, events, latency, noArgs }: Options): Record<string, unknown> {
	return { pids, comm, delaySeconds, panes: panes.map(({ name }) => name), events, latency, noArgs };
}

/** What to tell the user about how a run ended. */
export function endFailure(error: Error, options: Options): Failure {
	if (error instanceof Failure) return error;
	if (error instanceof RecordingError) return recordingFailure(options.replay ?? "the demo", error);
	return new Failure(`ebtop failed while running: ${error.message.replace(/\.$/, "")}.`, 1);
}
