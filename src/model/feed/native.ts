/** The live feed: polls the addon with two timers and passes the bytes on. */

import { hostname, machine, release } from "node:os";
import type { EventType } from "../event-types.ts";
import { concernsOf } from "../table-kinds.ts";
import type { Addon, Concern, NativeSession, SessionOptions } from "./addon.ts";
import { Backlog } from "./backlog.ts";
import type { Feed, FeedInfo, Measurable, Sink } from "./feed.ts";

/** Often enough that the ring does not fill, seldom enough to cost almost nothing. */
const DRAIN_MS = 200;

/** How long something is measured after it left the screen, so that stepping through panes detaches nothing. */
const LINGER_MS = 10_000;

/** Bytes read at once while a flood fills the ring: a few milliseconds of work. */
const DRAIN_BYTES = 1 << 20;

/** How long a batch is delivered before keys and timers get their turn. */
const TURN_MS = 8;
/**
 * Bytes that may wait while keys are handled in a flood: about two seconds of work. While more waits, the ring is not
 * read: what finds no room in it is counted as lost, and the screen does not fall ever further behind.
 */
const MOST_WAITING_BYTES = 16 << 20;

/** Loads and attaches; rejects with the addon's message if this kernel or these privileges do not allow it. */
export async function openNativeFeed(
	addon: Addon,
	options: SessionOptions,
	delaySeconds: number,
	events: readonly EventType[],
): Promise<NativeFeed> {
	return new NativeFeed(await addon.Session.open(options), options.source, delaySeconds, events);
}

export class NativeFeed implements Feed {
	readonly info: FeedInfo;
	readonly #session: NativeSession;
	#delayMs: number;
	#sink: Sink = () => {};
	#onEnd: (error: Error | null) => void = () => {};
	#drainTimer: NodeJS.Timeout | null = null;
	#sweepTimer: NodeJS.Timeout | null = null;
	/** When the next sweep is due; it advances by whole intervals, so that late timers do not accumulate. */
	#dueMs = 0;
	readonly #backlog = new Backlog();
	readonly #mostWaitingBytes: number;
	/** The last drain may have left something in the ring. */
	#isRingFull = false;
	/** The tick of the last sweep is not delivered yet. */
	#isTickWaiting = false;
	#turns = 0;
	/** The longest time for which a turn since the last sweep blocked the program. */
	#busyMs = 0;
	/** The concerns that the screen needs now. */
	#lookedAt: readonly Concern[] = [];
	/** When the screen last needed each concern. */
	readonly #lastLookMs = new Map<Concern, number>();
	/** The concerns that the session was asked to measure. */
	#wanted: readonly Concern[] = [];
	#isHeld = false;
	#isDone = false;

	constructor(
		session: NativeSession,
		source: SessionOptions["source"],
		delaySeconds: number,
		events?: readonly EventType[],
		mostWaitingBytes = MOST_WAITING_BYTES,
	) {
		this.#session = session;
		this.#mostWaitingBytes = mostWaitingBytes;
		this.#delayMs = delaySeconds * 1000;
		this.info = { host: hostname(), kernel: release(), machine: machine(), source, events };
	}

	start(sink: Sink, onEnd: (error: Error | null) => void): void {
		this.#sink = sink;
		this.#onEnd = onEnd;
		this.#dueMs = performance.now() + this.#delayMs;
		this.#sweep();
		this.#turn(() => this.#deliverAll());
		// The first sweep reads everything, and there is no screen yet that it could block.
		setImmediate(() => {
			this.#busyMs = 0;
		});
		this.#drainTimer = setInterval(() => this.#drain(), DRAIN_MS);
		this.#waitForSweep();
	}

	/** Loads and attaches what the first refresh can do without; see `SessionOptions.inParts`. */
	async complete(): Promise<void> {
		if (!this.#isDone) await this.#session.complete();
	}

	/** Drops the rights that the session does not need once it is attached; see `Session.lockDown`. */
	lockDown(): string {
		return this.#isDone ? "" : this.#session.lockDown();
	}

	setDelay(seconds: number): void {
		this.#dueMs += seconds * 1000 - this.#delayMs;
		this.#delayMs = seconds * 1000;
		this.#waitForSweep();
	}

	want(things: readonly Measurable[]): void {
		this.#lookedAt = concernsOf(things);
	}

	follow(pid: number | null): void {
		this.#session.follow(pid);
	}

	hold(isHeld: boolean): void {
		this.#isHeld = isHeld;
	}

	stop(lastTick: boolean): void {
		if (this.#isDone) return;
		if (lastTick) {
			this.#sweep();
			this.#turn(() => this.#deliverAll());
		}
		this.#release();
	}

	/** Skips ticks that a slow sweep, a busy machine or a flood made late: the next one is in step again. */
	#waitForSweep(): void {
		if (this.#isDone) return;
		if (this.#sweepTimer !== null) clearTimeout(this.#sweepTimer);
		const lateMs = Math.max(performance.now() - this.#dueMs, 0);
		this.#dueMs += Math.ceil(lateMs / this.#delayMs) * this.#delayMs;
		this.#sweepTimer = setTimeout(
			() => {
				this.#dueMs += this.#delayMs;
				if (!this.#isHeld && !this.#isTickWaiting) this.#sweep();
				this.#waitForSweep();
			},
			Math.max(this.#dueMs - performance.now(), 0),
		);
	}

	#switchProbes(): void {
		const nowMs = performance.now();
		for (const concern of this.#lookedAt) this.#lastLookMs.set(concern, nowMs);
		const wanted = [...this.#lastLookMs].filter(([, lookMs]) => nowMs - lookMs < LINGER_MS).map(([concern]) => concern);
		if (wanted.join() === this.#wanted.join()) return;
		this.#wanted = wanted;
		this.#session.want(wanted);
	}

	#sweep(): void {
		this.#turn(() => {
			this.#switchProbes();
			const batch = this.#session.sweep(this.#busyMs);
			this.#busyMs = 0;
			this.#isTickWaiting = true;
			this.#backlog.add(batch, () => {
				this.#isTickWaiting = false;
			});
			this.#deliver();
		});
	}

	#drain(): void {
		if (this.#backlog.bytes > this.#mostWaitingBytes) return;
		this.#turn(() => {
			const batch = this.#session.drain(DRAIN_BYTES);
			this.#isRingFull = batch.length > DRAIN_BYTES / 2;
			if (batch.length > 0) this.#backlog.add(batch);
			this.#deliver();
		});
	}

	/** Delivers as much as fits into one turn. */
	#deliver(): void {
		const endMs = performance.now() + TURN_MS;
		while (!this.#backlog.isEmpty && !this.#isDone) {
			this.#backlog.deliver(this.#sink);
			if (performance.now() >= endMs) return;
		}
	}

	#deliverAll(): void {
		while (!this.#backlog.isEmpty && !this.#isDone) this.#backlog.deliver(this.#sink);
	}

	#turn(work: () => void): void {
		if (this.#isDone) return;
		const turn = ++this.#turns;
		const beganMs = performance.now();
		try {
			work();
		} catch (error) {
			this.#release();
			this.#onEnd(error as Error);
		}
		// By then the screen has drawn, and keys were read.
		setImmediate(() => {
			this.#busyMs = Math.max(this.#busyMs, performance.now() - beganMs);
			const isLast = turn === this.#turns;
			if (!isLast) return;
			if (!this.#backlog.isEmpty) this.#turn(() => this.#deliver());
			else if (this.#isRingFull) this.#drain();
		});
	}

	#release(): void {
		this.#isDone = true;
		if (this.#drainTimer !== null) clearInterval(this.#drainTimer);
		if (this.#sweepTimer !== null) clearTimeout(this.#sweepTimer);
		this.#session.close();
	}
}
