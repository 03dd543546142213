/** What happened in the interval, in order. Bounded: what finds no room is counted and said. */

import type { EventRow, EventType, ProcessRef } from "../snapshot.ts";
import type { FairTable } from "../stats/fair-table.ts";
import type { Bounds } from "./bounds.ts";
import type { Process } from "./process/process.ts";
import { NS_PER_MS, type Tick } from "./tick.ts";

/** Characters of a command line; the process has the whole. */
const TEXT_LIMIT = 4096;
/** Whom an event names that no process caused. */
const NOBODY: ProcessRef = { pid: 0, comm: "ebtop" };
/** The user of events whose process is not known (yet). */
const NO_USER = -1;

interface Pending {
	readonly timeNs: number;
	readonly type: EventType;
	readonly process: Process | null;
	who: ProcessRef | (() => ProcessRef);
	text: string | (() => string);
}

export class EventTable {
	/** In the order in which they came. */
	readonly #pending = new Set<Pending>();
	readonly #places: FairTable<Process | null, Pending>;
	readonly #dropped = new Map<number, number>();
	/** Execs whose command line may still be on its way. */
	readonly #execs = new Map<Process, Pending>();

	constructor(bounds: Bounds) {
		this.#places = bounds.fair<Process | null, Pending>("events", {
			userOf,
			evict: (event) => {
				this.#remove(event);
				this.#drop(event.process);
			},
		});
	}

	/**
	 * `process` caused it, null where none did. `who`, if another is named, and `text` are asked at the refresh where they
	 * are functions, when more is known.
	 */
	add(
		timeNs: number,
		type: EventType,
		process: Process | null,
		text: Pending["text"],
		who: Pending["who"] = process?.ref ?? NOBODY,
	): Pending | null {
		const event = { timeNs, type, process, who, text };
		const isLoss = type === "loss"; // never crowded out
		if (!this.#places.admit(process, !isLoss) && !isLoss) {
			this.#drop(process);
			return null;
		}
		this.#places.add(process, event, !isLoss);
		this.#pending.add(event);
		return event;
	}

	addExec(timeNs: number, process: Process): void {
		const event = this.add(timeNs, "exec", process, () => commandLine(process));
		if (event !== null) this.#execs.set(process, event);
	}

	/** Fixes the text of a process's last exec: it will be another program, or none, from now on. */
	settleExec(process: Process): void {
		const event = this.#execs.get(process);
		if (event === undefined) return;
		event.text = commandLine(process);
		this.#execs.delete(process);
	}

	tick(tick: Tick): readonly EventRow[] {
		if (this.#pending.size === 0 && this.#dropped.size === 0) return NO_EVENTS;
		const rows = Array.from(this.#pending, (event) => eventRow(event, tick));
		if (this.#dropped.size > 0) {
			const text = droppedText(this.#dropped);
			rows.push(eventRow({ timeNs: tick.nowNs, type: "loss", process: null, who: NOBODY, text }, tick));
		}
		for (const event of this.#pending) this.#remove(event);
		this.#dropped.clear();
		this.#execs.clear();
		return rows;
	}

	#remove(event: Pending): void {
		this.#pending.delete(event);
		this.#places.remove(event.process, event);
	}

	#drop(process: Process | null): void {
		const user = userOf(process);
		this.#dropped.set(user, (this.#dropped.get(user) ?? 0) + 1);
	}
}

function userOf(process: Process | null): number {
	return process?.holder ?? NO_USER;
}

const MOST_USERS = 4;

/** How many, and of which users most. */
function droppedText(dropped: ReadonlyMap<number, number>): string {
	const users = [...dropped].sort(([, one], [, other]) => other - one);
	const all = users.reduce((sum, [, count]) => sum + count, 0);
	const nameOf = (user: number) => (user === NO_USER ? "unknown processes" : `uid ${user}`);
	const most = users.slice(0, MOST_USERS).map(([user, count]) => `${count} of ${nameOf(user)}`);
	const isRootAlone = users.length === 1 && dropped.has(0);
	return `${all} more events in this interval are not listed${isRootAlone ? "" : `: ${most.join(", ")}`}`;
}

const NO_EVENTS: readonly EventRow[] = [];

function commandLine(process: Process): string {
	if (process.args.length === 0) return process.exe ?? process.comm;
	const line = process.args.join(" ");
	return line.length <= TEXT_LIMIT ? line : `${line.slice(0, TEXT_LIMIT - 1)}…`;
}

function eventRow(event: Pending, tick: Tick): EventRow {
	const who = typeof event.who === "function" ? event.who() : event.who;
	return {
		time: new Date(tick.wallMs + (event.timeNs - tick.nowNs) / NS_PER_MS).toISOString(),
		type: event.type,
		pid: who.pid,
		comm: who.comm,
		text: typeof event.text === "function" ? event.text() : event.text,
	};
}
