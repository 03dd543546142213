/** The viewers of the service. They can neither disturb the measuring nor each other. */

import type { Server, Socket } from "node:net";
import type { History } from "../history/history.ts";
import type { Moment } from "../history/moment.ts";
import { encodePast } from "../history/past.ts";
import type { RecordingInfo } from "../model/feed/recorder.ts";
import type { MapHealth, Snapshot } from "../model/snapshot.ts";
import type { Store } from "../model/store.ts";
import { LiveStream, type Outlet } from "./live-stream.ts";
import { MOST_REQUEST_BYTES, parseRequest, pastBlocks, type ViewRequest } from "./protocol.ts";

const MOST_VIEWERS = 16;
/** A viewer that has not sent its request by then, or takes nothing for so long, is disconnected. */
const REQUEST_MS = 5000;
const STUCK_MS = 60_000;

export interface ViewersOptions {
	readonly server: Server;
	/** What it publishes is shown. */
	readonly store: Store;
	/** Holds what viewers can go back to; it is filled here. */
	readonly history: History;
	readonly info: RecordingInfo;
	/** Whose a connection is; null if that cannot be told: it is refused then. */
	readonly userOf: (socket: Socket) => number | null;
	/** Smaller bounds, for tests. */
	readonly stuckMs?: number;
	readonly mostWaitingBytes?: number;
}

export class Viewers {
	readonly #history: History;
	readonly #stream: LiveStream;
	readonly #stuckMs: number;
	readonly #userOf: ViewersOptions["userOf"];
	readonly #sockets = new Map<Socket, number>();
	/** Of those who ever wanted to view: refused, or disconnected because they took nothing. */
	#turnedAway = 0;
	#latest: Snapshot | null = null;
	/** The users who came since the last refresh, once for each connection: what the newest one costs must not add up. */
	#came: number[] = [];

	constructor({ server, store, history, info, userOf, stuckMs = STUCK_MS, mostWaitingBytes }: ViewersOptions) {
		this.#history = history;
		this.#userOf = userOf;
		this.#stream = new LiveStream(info, mostWaitingBytes);
		this.#stuckMs = stuckMs;
		store.subscribe((snapshot) => this.#publish(snapshot));
		server.on("connection", (socket) => this.#accept(socket));
	}

	/** Says to all viewers that the service ends. */
	close(): void {
		this.#stream.end();
		for (const socket of this.#sockets.keys()) socket.destroySoon();
	}

	/** The viewers are a row of the health of what they see. */
	#publish(snapshot: Snapshot): void {
		const { health } = snapshot;
		const shown = { ...snapshot, health: { ...health, maps: [...health.maps, this.#row()] } };
		this.#latest = shown;
		this.#came = [];
		this.#history.add(shown);
		this.#stream.publish(shown);
	}

	#row(): MapHealth {
		const overflow = this.#turnedAway + this.#stream.skipped;
		return { map: "viewers", used: this.#sockets.size, capacity: MOST_VIEWERS, overflow };
	}

	#accept(socket: Socket): void {
		socket.on("error", () => {}); // it is closed then
		const user = this.#userOf(socket);
		if (user === null || !hasShare(user, [...this.#sockets.values()]) || !hasShare(user, this.#came)) {
			this.#turnedAway++;
			socket.destroy();
			return;
		}
		this.#came.push(user);
		this.#sockets.set(socket, user);
		socket.once("close", () => this.#sockets.delete(socket));
		const timer = setTimeout(() => socket.destroy(), REQUEST_MS);
		readRequest(socket, (request) => {
			clearTimeout(timer);
			if (request === null) socket.destroy();
			else this.#serve(socket, request);
		});
		socket.once("close", () => clearTimeout(timer));
	}

	#serve(socket: Socket, { pastMs }: ViewRequest): void {
		const history = this.#history;
		const base = history.moments.at(-1);
		const hasPast = pastMs > 0 && history.bounds.spanMs > 0 && base !== undefined;
		// With a past, the events of the refreshes before belong to the first one, as in the history.
		const first = hasPast ? history.latest : this.#latest;
		const onBegun = () => void (hasPast && sendPast(socket, history.packed(base.no, pastMs), base));
		const reader = this.#stream.add(outletOf(socket), first, onBegun);
		socket.once("close", () => this.#stream.remove(reader));
		socket.setTimeout(this.#stuckMs);
		socket.on("timeout", () => {
			if (socket.writableLength === 0) return; // nothing came that it could take
			this.#turnedAway++;
			socket.destroy();
		});
	}
}

/** Whether he has fewer of the places than are free: one user can have half of them, and the next one half of the others. */
function hasShare(user: number, places: readonly number[]): boolean {
	return places.filter((one) => one === user).length < MOST_VIEWERS - places.length;
}

/** Sends the next piece when the last one was taken, so that no refresh waits behind much of it. */
async function sendPast(socket: Socket, past: ReturnType<History["packed"]>, base: Moment): Promise<void> {
	for await (const { stretch, moments } of past) {
		const relative = moments.map((moment) => ({ ...moment, no: moment.no - base.no, atMs: moment.atMs - base.atMs }));
		for (const block of pastBlocks(encodePast(stretch, relative))) {
			if (socket.destroyed) return;
			await new Promise((resolve) => socket.write(block, resolve));
		}
	}
}

function outletOf(socket: Socket): Outlet {
	return {
		get waitingBytes() {
			return socket.writableLength;
		},
		write: (bytes) => void socket.write(bytes),
	};
}

/** Calls `done` once; with null for anything but a request. Sending more disconnects. */
function readRequest(socket: Socket, done: (request: ViewRequest | null) => void): void {
	let text = "";
	let isDone = false;
	socket.setEncoding("latin1");
	socket.on("data", (chunk: string) => {
		if (isDone) {
			socket.destroy();
			return;
		}
		text += chunk;
		const end = text.indexOf("\n");
		if (end < 0 && text.length <= MOST_REQUEST_BYTES) return;
		isDone = true;
		done(end === text.length - 1 && end <= MOST_REQUEST_BYTES ? parseRequest(text) : null);
	});
}
