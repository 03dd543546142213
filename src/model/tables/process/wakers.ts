/** Which processes woke the threads of a process, and how often. */

import type { Wakes } from "../../snapshot.ts";
import * as wire from "../../wire/layout.gen.ts";

/** Wakers with an entry of their own; the counts of those that were evicted are in "other". */
const MOST = 64;

interface Entry {
	readonly pid: number;
	comm: string;
	count: number;
}

export class Wakers {
	readonly #entries = new Map<string, Entry>();
	#others = 0;

	/** A WIRE_WAKE record. */
	add(view: DataView, at: number, comm: string): void {
		const kind = wire.wakeWaker(view, at);
		const pid = wire.wakeWakerPid(view, at);
		const key = `${kind} ${pid} ${wire.wakeWakerStartLow(view, at)} ${wire.wakeWakerStartHigh(view, at)}`;
		const entry = this.#entries.get(key) ?? this.#open(key, pid);
		entry.comm = nameOf(kind, comm);
		entry.count += wire.wakeCount(view, at);
	}

	/** The busiest first. */
	rows(): readonly Wakes[] {
		const rows = [...this.#entries.values()].map(({ pid, comm, count }) => ({ pid, comm, count }));
		if (this.#others > 0) rows.push({ pid: 0, comm: "other", count: this.#others });
		return rows.sort((a, b) => b.count - a.count);
	}

	#open(key: string, pid: number): Entry {
		if (this.#entries.size >= MOST) this.#evict();
		const entry = { pid, comm: "", count: 0 };
		this.#entries.set(key, entry);
		return entry;
	}

	/** The one with the fewest. */
	#evict(): void {
		const [key, { count }] = [...this.#entries].reduce((least, each) =>
			each[1].count < least[1].count ? each : least,
		);
		this.#entries.delete(key);
		this.#others += count;
	}
}

function nameOf(kind: number, comm: string): string {
	if (kind === wire.WireWaker.INTERRUPT) return "interrupt";
	return kind === wire.WireWaker.ENDING ? "ending" : comm;
}
