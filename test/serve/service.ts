/** A service in this process, without measuring: what is published is served at a socket of its own. */

import { mkdtempSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { History } from "../../src/history/history.ts";
import { readPast } from "../../src/history/past.ts";
import { StreamBytes } from "../../src/model/feed/recording-bytes.ts";
import { openStream } from "../../src/model/feed/recording-reader.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { createStore } from "../../src/model/store.ts";
import { Pipeline } from "../../src/run/pipeline.ts";
import { listenAt, userOf } from "../../src/serve/listen.ts";
import { connectTo, ServiceFeed } from "../../src/serve/service-feed.ts";
import { Viewers, type ViewersOptions } from "../../src/serve/viewers.ts";
import { SHOWN_INFO } from "../helpers/recorded-snapshots.ts";
import { until } from "../helpers/workload.ts";

const open: { close(): void }[] = [];
afterEach(() => {
	for (const one of open.splice(0)) one.close();
});

/** It is closed after the test. */
export function opened<One extends { close(): void }>(one: One): One {
	open.push(one);
	return one;
}

export const untilTrue = (poll: () => boolean): Promise<boolean> => until("the service or its viewers", poll);

export const aSocketPath = (): string => join(mkdtempSync(join(tmpdir(), "eb-serve-")), "eb.sock");

export async function aService(path: string, options: Partial<ViewersOptions> = {}) {
	const { server } = await listenAt(path);
	const store = createStore();
	const history = new History();
	const sockets: Socket[] = [];
	server.on("connection", (socket) => sockets.push(socket));
	const viewers = new Viewers({ server, store, history, info: SHOWN_INFO, userOf, ...options });
	return {
		history,
		/** The most that waits for one viewer. */
		waitingBytes: () => Math.max(...sockets.map(({ writableLength }) => writableLength)),
		publish: (snapshot: Snapshot) => store.publish(snapshot),
		/** Ends as the program does. */
		close() {
			server.close();
			viewers.close();
		},
		/** What it says of its viewers in the refresh that was published last. */
		row: () => history.latest?.health.maps.find(({ map }) => map === "viewers"),
	};
}

/**
 * What a viewer shows, refresh by refresh. `client`: through its connection, whose request was sent; `history`: is filled as by a
 * screen, also with what was before.
 */
export async function aViewer(
	path: string,
	{ client, history = null }: { client?: Socket; history?: History | null } = {},
) {
	const request = { pastMs: history?.bounds.spanMs ?? 0 };
	const store = createStore();
	const seen: { readonly snapshot: Snapshot; readonly isAfterGap: boolean }[] = [];
	const lost: (string | null)[] = [];
	const connection =
		client === undefined
			? await connectTo(path, request, (bytes) => {
					const past = readPast(bytes);
					if (past !== null) history?.receive(past);
				})
			: { socket: client, reader: await openStream(new StreamBytes(client)) };
	const feed = new ServiceFeed(connection, { path, onLost: (why) => lost.push(why) });
	const pipeline = new Pipeline({ feed, model: feed.reader, store, recorder: null, atEnd: null, count: null });
	store.subscribe((snapshot, isAfterGap) => {
		history?.add(snapshot, isAfterGap);
		seen.push({ snapshot, isAfterGap });
	});
	pipeline.start();
	return {
		seen,
		history: history ?? new History(),
		/** Each time the service went away, and null each time it was back. */
		lost,
		close: () => pipeline.stop(false),
	};
}

/** A connection that sends `text` and reads nothing until told. */
export async function aClient(path: string, text: string): Promise<Socket & { isClosed(): boolean }> {
	const socket = connect(path);
	let isClosed = false;
	socket.on("error", () => {});
	socket.once("close", () => {
		isClosed = true;
	});
	await new Promise((resolve) => socket.once("connect", resolve));
	socket.write(text);
	return Object.assign(socket, { isClosed: () => isClosed });
}
