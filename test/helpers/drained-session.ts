/**
 * A session of the addon that is drained while a test waits, as in the program. If the test fails, the message names
 * what was lost meanwhile, as that may be the cause.
 */

import type { TestContext } from "vitest";
import { loadAddon, type SessionOptions } from "../../src/model/feed/addon.ts";
import { forcedVariants } from "./circumstances.ts";
import { named } from "./wire-read.ts";

const addon = loadAddon();

/** Why BPF is not available here; null if it is. */
export const whyNoBpf = addon.whyNoBpf();

/**
 * Records of all other processes go into the same ring, and while a session opens in this thread nothing drains the
 * others: so the ring has room for some seconds of a busy machine. A few tests check how small a ring may be.
 */
const RING_BYTES = 64 << 20;
const BEAT_MS = 20;
/** What the program measures without options; the kernel verifies more programs for more. */
const USUAL = ["process", "syscall", "ipc", "file", "tcp"] as const;

export interface TestSessionOptions extends Partial<SessionOptions> {
	/** How often it is drained while the test waits; null: never. */
	readonly beatMs?: number | null;
}

/** Sessions of the running test, closed ones included. */
const sessions = new Set<DrainedSession>();

/** Called after each test. */
export function endTest({ task }: TestContext): void {
	const losses = [...sessions].flatMap((session) => session.losses());
	for (const error of losses.length > 0 ? (task.result?.errors ?? []) : []) {
		error.message = `Not everything was seen (${losses.join("; ")}). ${error.message}`;
	}
	for (const session of sessions) {
		if (session.isClosed) sessions.delete(session);
		else session.forgetLosses();
	}
}

export class DrainedSession {
	readonly #session: InstanceType<typeof addon.Session>;
	readonly #take: (batch: Uint8Array) => void;
	readonly #beat: NodeJS.Timeout | undefined;
	#failure: unknown = null;
	/** By probe or table, since the session began. */
	#lost = new Map<string, number>();
	#lostBefore = new Map<string, number>();
	isClosed = false;

	/** `take` gets every batch. */
	constructor({ beatMs = BEAT_MS, ...options }: TestSessionOptions, take: (batch: Uint8Array) => void) {
		const capacity = { ringBytes: RING_BYTES, ...options.capacity };
		this.#session = new addon.Session({ source: "bpf", concerns: USUAL, ...forcedVariants, ...options, capacity });
		this.#take = take;
		if (beatMs !== null) this.#beat = setInterval(() => this.#drainOnBeat(), beatMs);
		sessions.add(this);
	}

	/** Returns the size of the batch. */
	drain(): number {
		const batch = this.#session.drain();
		this.#take(batch);
		return batch.length;
	}

	sweep(): void {
		if (this.#failure !== null) throw this.#failure;
		const batch = this.#session.sweep();
		this.#lost = lossesIn(batch);
		this.#take(batch);
	}

	complete(): Promise<void> {
		return this.#session.complete();
	}

	want(...args: Parameters<InstanceType<typeof addon.Session>["want"]>): void {
		this.#session.want(...args);
	}

	follow(pid: number | null): void {
		this.#session.follow(pid);
	}

	close(): void {
		clearInterval(this.#beat);
		this.isClosed = true;
		this.#session.close();
	}

	/** "probe exec lost 3 records", as of the last sweep; those before `forgetLosses` are not counted. */
	losses(): string[] {
		const losses = [...this.#lost].map(([what, count]) => [what, count - (this.#lostBefore.get(what) ?? 0)] as const);
		return losses.filter(([, count]) => count > 0).map(([what, count]) => what.replace("#", String(count)));
	}

	/** They belong to another test. */
	forgetLosses(): void {
		this.#lostBefore = this.#lost;
	}

	/** An error in a timer belongs to no test, so it is thrown at the next sweep. */
	#drainOnBeat(): void {
		try {
			this.drain();
		} catch (error) {
			this.#failure ??= error;
		}
	}
}

/** The losses that a sweep reports, each with its count; "#" stands for the count. */
function lossesIn(batch: Uint8Array): Map<string, number> {
	const probes = named(batch, "wire_probe", "probe").map(([name, { lost }]) => [`probe ${name} lost # records`, lost]);
	const maps = named(batch, "wire_map", "map").map(([name, map]) => [`table ${name} had no room for #`, map.overflow]);
	return new Map([...probes, ...maps] as [string, number][]);
}
