/** What happened in the interval, in order. Bounded: what finds no room is counted and said. */

import type { EventRow, EventType, ProcessRef } from "../snapshot.ts";
import type { Process } from "./process/process.ts";
import { NS_PER_MS, type Tick } from "./tick.ts";

const EVENT_LIMIT = 1000;
/** Whom an event names that no process caused. */
export const NOBODY: ProcessRef = { pid: 0, comm: "ebtop" };

interface Pending {
	readonly timeNs: number;
	readonly type: EventType;
	who: ProcessRef | (() => ProcessRef);
	text: string | (() => string);
}

export class EventTable {
	#pending: Pending[] = [];
	#dropped = 0;
	/** Execs whose command line may still be on its way. */
	readonly #execs = new Map<Process, Pending>();

	/** `who` and `text` as functions are asked at the refresh, when more is known. */
	add(timeNs: number, type: EventType, who: Pending["who"], text: Pending["text"]): void {
		if (this.#pending.length < EVENT_LIMIT) this.#pending.push({ timeNs, type, who, text });
		else this.#dropped++;
	}

	addExec(timeNs: number, process: Process): void {
		const count = this.#pending.length;
		this.add(timeNs, "exec", process.ref, () => commandLine(process));
		const event = this.#pending[count];
		if (event !== undefined) this.#execs.set(process, event);
	}

	/** Fixes the text of a process's last exec: it will be another program, or none, from now on. */
	settleExec(process: Process): void {
		const event = this.#execs.get(process);
		if (event === undefined) return;
		event.text = commandLine(process);
		this.#execs.delete(process);
	}

	tick(tick: Tick): readonly EventRow[] {
		if (this.#pending.length === 0 && this.#dropped === 0) return NO_EVENTS;
		const rows = this.#pending.map((event) => eventRow(event, tick));
		if (this.#dropped > 0) {
			const text = `${this.#dropped} more events in this interval are not listed`;
			rows.push(eventRow({ timeNs: tick.nowNs, type: "loss", who: NOBODY, text }, tick));
		}
		this.#pending = [];
		this.#dropped = 0;
		this.#execs.clear();
		return rows;
	}
}

const NO_EVENTS: readonly EventRow[] = [];

function commandLine(process: Process): string {
	return process.args.length > 0 ? process.args.join(" ") : (process.exe ?? process.comm);
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
