/** A session of the addon on this machine's kernel with a model, for the kernel tests. */

import { hostname, machine, release } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { FollowOnRequest } from "../../src/follow/on-request.ts";
import type { ContainerNames } from "../../src/lookups/container-names.ts";
import type { Concern } from "../../src/model/feed/addon.ts";
import { Model } from "../../src/model/model.ts";
import type { ProcessRow, Snapshot } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { forcedVariants, patienceMs } from "./circumstances.ts";
import { DrainedSession, type TestSessionOptions, whyNoBpf } from "./drained-session.ts";

/** With the reason, if the tests are skipped. */
export const titled = (name: string, why: string | null) => (why === null ? name : `${name} (skipped: ${why})`);

/** A describe whose tests are skipped if there is a reason, which the title says. */
export const describeUnless = (why: string | null) => (name: string, body: () => void) =>
	describe.skipIf(why !== null)(titled(name, why), body);

/** A describe whose tests need BPF. */
export const describeLive = describeUnless(whyNoBpf);

const [major = 0, minor = 0] = release().split(".").map(Number);
export function isBefore(wantedMajor: number, wantedMinor: number): boolean {
	return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
/** Whether this kernel gets the old form of the programs (bpf/lib/form.bpf.h). */
export const isBefore517 = isBefore(5, 17);
const isOldForm = isBefore517 || forcedVariants.force?.form === "old";
/** Why programs that only the other form has are not there; null if they are. */
export const whyNotNew = isOldForm ? "before Linux 5.17" : null;
/** The same for descriptors that are handed over: the verifier takes too long. */
export const whyNoHandover = isOldForm && !isBefore(5, 12) ? "Linux 5.12 to 5.16" : null;
/** The same for what is mapped and has no descriptor: iter/task_vma. */
export const whyNoMappings = isBefore(5, 12) ? "before Linux 5.12" : null;
/** A describe whose tests need programs that are not there for older kernels (bpf/README.md). */
export const describeNew = describeUnless(whyNotNew ?? whyNoBpf);
export const testNew = (name: string, body: () => Promise<void>) =>
	test.skipIf(whyNotNew !== null)(titled(name, whyNotNew), body);

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
	/** The first snapshot: what existed before the session. */
	readonly first: Snapshot;

	constructor(options: TestSessionOptions = {}) {
		this.#isOnStandby = options.standby?.includes("follow") ?? false;
		this.#session = new DrainedSession(options, (batch) => this.#take(batch));
		this.first = this.refresh();
	}

	/** Looks up names as the program does, and gives the resulting batches to the model. */
	async findNames(names: ContainerNames): Promise<void> {
		await names.find(this.#model.liveContainers(), (batch) => this.#take(batch));
	}

	/** One refresh, as the program does once a second. */
	refresh(): Snapshot {
		this.#snapshot = null;
		this.#session.sweep();
		if (this.#snapshot === null) throw new Error("a sweep had no tick");
		return this.#snapshot;
	}

	want(concerns: readonly Concern[]): void {
		this.#session.want(concerns);
	}

	/** Follows a process, as when the user chooses one; null: stops. */
	follow(pid: number | null): void {
		if (this.#isOnStandby) this.#session.follow(pid);
		this.#requested.follow(pid);
	}

	drain(): void {
		this.#session.drain();
	}

	/** Refreshes until `poll` returns a value. */
	async until<T>(what: string, poll: (snapshot: Snapshot) => T | undefined | false): Promise<T> {
		const end = Date.now() + patienceMs;
		for (;;) {
			const found = poll(this.refresh());
			if (found !== undefined && found !== false) return found;
			if (Date.now() > end) throw new Error(`${what}: not in any snapshot for ${patienceMs / 1000} s`);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}

	/** Refreshes until `read` returns the expected value; else fails with the actual one. */
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

	/** All records of one wire type so far, oldest first. */
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

	/** Losses during this test, as of the last refresh. */
	losses(): string[] {
		return this.#session.losses();
	}

	/** For a session shared by several tests: discards the records so far. */
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
