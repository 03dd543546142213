/** Makes the pipeline of one run from its options. */

import type { Options } from "../cli/command-line.ts";
import { usage } from "../cli/values.ts";
import { version } from "../cli/version.ts";
import { Failure, systemReason } from "../failure.ts";
import { Followed } from "../follow/followed.ts";
import { FollowOnRequest } from "../follow/on-request.ts";
import { shownAs } from "../follow/shown.ts";
import { inspect } from "../lookups/inspect.ts";
import { NamedFeed } from "../lookups/named-feed.ts";
import type { MetricsServer } from "../metrics/server.ts";
import type { FeedInfo, Measurable } from "../model/feed/feed.ts";
import { type Player, playerOf } from "../model/feed/player.ts";
import { RecordingError } from "../model/feed/recording-format.ts";
import { OutputFile } from "../model/feed/regular-file.ts";
import { ReplayFeed, type ReplayOptions } from "../model/feed/replay.ts";
import type { Inspected } from "../model/inspected.ts";
import { Model } from "../model/model.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Store } from "../model/store.ts";
import type { Exporter } from "../otlp/exporter.ts";
import { hideStandardStreams, writeDebugText } from "../output/door.ts";
import { DotGraph } from "../output/dot.ts";
import type { Redactor } from "../redact/redactor.ts";
import { beginningAt } from "./beginning.ts";
import type { RunListener } from "./listener.ts";
import { openFeed } from "./open-feed.ts";
import { demoPath, recordingFailure } from "./open-recording.ts";
import { Pipeline } from "./pipeline.ts";
import type { RecordingTarget } from "./recording-target.ts";

export interface Run {
	readonly pipeline: Pipeline;
	readonly info: FeedInfo;
	/** Null if no recording is played. */
	readonly player: Player | null;
	/** Of --otlp, a row for the table of health; null without it. */
	exporting(): readonly string[] | null;
	/** Of --record, a row for the table of health; null without it. */
	recording(): readonly string[] | null;
	/** Why ebtop does not see everything, a sentence; null if it does. */
	readonly note: string | null;
	/** What is seen, in capitals, for the header; null for this machine, measured here. */
	readonly label: string | null;
	setDelay(seconds: number): void;
	/** Sets what is on the screen now. */
	want(things: readonly Measurable[]): void;
	/** Why no process can be chosen to be followed, a sentence; null if one can. */
	readonly whyNoFollow: string | null;
	/** Follows this process instead of the previous one; null: none. Returns why that is not possible, or null. */
	follow(pid: number | null): string | null;
	/** Reads what may be asked about a process; a sentence if there is nothing. */
	inspect(pid: number, start: string): Promise<Inspected | string>;
	/** Attaches what the first refresh can do without; null if everything is attached. */
	readonly complete: (() => Promise<void>) | null;
	/** Drops for good the rights that are not needed once this run and its output are open. */
	lockDown(): Promise<void>;
}

/**
 * Opens everything, so that errors occur here; nothing is delivered before `pipeline.start()`. `listener` is told
 * what goes wrong while the run continues.
 */
export async function openRun(
	options: Options,
	pace: ReplayOptions["pace"],
	store: Store,
	listener: RunListener = { tell: () => {} },
): Promise<Run> {
	const files = await openFiles(options, (notice) => listener.tell(notice));
	let metrics: MetricsServer | null = null;
	let player: ReplayFeed | null = null;
	try {
		metrics = await openMetrics(options, store);
		const exporter = await openOtlp(options, store, (notice) => listener.tell(notice));
		const isBegun = openBeginning(options, () => player?.uptimeMs ?? 0);
		const opened = await openFeed(options, pace, listener);
		const { feed: source, snapshots, names, note, label } = opened;
		const requested = new FollowOnRequest();
		const observer = options.follow.length > 0 ? new Followed(options.follow, { show: shownAs(1) }) : requested;
		const model = new Model(source.info, {}, observer);
		const feed = names === null ? source : new NamedFeed(source, names, () => model.liveContainers());
		const redactor = await openRedactor(options);
		const info = redactor === null ? source.info : redactor.info(source.info);
		const recorder = files.recording?.begin(info, store) ?? null;
		const atEnd = files.graph && gatherGraph(files.graph, options, store);
		player = source instanceof ReplayFeed ? source : null;
		if (player !== null && options.speed !== null) player.setSpeed(options.speed);
		const count = options.once ? 1 : options.count;
		const reader = snapshots ?? model;
		const pipeline = new Pipeline({
			feed,
			model: redactor?.reader(reader) ?? reader,
			store,
			recorder,
			atEnd,
			count,
			isBegun,
			flush: exporter && (() => exporter.close()),
		});
		if (isBegun !== null && player !== null) player.hurryUntil(() => pipeline.hasBegun);
		void pipeline.ended.then(() => metrics?.close());
		return {
			pipeline,
			info,
			player: player && playerOf(player, store),
			recording: () => recorder?.row ?? null,
			exporting: () => exporter?.row() ?? null,
			note,
			label,
			setDelay: (seconds) => feed.setDelay(seconds),
			want: (things) => feed.want(things),
			whyNoFollow: opened.whyNoFollow ?? whyNoFollow(options, source.info),
			follow: (pid) => {
				try {
					feed.follow(pid);
				} catch (error) {
					return error instanceof Error ? error.message : String(error);
				}
				requested.follow(pid);
				return null;
			},
			inspect: async (pid, start) =>
				opened.files === null ? NOT_HERE : inspect(opened.files, { pid, start }, whyNoEnvironment(options)),
			complete: opened.complete,
			lockDown: () => printNotDropped(opened.lockDown()),
		};
	} catch (error) {
		files.recording?.discard();
		files.graph?.close();
		metrics?.close();
		throw error;
	}
}

/** With which snapshot the run begins; null: the first. Throws a Failure of status 2. */
function openBeginning({ at, replay }: Options, uptimeMs: () => number): ((snapshot: Snapshot) => boolean) | null {
	if (at === null) return null;
	const path = replay ?? demoPath();
	try {
		return beginningAt(at, path, uptimeMs);
	} catch (error) {
		throw error instanceof Failure ? error : recordingFailure(path, error as Error);
	}
}

const NOT_HERE =
	"This is read from /proc when it is asked for: only of processes of this machine, measured by this ebtop.";

function whyNoEnvironment({ noArgs, redact }: Options): string | null {
	if (noArgs) return "It is not read with --no-args.";
	return redact.length > 0 ? "It is not read with --redact." : null;
}

function whyNoFollow({ follow, pids, comm }: Options, { source }: FeedInfo): string | null {
	if (source === "proc") return "Following a process needs BPF.";
	if (follow.length > 0) return "ebtop was started with --follow: without it, F can choose a process.";
	if (pids.length > 0 || comm !== null) return "With --pid or --comm no process can be chosen: use --follow PID.";
	return null;
}

/** Loads it, and the schema, only if it is needed. */
async function openRedactor({ redact }: Options): Promise<Redactor | null> {
	if (redact.length === 0) return null;
	const { Redactor } = await import("../redact/redactor.ts");
	return new Redactor(redact);
}

/** Loads the library only if it is needed. */
async function openMetrics({ listen, metricsCompat }: Options, store: Store): Promise<MetricsServer | null> {
	if (listen === null) return null;
	const { serveMetrics } = await import("../metrics/server.ts");
	return serveMetrics(listen, store, version(), metricsCompat);
}

/** The same. */
async function openOtlp({ otlp }: Options, store: Store, tell: (notice: string) => void): Promise<Exporter | null> {
	if (otlp === null) return null;
	hideStandardStreams();
	const { openExporter } = await import("../otlp/exporter.ts");
	return openExporter(otlp, store, version(), tell);
}

/** Reports what could not be dropped; `--probes` shows it too. */
async function printNotDropped(sentences: string): Promise<void> {
	if (sentences !== "" && process.env.EBTOP_DEBUG !== undefined) await writeDebugText(`${sentences}\n`);
}

/** The files that the run writes. Opened first, so that nothing is started if one cannot be written. */
interface Files {
	readonly recording: RecordingTarget | null;
	readonly graph: OutputFile | null;
}

async function openFiles(options: Options, tell: (notice: string) => void): Promise<Files> {
	const recording = options.record === null ? null : (await import("./recording-target.ts")).openTarget(options, tell);
	try {
		return { recording, graph: options.dot === null ? null : openGraph(options.dot) };
	} catch (error) {
		recording?.discard();
		throw error;
	}
}

function openGraph(path: string): OutputFile {
	try {
		return new OutputFile(path);
	} catch (error) {
		throw usage(`Cannot write the graph to ${path}: ${systemReason(error)}.`);
	}
}

/** Collects the links from now on; the returned function writes their graph. */
function gatherGraph(file: OutputFile, { dot, filter }: Options, store: Store): () => void {
	const graph = new DotGraph(filter);
	const unsubscribe = store.subscribe((snapshot) => graph.add(snapshot));
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

/** What to tell the user about how a run ended. */
export function endFailure(error: Error, options: Options): Failure {
	if (error instanceof Failure) return error;
	if (error instanceof RecordingError) return recordingFailure(options.replay ?? "the demo", error);
	return new Failure(`ebtop failed while running: ${error.message.replace(/\.$/, "")}.`, 1);
}
