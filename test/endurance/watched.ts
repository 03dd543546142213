/** A session with a model, as in the program: drained every 200 ms; its records are counted. */

import { hostname, machine, release } from "node:os";
import { loadAddon, type SessionOptions } from "../../src/model/feed/addon.ts";
import { Model } from "../../src/model/model.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";

export class Watched {
	readonly #session;
	readonly #model = new Model({ host: hostname(), kernel: release(), machine: machine(), source: "bpf" });
	readonly #beat;
	readonly #counts = new Map<number, number>();
	readonly #forks = new Map<number, number>();
	readonly #types: ReadonlySet<number> | undefined;

	/** `types` are the records that the model gets, by default all. All are counted. */
	constructor(options: Omit<SessionOptions, "source"> = {}, drainMs = 200, types?: ReadonlySet<number>) {
		this.#types = types;
		this.#session = new (loadAddon().Session)({ ...options, source: "bpf" });
		this.#beat = setInterval(() => this.drain(), drainMs);
	}

	drain(): void {
		this.#take(this.#session.drain());
	}

	refresh(): Snapshot {
		const snapshot = this.#take(this.#session.sweep());
		if (snapshot === null) throw new Error("a sweep ended without a tick");
		return snapshot;
	}

	/** Number of records of the type so far. */
	count(type: number): number {
		return this.#counts.get(type) ?? 0;
	}

	/** How many forks of the process were seen. */
	forksOf(pid: number): number {
		return this.#forks.get(pid) ?? 0;
	}

	close(): void {
		clearInterval(this.#beat);
		this.#session.close();
	}

	#take(batch: Uint8Array): Snapshot | null {
		const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
		const heard: Uint8Array[] = [];
		for (let at = 0; at < batch.byteLength; at += wire.headSize(view, at)) {
			const type = wire.headType(view, at);
			if (this.#types?.has(type)) heard.push(batch.subarray(at, at + wire.headSize(view, at)));
			this.#counts.set(type, this.count(type) + 1);
			if (type !== wire.WireType.FORK) continue;
			const parent = wire.processPpid(view, at);
			this.#forks.set(parent, this.forksOf(parent) + 1);
		}
		return this.#model.apply(this.#types === undefined ? batch : Buffer.concat(heard));
	}
}

/** Records lost since the session began: by all probes, or by one. */
export const lostIn = ({ health }: Snapshot, name?: string): number =>
	health.probes.filter(({ probe }) => name === undefined || probe === name).reduce((sum, { lost }) => sum + lost, 0);

/** The probes that lost records, with their numbers. */
export const losersIn = ({ health }: Snapshot): string =>
	health.probes
		.filter(({ lost }) => lost > 0)
		.map(({ probe, lost }) => `${probe} ${lost}`)
		.join(", ") || "none";

/** Overflow of the tables. */
export const overflowIn = ({ health }: Snapshot): string =>
	health.maps
		.filter(({ overflow }) => overflow > 0)
		.map(({ map, overflow }) => `${map} ${overflow}`)
		.join(", ") || "none";
