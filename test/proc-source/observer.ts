/** The /proc source with a real model: what a user without BPF would see, refresh by refresh. */
import { hostname, machine, release } from "node:os";
import { loadAddon, type SessionOptions } from "../../src/model/feed/addon.ts";
import { Model } from "../../src/model/model.ts";
import type { IpcRow, Snapshot } from "../../src/model/snapshot.ts";
import { patienceMs } from "../helpers/circumstances.ts";
import { heads } from "../helpers/wire-read.ts";
import { until } from "../helpers/workload.ts";

export class Observer {
	readonly #session;
	readonly #model = new Model({
		host: hostname(),
		kernel: release(),
		machine: machine(),
		source: "proc",
	});

	constructor(options: Omit<SessionOptions, "source"> = {}) {
		this.#session = new (loadAddon().Session)({ ...options, source: "proc" });
	}

	refresh(): Snapshot {
		this.#model.apply(this.#session.drain());
		const snapshot = this.#model.apply(this.#session.sweep());
		if (snapshot === null) throw new Error("a sweep ended without a tick");
		return snapshot;
	}

	/** Refreshes until `find` returns something. */
	async until<T>(what: string, find: (snapshot: Snapshot) => T | undefined | false): Promise<T> {
		for (const end = Date.now() + patienceMs; Date.now() < end; ) {
			const found = find(this.refresh());
			if (found !== undefined && found !== false) return found;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		throw new Error(`${what}: not seen in ${patienceMs / 1000} s`);
	}

	/** Drains events, without reading /proc, until there is a record of this type about the process. */
	async untilRecord(type: number, pid: number): Promise<void> {
		await until(`record ${type} of ${pid}`, () => {
			const batch = this.#session.drain();
			this.#model.apply(batch);
			return heads(batch).some((head) => head.type === type && head.pid === pid);
		});
	}

	close(): void {
		this.#session.close();
	}
}

/** The links of a kind between two processes, whichever is `from`. */
export function linksBetween(snapshot: Snapshot, kind: IpcRow["kind"], one: number, other: number): IpcRow[] {
	return snapshot.ipc.filter(({ kind: its, from, to }) => {
		const isOneWay = from.pid === one && to.pid === other;
		return its === kind && (isOneWay || (from.pid === other && to.pid === one));
	});
}
