/** A session of the addon on this machine's kernel with a model behind it: what the kernel tests look through. */

import { hostname, machine, release } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { describe, expect } from "vitest";
import { FollowOnRequest } from "../../src/follow/on-request.ts";
import type { ContainerNames } from "../../src/lookups/container-names.ts";
import type { Concern } from "../../src/model/feed/addon.ts";
import { Model } from "../../src/model/model.ts";
import type { ProcessRow, Snapshot } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { patienceMs } from "./circumstances.ts";
import { DrainedSession, type TestSessionOptions, whyNoBpf } from "./drained-session.ts";

/** A describe whose tests need BPF; where it cannot be had its name says why it is skipped. */
export const describeLive = (name: string, body: () => void) =>
	describe.skipIf(whyNoBpf !== null)(whyNoBpf === null ? name : `${name} (skipped: ${whyNoBpf})`, body);

export class LiveSession {
	readonly #session: DrainedSession;
	readonly #isOnStandby: boolean;
	readonly #requested = new FollowOnRequest();
	readonly #model = new Model(
		{ host: hostname(), kernel: release(), machine: machine(), source: "bpf" },
		{},
		this.#requested,
	);
	#batches: Uint8Array[] = [];
	#snapshot: Snapshot | null = null;
	/** The first one: what was there before. */
	readonly first: Snapshot;

	constructor(options: TestSessionOptions = {}) {
		this.#isOnStandby = options.standby?.includes("follow") ?? false;
		this.#session = new DrainedSession(options, (batch) => this.#take(batch));
		this.first = this.refresh();
	}

	/** Finds names as the program does; gives the batches that came of it to the model. */
	async findNames(names: ContainerNames): Promise<void> {
		await names.find(this.#model.liveContainers(), (batch) => this.#take(batch));
	}

	/** One refresh, as the program makes them once a second. */
	refresh(): Snapshot {
		this.#snapshot = null;
		this.#session.sweep();
		if (this.#snapshot === null) throw new Error("a sweep had no tick");
		return this.#snapshot;
	}

	want(concerns: readonly Concern[]): void {
		this.#session.want(concerns);
	}

	/** As the program does where the user chooses a process; null: none any more. Of a session of its own it is so already. */
	follow(pid: number | null): void {
		if (this.#isOnStandby) this.#session.follow(pid);
		this.#requested.follow(pid);
	}

	drain(): void {
		this.#session.drain();
	}

	/** Refreshes until `poll` finds what it looks for. */
	async until<T>(what: string, poll: (snapshot: Snapshot) => T | undefined | false): Promise<T> {
		const end = Date.now() + patienceMs;
		for (;;) {
			const found = poll(this.refresh());
			if (found !== undefined && found !== false) return found;
			if (Date.now() > end) throw new Error(`${what}: not in any snapshot for ${patienceMs / 1000} s`);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}

	/** Refreshes until `read` gives what is expected, and fails with what it gives instead. */
	async expect(read: (snapshot: Snapshot) => unknown, expected: unknown): Promise<Snapshot> {
		const end = Date.now() + patienceMs;
		for (;;) {
			const snapshot = this.refresh();
			const found = read(snapshot);
			if (isDeepStrictEqual(found, expected)) return snapshot;
			if (Date.now() > end) expect(found).toEqual(expected);
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}

	/** All records of one wire type that came so far, oldest first. */
	records(type: number): DataView[] {
		return this.sweepRecords(type).flat();
	}

	/** The same for each drain and sweep. */
	sweepRecords(type: number): DataView[][] {
		return this.#batches.map((batch) => {
			const found: DataView[] = [];
			const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
			for (let at = 0; at < batch.byteLength; at += wire.headSize(view, at))
				if (wire.headType(view, at) === type)
					found.push(new DataView(batch.buffer, batch.byteOffset + at, wire.headSize(view, at)));
			return found;
		});
	}

	/** What was lost in this test, as of the last refresh. */
	losses(): string[] {
		return this.#session.losses();
	}

	/** For a session of several tests: what came so far is not looked at again. */
	forgetRecords(): void {
		this.#batches = [];
	}

	close(): void {
		this.#session.close();
	}

	#take(batch: Uint8Array): void {
		this.#batches.push(batch);
		this.#snapshot = this.#model.apply(batch) ?? this.#snapshot;
	}
}

export const processIn = (snapshot: Snapshot, pid: number): ProcessRow | undefined =>
	snapshot.processes.find((row) => row.pid === pid);
