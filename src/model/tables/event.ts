/** What happened in the interval, in order. Bounded: events that find no room are counted and reported. */

import type { LossData } from "../event-data.ts";
import type { EventType } from "../event-types.ts";
import type { ModelObserver } from "../observer.ts";
import type { EventRow, ProcessRef } from "../snapshot.ts";
import type { FairTable } from "../stats/fair-table.ts";
import type { Bounds } from "./bounds.ts";
import { Storms } from "./event-storms.ts";
import { dataOf, type NewEvent, type PendingEvent } from "./new-event.ts";
import type { Process } from "./process/process.ts";
import { NS_PER_MS, type Tick } from "./tick.ts";

/** The process in an event that no process caused. */
const NOBODY: ProcessRef = { pid: 0, comm: "ebtop" };
/** The user of events whose process is not known (yet). */
const NO_USER = -1;

export class EventTable {
	/** Null: all. */
	readonly #wanted: ReadonlySet<EventType> | null;
	/** In order of arrival. */
	readonly #pending = new Set<PendingEvent>();
	readonly #places: FairTable<Process | null, PendingEvent>;
	readonly #storms = new Storms();
	readonly #dropped = new Map<number, number>();
	readonly #observer: ModelObserver | null;
	#lastId = 0;

	constructor(bounds: Bounds, wanted: readonly EventType[] | null, observer: ModelObserver | null) {
		this.#observer = observer;
		this.#wanted = wanted && new Set(wanted);
		this.#places = bounds.fair<Process | null, PendingEvent>("events", {
			userOf,
			evict: (event) => {
				this.#remove(event);
				this.#drop(event.process, event.count);
			},
		});
	}

	/** Returns the pending event; null if it is not wanted or part of a storm. */
	add<Type extends EventType>(event: NewEvent<Type>): PendingEvent | null {
		this.#observer?.happened(event as NewEvent<EventType>);
		const { timeNs, type, process, text, data, who = process?.ref ?? NOBODY } = event;
		const isLoss = type === "loss"; // always wanted, never dropped, never part of a storm
		if (!isLoss && this.#wanted?.has(type) === false) return null;
		const pending: PendingEvent = { timeNs, type, process, who, text, data, count: 1, isGone: false };
		const rest = isLoss ? null : this.#storms.restOf(pending, event.origin ?? process);
		if (rest !== null && rest !== pending) {
			Object.assign(rest, { timeNs, text, data, count: rest.count + 1 });
			return null;
		}
		if (!this.#places.admit(process, !isLoss) && !isLoss) {
			this.#drop(process, 1);
			return null;
		}
		this.#places.add(process, pending, !isLoss);
		this.#pending.add(pending);
		return pending;
	}

	addLoss(timeNs: number, data: LossData, text: string): void {
		this.add({ timeNs, type: "loss", process: null, text, data });
	}

	tick(tick: Tick): readonly EventRow[] {
		this.#storms.clear();
		if (this.#pending.size === 0 && this.#dropped.size === 0) return NO_EVENTS;
		const rows = Array.from(this.#pending, (event) => eventRow(event, tick, ++this.#lastId));
		if (this.#dropped.size > 0) rows.push(eventRow(lossOf(this.#dropped, tick), tick, ++this.#lastId));
		for (const event of this.#pending) this.#remove(event);
		this.#dropped.clear();
		return rows;
	}

	#remove(event: PendingEvent): void {
		event.isGone = true;
		this.#pending.delete(event);
		this.#places.remove(event.process, event);
	}

	#drop(process: Process | null, count: number): void {
		const user = userOf(process);
		this.#dropped.set(user, (this.#dropped.get(user) ?? 0) + count);
	}
}

function userOf(process: Process | null): number {
	return process?.holder ?? NO_USER;
}

const MOST_USERS = 4;

function lossOf(dropped: ReadonlyMap<number, number>, tick: Tick): PendingEvent {
	const count = [...dropped.values()].reduce((sum, each) => sum + each, 0);
	const event = { timeNs: tick.nowNs, type: "loss", process: null, who: NOBODY, count: 1, isGone: false } as const;
	return { ...event, text: droppedText(dropped, count), data: { of: "events", count } };
}

/** How many events were dropped, and the users with the most of them. */
function droppedText(dropped: ReadonlyMap<number, number>, all: number): string {
	const users = [...dropped].sort(([, one], [, other]) => other - one);
	const nameOf = (user: number) => (user === NO_USER ? "unknown processes" : `uid ${user}`);
	const most = users.slice(0, MOST_USERS).map(([user, count]) => `${count} of ${nameOf(user)}`);
	const isRootAlone = users.length === 1 && dropped.has(0);
	return `${all} more events in this interval are not listed${isRootAlone ? "" : `: ${most.join(", ")}`}`;
}

const NO_EVENTS: readonly EventRow[] = [];

function eventRow(event: PendingEvent, tick: Tick, id: number): EventRow {
	const who = typeof event.who === "function" ? event.who() : event.who;
	const text = typeof event.text === "function" ? event.text() : event.text;
	return {
		id,
		time: new Date(tick.wallMs + (event.timeNs - tick.nowNs) / NS_PER_MS).toISOString(),
		type: event.type,
		pid: who.pid,
		comm: who.comm,
		text: event.count === 1 ? text : `${text} and ${event.count - 1} more`,
		count: event.count,
		data: dataOf(event),
	} as EventRow; // type and data belong together (NewEvent)
}
