/** Chooses where the batches come from: a recording, BPF, or /proc if BPF cannot be used. */

import type { Options } from "../cli/command-line.ts";
import { addonFailure, Failure } from "../failure.ts";
import { ContainerNames } from "../lookups/container-names.ts";
import { EVENT_GROUPS, type EventType, USUAL_EVENTS } from "../model/event-types.ts";
import { foreignFiles, loadAddon, type SessionOptions } from "../model/feed/addon.ts";
import type { Measurable } from "../model/feed/feed.ts";
import { type NativeFeed, openNativeFeed } from "../model/feed/native.ts";
import type { ReplayOptions } from "../model/feed/replay.ts";
import type { TableName } from "../model/snapshot.ts";
import { concernsOf } from "../model/table-kinds.ts";
import { writeDebugText } from "../output/door.ts";
import type { Pane } from "../panes/pane.ts";
import type { RunListener } from "./listener.ts";
import { openHosts } from "./open-hosts.ts";
import { demoPath, openRecording } from "./open-recording.ts";
import { openService, openUsualService } from "./open-service.ts";
import type { OpenedFeed } from "./opened-feed.ts";

const PROC_NOTE = "Only /proc is read; leave out --source proc to see everything.";

/** The feed that the options choose, ready to start; rejects with a Failure. */
export async function openFeed(
	options: Options,
	pace: ReplayOptions["pace"],
	listener: RunListener = { tell: () => {} },
): Promise<OpenedFeed> {
	const path = options.demo ? demoPath() : options.replay;
	if (path !== null) return openRecording(path, pace, options);
	if (options.hosts.length > 0) return openHosts(options, pace === "recorded", listener);
	if (options.socket !== null && !options.serve) return openService(options.socket, options, listener);
	return openLive(options, pace === "recorded" ? measuredLater(options) : [], listener);
}

/** `later`: what may be measured later, while it runs. */
async function openLive(options: Options, later: readonly Measurable[], listener: RunListener): Promise<OpenedFeed> {
	const addon = await asFailure(async () => loadAddon());
	const open = (source: SessionOptions["source"], whyNotBpf?: string): Promise<NativeFeed> => {
		const asked = sessionOptions(options, source, later);
		return asFailure(() =>
			openNativeFeed(addon, whyNotBpf === undefined ? asked : { ...asked, whyNotBpf }, options.delaySeconds, [
				...(options.events ?? USUAL_EVENTS),
				...(options.lookups ? EVENT_GROUPS.lookup : []),
			]),
		).finally(() => writeDebugText(addon.debugText()));
	};
	const files = foreignFiles(addon);
	const names = new ContainerNames(files, !options.noArgs);
	const opened = (feed: NativeFeed, note: string | null) => ({
		feed,
		snapshots: null,
		names,
		files,
		note,
		label: null,
		whyNoFollow: null,
		complete: isScreenOfAll(options, feed.info.source, later) ? () => feed.complete() : null,
		lockDown: () => feed.lockDown(),
	});
	if (options.source === "proc") return opened(await open("proc"), PROC_NOTE);
	try {
		return opened(await open("bpf"), null);
	} catch (error) {
		if (!isUnsupported(error) || options.requireBpf) throw error;
		const service = options.serve ? null : await openUsualService(options, listener);
		if (service !== null) return service;
		return opened(await openFallback(() => open("proc", error.message), error), error.message);
	}
}

/** If /proc does not work either, the reason why BPF does not is more useful. */
async function openFallback(open: () => Promise<NativeFeed>, why: Failure): Promise<NativeFeed> {
	try {
		return await open();
	} catch (error) {
		throw isUnsupported(error) ? why : error;
	}
}

function isUnsupported(error: unknown): error is Failure {
	return error instanceof Failure && error.status === 3;
}

const tablesOf = (panes: readonly Pane[]): readonly TableName[] => panes.flatMap(({ tables }) => tables);

/** What a screen may need later. */
export function measuredLater({ availablePanes }: Options): readonly Measurable[] {
	return [...tablesOf(availablePanes), "sched"];
}

/** The types of events whose probes must be attached: by default the usual ones, if a pane shows events. */
function neededEvents({ events, lookups, panes, follow }: Options): readonly EventType[] {
	const shows = (table: TableName) => panes.some(({ tables }) => tables.includes(table));
	const listed = [...(events ?? (shows("events") ? USUAL_EVENTS : [])), ...(lookups ? EVENT_GROUPS.lookup : [])];
	// A followed command's files are named by these events.
	const named: readonly EventType[] = follow.length > 0 ? ["file-create", "file-delete", "file-rename"] : [];
	return [...new Set([...listed, ...named])];
}

/** A live screen of all processes: F can follow one, and the first refresh comes before everything is attached. */
function isScreenOfAll(
	{ pids, comm }: Options,
	source: SessionOptions["source"],
	later: readonly Measurable[],
): boolean {
	return later.length > 0 && source === "bpf" && pids.length === 0 && comm === null;
}

/** `bin/ebtop.cjs` has those of a screen without options and settings. */
export function sessionOptions(
	options: Options,
	source: SessionOptions["source"],
	later: readonly Measurable[],
): SessionOptions {
	const followed: readonly TableName[] = options.follow.length > 0 ? ["files", "ipc"] : [];
	return {
		source,
		// Every row names its process, so processes are always measured.
		concerns: [
			...concernsOf([
				"processes",
				...(options.sched ? (["sched"] as const) : []),
				...followed,
				...tablesOf(options.panes),
			]),
			...(options.follow.length > 0 && source === "bpf" ? (["follow"] as const) : []),
		],
		inParts: isScreenOfAll(options, source, later),
		standby: [...concernsOf(later), ...(isScreenOfAll(options, source, later) ? (["follow"] as const) : [])],
		...(options.pids.length > 0 ? { pids: options.pids } : {}),
		...(options.comm === null ? {} : { comm: options.comm }),
		events: neededEvents(options),
		latency: options.latency && source === "bpf",
		noArgs: options.noArgs,
	};
}

/** A Failure for an error of the addon, with the exit status of its code. */
async function asFailure<Result>(action: () => Promise<Result>): Promise<Result> {
	try {
		return await action();
	} catch (error) {
		throw addonFailure(error);
	}
}
