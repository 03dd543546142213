/** One machine: what ebtop there sends over ssh. When that ends, it is started again, ever more seldom up to twice a minute. */

import { StateReader } from "../history/state-reader.ts";
import { StreamBytes } from "../model/feed/recording-bytes.ts";
import { BlockType, RecordingError } from "../model/feed/recording-format.ts";
import { openStream, type RecordingReader } from "../model/feed/recording-reader.ts";
import { safeText } from "../model/safe-text.ts";
import type { EventRow, HostState, Snapshot } from "../model/snapshot.ts";
import { runInTurns, type Steps } from "../model/steps.ts";
import { ClockOfHost, delayLine } from "./clock.ts";
import type { Host } from "./host.ts";
import { HostRows, ROW_LISTS, type RowLists } from "./host-rows.ts";
import { SshRun } from "./ssh.ts";

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
const ASK_CLOCK_MS = 5000;
/** How long is read in one turn of the event loop. */
const TURN_MS = 4;
/** A machine that sends more rows has more processes than a kernel can have, or lies. */
const MOST_ROWS = 1 << 20;
/** One machine must not take the memory of all. A refresh in which 115,000 rows of calls change has 5 MB. */
const MOST_BLOCK_BYTES = 64 << 20;
/** Events that wait for the next picture. */
const MOST_EVENTS = 2000;
/** How long a machine may take to begin. */
const BEGIN_MS = 20_000;
/** How long ssh may take to say why it ended. */
const LAST_WORDS_MS = 1000;

interface Connection {
	readonly run: SshRun;
	readonly clock: ClockOfHost;
	readonly state: StateReader;
	reader: RecordingReader | null;
	askedMs: number;
	/** It must have begun by then. */
	readonly latestMs: number;
}

export interface WatchedHostOptions {
	readonly host: Host;
	/** Counts from 0, and is part of its pids. */
	readonly number: number;
	/** Of ebtop here. */
	readonly version: string;
	/** Of ebtop there. */
	readonly words: readonly string[];
	/** Nothing comes for so long: it is gone. */
	quietMs(): number;
	/** So long it may take to begin; absent: 20 s. */
	readonly beginMs?: number;
	/** More are not taken; absent: 1,048,576. */
	readonly mostRows?: number;
	/** Larger blocks are not taken; absent: 64 MB. */
	readonly mostBlockBytes?: number;
	/** Something came, or it went away. */
	onChange(): void;
}

export class WatchedHost {
	readonly #options: WatchedHostOptions;
	readonly #rows: HostRows;
	#connection: Connection | null = null;
	#snapshot: Snapshot | null = null;
	#lists: RowLists | null = null;
	#events: EventRow[] = [];
	#lost = 0;
	/** What is known of ebtop there; of the last one, if it is gone. */
	#known: Pick<HostState, "name" | "kernel" | "source" | "version"> = {
		name: null,
		kernel: null,
		source: null,
		version: null,
	};
	#state: HostState["state"] = "starting";
	#why: string | null = null;
	#hasNew = false;
	#heardMs = 0;
	#retryMs = FIRST_RETRY_MS;
	#timer: NodeJS.Timeout | undefined;
	/** Null: as `words` say. */
	#delaySec: number | null = null;
	#isHeld = false;
	#isReading = false;
	#isDone = false;

	constructor(options: WatchedHostOptions) {
		this.#options = options;
		this.#rows = new HostRows(options.host.name, options.number);
	}

	get name(): string {
		return this.#options.host.name;
	}

	/** The last refresh; null before the first. */
	get snapshot(): Snapshot | null {
		return this.#snapshot;
	}

	/** Its rows, without events. */
	get lists(): RowLists | null {
		return this.#lists;
	}

	get isLive(): boolean {
		return this.#state === "live";
	}

	get hasBegun(): boolean {
		return this.#state !== "starting";
	}

	/** Why it is gone. */
	get why(): string | null {
		return this.#why;
	}

	/** A refresh came since the last `take`. */
	get hasNew(): boolean {
		return this.#hasNew;
	}

	/** The events since the last call, and how many found no room. */
	take(): { readonly events: readonly EventRow[]; readonly lost: number } {
		const taken = { events: this.#events, lost: this.#lost };
		this.#events = [];
		this.#lost = 0;
		this.#hasNew = false;
		return taken;
	}

	state(): HostState {
		const offset = this.#connection?.clock.offset ?? null;
		return {
			host: this.name,
			state: this.#state,
			note: this.#note(),
			...this.#known,
			time: this.#snapshot?.time ?? null,
			clockOffsetMs: offset?.offsetMs ?? null,
			clockErrorMs: offset?.errorMs ?? null,
			system: this.#snapshot?.system ?? null,
		};
	}

	start(): void {
		void this.#connect();
	}

	/** Asks for a refresh each so many seconds, also of an ebtop that is started later. */
	setDelay(seconds: number): void {
		this.#delaySec = seconds;
		this.#connection?.run.tell(delayLine(seconds));
	}

	/** Reads nothing more, or reads on. ebtop there leaves refreshes out meanwhile. */
	hold(isHeld: boolean): void {
		this.#isHeld = isHeld;
		this.#heardMs = performance.now();
		if (!isHeld && this.#connection !== null) this.#read(this.#connection);
	}

	/** To be called now and then: asks about the clock, and notices silence. */
	look(): void {
		const connection = this.#connection;
		const nowMs = performance.now();
		if (connection === null || this.#isHeld) return;
		if (connection.reader === null) {
			if (nowMs > connection.latestMs)
				void this.#lose(connection, `Nothing that ebtop can read has come from ${this.name} yet.`);
			return;
		}
		if (nowMs - connection.askedMs > ASK_CLOCK_MS) this.#ask(connection);
		const quietMs = nowMs - this.#heardMs;
		if (this.#state !== "live" || quietMs <= this.#options.quietMs()) return;
		this.#set("gone", `Nothing has come from ${this.name} for ${Math.round(quietMs / 1000)} s.`);
	}

	stop(): void {
		this.#isDone = true;
		clearTimeout(this.#timer);
		this.#connection?.run.end();
		this.#connection = null;
	}

	async #connect(): Promise<void> {
		const run = new SshRun(this.#options.host, this.#options.words);
		const clock = new ClockOfHost();
		const connection: Connection = {
			run,
			clock,
			state: new StateReader(true),
			reader: null,
			askedMs: 0,
			latestMs: performance.now() + (this.#options.beginMs ?? BEGIN_MS),
		};
		this.#connection = connection;
		try {
			const onAside = (type: number, payload: Buffer): void => {
				if (type === BlockType.CLOCK) clock.take(payload, Date.now());
			};
			const mostBytes = this.#options.mostBlockBytes ?? MOST_BLOCK_BYTES;
			const reader = await openStream(new StreamBytes(run.output), onAside, mostBytes);
			if (reader.info.content !== "snapshots") throw new RecordingError("it is not what ebtop --record - sends");
			connection.reader = reader;
			const { host: name, kernel, source, version } = reader.info;
			this.#known = { name: safeText(name), kernel: safeText(kernel), source, version: safeText(version) };
		} catch (error) {
			return this.#lose(connection, this.#sentence(error as Error));
		}
		if (this.#delaySec !== null) run.tell(delayLine(this.#delaySec));
		this.#ask(connection);
		this.#read(connection);
	}

	#ask(connection: Connection): void {
		connection.askedMs = performance.now();
		connection.run.tell(connection.clock.ask(Date.now()));
	}

	/** One block in each turn of the event loop: a machine that sends without end must not keep others waiting. */
	#read(connection: Connection): void {
		const { reader, state } = connection;
		if (reader === null || connection !== this.#connection || this.#isHeld || this.#isReading) return;
		try {
			const block = reader.next();
			if (block === "later") {
				reader.onMore(() => setImmediate(() => this.#read(connection)));
				return;
			}
			if (block === null) return void this.#lose(connection, `ebtop on ${this.name} has ended.`);
			const [payload = new Uint8Array()] = block.batches;
			this.#isReading = true;
			runInTurns(applied(state, payload), TURN_MS, (result) => {
				this.#isReading = false;
				if (connection !== this.#connection) return;
				if (result instanceof Error) return void this.#lose(connection, this.#sentence(result));
				if (result !== null) this.#show(connection, result);
				setImmediate(() => this.#read(connection));
			});
		} catch (error) {
			void this.#lose(connection, this.#sentence(error as Error));
		}
	}

	#show(connection: Connection, snapshot: Snapshot): void {
		const rows = ROW_LISTS.reduce((sum, list) => sum + snapshot[list].length, 0);
		if (rows > (this.#options.mostRows ?? MOST_ROWS))
			return void this.#lose(connection, `${this.name} sends more rows than ebtop takes.`);
		const lists = ROW_LISTS.map((list) => [list, list === "events" ? [] : this.#rows.of(list, snapshot[list])]);
		this.#lists = Object.fromEntries(lists) as unknown as RowLists;
		const events = [...this.#events, ...this.#rows.of("events", snapshot.events)];
		this.#lost += Math.max(0, events.length - MOST_EVENTS);
		this.#events = events.slice(-MOST_EVENTS);
		this.#snapshot = snapshot;
		this.#heardMs = performance.now();
		this.#retryMs = FIRST_RETRY_MS;
		this.#hasNew = true;
		this.#set("live", null);
	}

	/** If ssh has ended, what it says is the better reason, if it says anything. */
	async #lose(connection: Connection, why: string): Promise<void> {
		if (connection !== this.#connection) return;
		this.#connection = null;
		if (!connection.run.output.readableEnded) connection.run.end();
		const { promise: waited, resolve } = Promise.withResolvers<null>();
		const timer = setTimeout(() => resolve(null), LAST_WORDS_MS);
		const said = await Promise.race([connection.run.ended, waited]);
		clearTimeout(timer);
		connection.run.end();
		if (this.#isDone) return;
		this.#set("gone", said ?? why);
		this.#timer = setTimeout(() => this.start(), this.#retryMs);
		this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
	}

	#set(state: HostState["state"], why: string | null): void {
		this.#state = state;
		this.#why = why;
		this.#options.onChange();
	}

	#sentence({ message }: Error): string {
		const hint = `'ssh ${this.#options.host.destination} true' must print nothing`;
		if (message.startsWith("it is not a recording")) return `What comes from ${this.name} is not from ebtop: ${hint}.`;
		return `What comes from ${this.name} cannot be read: ${message}.`;
	}

	#note(): string | null {
		if (this.#why !== null || this.#state !== "live") return this.#why;
		const own = this.#options.version;
		const { version: theirs, source } = this.#known;
		const leftOut = this.#connection?.state.leftOut ?? 0;
		const sentences = [
			theirs === own ? "" : `It runs ebtop ${theirs}, this is ${own}: what only one of them knows is missing.`,
			leftOut === 0 ? "" : `${leftOut} rows of kinds that this ebtop does not know are left out.`,
			source === "proc" ? "Only /proc is read there." : "",
		];
		return sentences.filter((sentence) => sentence !== "").join(" ") || null;
	}
}

function* applied(state: StateReader, payload: Uint8Array): Steps<Snapshot | Error | null> {
	try {
		return yield* state.applyInSteps(payload);
	} catch (error) {
		return error as Error;
	}
}
