/** Events of execs whose command line may still be on its way: it is asked for at the refresh, or when it is another. */

import type { ExecData } from "../../event-data.ts";
import type { EventTable, Pending } from "../event.ts";
import type { Process } from "./process.ts";

/** Characters of a command line; the process has the whole. */
const TEXT_LIMIT = 4096;

export class PendingExecs {
	readonly #events: EventTable;
	readonly #pending = new Map<Process, Pending>();

	constructor(events: EventTable) {
		this.#events = events;
	}

	add(timeNs: number, process: Process, parent: Process | undefined): void {
		const event = this.#events.add({
			timeNs,
			type: "exec",
			process,
			text: () => commandLine(process),
			data: () => execData(process),
			origin: parent,
		});
		if (event !== null) this.#pending.set(process, event);
	}

	/** Fixes what the process's last exec says: it will be another program, or none, from now on. */
	settle(process: Process): void {
		const event = this.#pending.get(process);
		if (event === undefined) return;
		event.text = commandLine(process);
		event.data = execData(process);
		this.#pending.delete(process);
	}

	clear(): void {
		this.#pending.clear();
	}
}

function execData(process: Process): ExecData {
	return { ppid: process.ppid, uid: process.uid, exe: process.exe, args: firstWords(process.args) };
}

function commandLine(process: Process): string {
	if (process.args.length === 0) return process.exe ?? process.comm;
	return cut(process.args.join(" "), TEXT_LIMIT);
}

/** As many as the event's text has room for. */
function firstWords(words: readonly string[]): readonly string[] {
	let room = TEXT_LIMIT;
	const first: string[] = [];
	for (const word of words) {
		if (room <= 0) return [...first, "…"];
		first.push(cut(word, room));
		room -= word.length + 1;
	}
	return first;
}

function cut(text: string, length: number): string {
	return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
