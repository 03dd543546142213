/** Events of calls that took a time: sleeps. */

import type { SleepData } from "../../event-data.ts";
import { WireEvent } from "../../wire/layout.gen.ts";
import type { EventTable } from "../event.ts";
import { NS_PER_MS } from "../tick.ts";
import type { Call, CallHandlers } from "./call.ts";

/** To whole microseconds. */
const milliseconds = (ns: number): number => Math.round(ns / 1000) / (NS_PER_MS / 1000);

export function waitHandlers(events: EventTable): CallHandlers {
	function sleep({ process, tid, timeNs, name: call, error, tookNs, askedNs, other: isKnown }: Call): void {
		const requestedMs = isKnown === 0 ? null : milliseconds(askedNs);
		const data = { call, requestedMs, sleptMs: milliseconds(tookNs), isInterrupted: error !== 0 };
		events.add({ timeNs, type: "sleep", process, tid, text: sleepText(data), data });
	}

	return { [WireEvent.SLEEP]: sleep };
}

function sleepText({ requestedMs, sleptMs, isInterrupted }: SleepData): string {
	const asked = requestedMs === null ? "" : ` of ${requestedMs} ms`;
	return `slept ${sleptMs}${asked === "" ? " ms" : asked}${isInterrupted ? ", interrupted" : ""}`;
}
