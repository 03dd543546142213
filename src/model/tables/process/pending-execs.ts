/** Events of execs whose command line may still arrive: they get it at the refresh, or at the next exec. */

import type { ExecData } from "../../event-data.ts";
import type { EventTable } from "../event.ts";
import type { PendingEvent } from "../new-event.ts";
import { cut, firstWords } from "./first-words.ts";
import type { Process } from "./process.ts";

/** Characters of a command line in an event; the process has all of it. */
const TEXT_LIMIT = 4096;

export class PendingExecs {
	readonly #events: EventTable;
	readonly #pending = new Map<Process, PendingEvent>();

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

	/** Fixes the text of the process's last exec: from now on it runs another program, or none. */
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
	const { ppid, uid } = process.recorded;
	return { ppid, uid, exe: process.exe, args: firstWords(process.args, TEXT_LIMIT) };
}

function commandLine(process: Process): string {
	if (process.args.length === 0) return process.exe ?? process.comm;
	return cut(process.args.join(" "), TEXT_LIMIT);
}
