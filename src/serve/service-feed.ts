/** The feed of a viewer: the snapshots that a service sends. If the service goes away, it is looked for again. */

import { connect, type Socket } from "node:net";
import { Failure } from "../failure.ts";
import { StateReader } from "../history/state-reader.ts";
import { deliverAtOnce, type Feed, type FeedInfo, type Sink } from "../model/feed/feed.ts";
import { StreamBytes } from "../model/feed/recording-bytes.ts";
import { BlockType, RecordingError } from "../model/feed/recording-format.ts";
import { openStream, type RecordingReader } from "../model/feed/recording-reader.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Steps } from "../model/steps.ts";
import { encodeRequest, pastTaker, type ViewRequest } from "./protocol.ts";

/** How long a service may take to begin. */
const BEGIN_MS = 10_000;
const RETRY_MS = 1000;

/** A connection whose recording has begun. */
export interface ServiceConnection {
	readonly socket: Socket;
	readonly reader: RecordingReader;
}

/** Rejects with the system's error, or with RecordingError if something else answers. */
export async function connectTo(
	path: string,
	request: ViewRequest,
	onPast: (past: Buffer) => void = () => {},
): Promise<ServiceConnection> {
	const socket = connect(path);
	const { promise: failed, reject } = Promise.withResolvers<never>();
	socket.on("error", reject);
	const timer = setTimeout(() => reject(new RecordingError("it does not answer")), BEGIN_MS);
	try {
		socket.write(encodeRequest(request));
		const takePast = pastTaker(onPast);
		const onAside = (type: number, payload: Buffer): void => {
			if (type === BlockType.PAST) takePast(payload);
		};
		const reader = await Promise.race([openStream(new StreamBytes(socket), onAside), failed]);
		if (reader.info.content !== "snapshots") throw new RecordingError("it is no service of ebtop");
		return { socket, reader };
	} catch (error) {
		socket.destroy();
		throw error;
	} finally {
		clearTimeout(timer);
		failed.catch(() => {});
	}
}

export interface ServiceFeedOptions {
	readonly path: string;
	/** Called when the service goes away, with a sentence, and with null when it is back. */
	onLost(why: string | null): void;
}

export class ServiceFeed implements Feed {
	readonly info: FeedInfo;
	gaps = 0;
	readonly #options: ServiceFeedOptions;
	#connection: ServiceConnection | null;
	#state = new StateReader();
	#sink: Sink = () => undefined;
	#timer: NodeJS.Timeout | undefined;
	#isHeld = false;
	#isWaiting = false;
	#isDone = false;

	/** Takes over the connection. */
	constructor(connection: ServiceConnection, options: ServiceFeedOptions) {
		const { host, kernel, machine, source, events } = connection.reader.info;
		this.info = { host, kernel, machine, source, events };
		this.#connection = connection;
		this.#options = options;
	}

	/** Reads what this feed delivers. */
	readonly reader = {
		applyInSteps: (batch: Uint8Array): Steps<Snapshot | null> => this.#apply(batch),
	};

	start(sink: Sink): void {
		this.#sink = sink;
		this.#read();
	}

	setDelay(): void {}

	want(): void {}

	follow(): void {
		throw new Error("No process can be followed through a service.");
	}

	/** The service leaves a viewer out that takes nothing. */
	hold(isHeld: boolean): void {
		this.#isHeld = isHeld;
		if (!isHeld && !this.#isWaiting) this.#read();
	}

	stop(): void {
		this.#isDone = true;
		clearTimeout(this.#timer);
		this.#connection?.reader.close();
		this.#connection = null;
	}

	/** Delivers what is there, then waits for more. */
	#read(): void {
		const connection = this.#connection;
		if (connection === null || this.#isWaiting) return;
		try {
			while (!this.#isHeld && this.#connection === connection) {
				const block = connection.reader.next();
				if (block === "later") {
					this.#wait(connection);
					return;
				}
				if (block === null) throw new RecordingError("it has ended");
				for (const batch of block.batches) deliverAtOnce(this.#sink, batch);
			}
		} catch (error) {
			this.#lose((error as Error).message);
		}
	}

	#wait({ reader }: ServiceConnection): void {
		this.#isWaiting = true;
		reader.onMore(() => {
			this.#isWaiting = false;
			// What came with the same event is read in a turn of its own.
			setImmediate(() => this.#read());
		});
	}

	/** Only what is no ebtop, or a hostile one, sends what cannot be read: it is not asked again. */
	*#apply(batch: Uint8Array): Steps<Snapshot | null> {
		try {
			return yield* this.#state.applyInSteps(batch);
		} catch (error) {
			if (!(error instanceof RecordingError)) throw error;
			throw new Failure(`What comes from the service at ${this.#options.path} cannot be read: ${error.message}.`, 1);
		}
	}

	#lose(why: string): void {
		this.#connection?.reader.close();
		this.#connection = null;
		this.#options.onLost(why);
		this.#retryLater();
	}

	#retryLater(): void {
		if (this.#isDone) return;
		this.#timer = setTimeout(() => {
			connectTo(this.#options.path, { pastMs: 0 }).then(
				(connection) => this.#goOn(connection),
				() => this.#retryLater(),
			);
		}, RETRY_MS);
	}

	#goOn(connection: ServiceConnection): void {
		if (this.#isDone) {
			connection.reader.close();
			return;
		}
		this.#connection = connection;
		this.#state = new StateReader();
		this.gaps++;
		this.#options.onLost(null);
		this.#read();
	}
}
