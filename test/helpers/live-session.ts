/** A session of the addon on this machine's kernel with a model behind it: what the kernel tests look through. */

import { hostname, machine, release } from "node:os";
import { describe } from "vitest";
import { loadAddon, type SessionOptions } from "../../src/model/feed/native.ts";
import { Model } from "../../src/model/model.ts";
import type { ProcessRow, Snapshot } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { forcedVariants, slowness } from "./circumstances.ts";

const addon = loadAddon();
const whyNot = addon.whyNoBpf();

/** A describe whose tests need BPF; where it cannot be had its name says why it is skipped. */
export const describeLive = (name: string, body: () => void) =>
	describe.skipIf(whyNot !== null)(whyNot === null ? name : `${name} (skipped: ${whyNot})`, body);

const timeoutMs = 20_000 * slowness;

export class LiveSession {
	readonly #session: InstanceType<typeof addon.Session>;
	readonly #model = new Model({
		host: hostname(),
		kernel: release(),
		machine: machine(),
		source: "bpf",
		wallOffsetNs: 0n,
	});
	readonly #batches: Uint8Array[] = [];
	/** The first one: what was there before. */
	readonly first: Snapshot;

	constructor(options: Partial<SessionOptions> = {}) {
		this.#session = new addon.Session({ source: "bpf", ...forcedVariants, ...options });
		this.first = this.refresh();
	}

	/** One refresh, as the program makes them once a second. */
	refresh(): Snapshot {
		const snapshot = this.#take(this.#session.sweep());
		if (snapshot === null) throw new Error("a sweep had no tick");
		return snapshot;
	}

	drain(): void {
		this.#take(this.#session.drain());
	}

	/** Refreshes until `poll` finds what it looks for. */
	async until<T>(what: string, poll: (snapshot: Snapshot) => T | undefined | false): Promise<T> {
		const end = Date.now() + timeoutMs;
		for (;;) {
			const found = poll(this.refresh());
			if (found !== undefined && found !== false) return found;
			if (Date.now() > end) throw new Error(`${what}: not in any snapshot for ${timeoutMs / 1000} s`);
			await new Promise((resolve) => setTimeout(resolve, 20));
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

	close(): void {
		this.#session.close();
	}

	#take(batch: Uint8Array): Snapshot | null {
		this.#batches.push(batch);
		return this.#model.apply(batch);
	}
}

/** Records lost in the kernel so far. */
export const lostIn = (snapshot: Snapshot): number => snapshot.health.records.lost;

export const processIn = (snapshot: Snapshot, pid: number): ProcessRow | undefined =>
	snapshot.processes.find((row) => row.pid === pid);
