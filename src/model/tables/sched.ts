/** What the scheduler did with the threads of a process: WIRE_SCHED for each CPU, WIRE_WAKE for each waker. */

import type { Decoder } from "../wire/decode.ts";
import * as wire from "../wire/layout.gen.ts";
import type { ProcessRegistry } from "./process/registry.ts";
import { readTurns } from "./process/turns.ts";
import { Wakers } from "./process/wakers.ts";

/** Each WIRE_SCHED has the totals since the measuring began. */
export function listenToScheduler(decoder: Decoder, processes: ProcessRegistry): void {
	decoder.on(wire.WireType.SCHED, (view, at) => {
		const process = processes.ofRecord(view, at);
		if (process === null) return;
		process.turns ??= new Map();
		process.turns.set(wire.schedCpu(view, at), readTurns(view, at));
		processes.dirty.add(process);
	});
	decoder.on(wire.WireType.WAKE, (view, at) => {
		const process = processes.ofRecord(view, at);
		if (process === null) return;
		process.wakers ??= new Wakers();
		process.wakers.add(view, at, wire.wakeWakerComm(view, at));
		processes.dirty.add(process);
	});
}
