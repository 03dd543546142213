/** Views what a service measures (`ebtop serve`), instead of measuring here. */

import type { Options } from "../cli/command-line.ts";
import { Failure, systemReason } from "../failure.ts";
import { RecordingError } from "../model/feed/recording-format.ts";
import { USUAL_SOCKET, VIEWERS_GROUP } from "../serve/protocol.ts";
import type { RunListener } from "./listener.ts";
import { lockDownWithoutSession } from "./lock-down.ts";
import type { OpenedFeed } from "./opened-feed.ts";

/** Rejects with a Failure if there is no service that can be viewed. */
export async function openService(path: string, options: Options, listener: RunListener): Promise<OpenedFeed> {
	try {
		return await connectedFeed(path, options, listener);
	} catch (error) {
		throw new Failure(`Cannot view the service at ${path}: ${reasonOf(error)}.`, 1);
	}
}

/** The service at the usual place; null if there is none, or if the options ask for more than a service can give. */
export async function openUsualService(options: Options, listener: RunListener): Promise<OpenedFeed | null> {
	if (options.noSocket || asksForMore(options)) return null;
	try {
		return await connectedFeed(USUAL_SOCKET, options, listener);
	} catch {
		return null;
	}
}

/** The code is loaded only if there is something to view. */
async function connectedFeed(path: string, options: Options, listener: RunListener): Promise<OpenedFeed> {
	const [{ connectTo, ServiceFeed }, { readPast }] = await Promise.all([
		import("../serve/service-feed.ts"),
		import("../history/past.ts"),
	]);
	// What the service remembers does not come through the model, which would redact it.
	const onPast = options.redact.length > 0 ? undefined : listener.onPast;
	const pastMs = onPast === undefined ? 0 : options.historyMs;
	const connection = await connectTo(path, { pastMs }, (bytes) => {
		const past = readPast(bytes);
		if (past !== null) onPast?.(past);
	});
	const onLost = (why: string | null): void => {
		listener.onLost?.(why !== null);
		listener.tell(
			why === null
				? "The service is back: what was in between is missing."
				: `The service at ${path} is gone (${why}): ebtop looks for it every second.`,
		);
	};
	const feed = new ServiceFeed(connection, { path, onLost });
	return {
		feed,
		snapshots: feed.reader,
		names: null,
		files: null,
		note: null,
		label: "SERVICE",
		whyNoFollow: "A process can only be followed where it is measured, not through a service.",
		complete: null,
		lockDown: lockDownWithoutSession,
	};
}

function asksForMore(options: Options): boolean {
	const { pids, comm, command, latency, disk, sched, threads, noArgs, events, record } = options;
	return (
		[pids, command].some((list) => list.length > 0) ||
		[latency, disk, sched, threads, noArgs].includes(true) ||
		[comm, events].some((value) => value !== null) ||
		(record !== null && record !== "-")
	);
}

function reasonOf(error: unknown): string {
	const { code } = error as NodeJS.ErrnoException;
	if (error instanceof RecordingError) return error.message;
	if (code === "ECONNREFUSED") return "it has ended";
	if (code === "EACCES") return `permission is denied. Members of the group ${VIEWERS_GROUP} may view it`;
	return systemReason(error);
}
