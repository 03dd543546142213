/** Events that took a time: sleeps, and look-ups of host names. */

import type { SleepData } from "../../event-data.ts";
import { WireEvent } from "../../wire/layout.gen.ts";
import type { EventTable } from "../event.ts";
import { milliseconds } from "../tick.ts";
import type { Call, CallHandlers } from "./call.ts";

/** include netdb.h of glibc; musl's are the same. */
const RESULTS: Readonly<Record<number, string>> = {
	0: "found",
	[-1]: "EAI_BADFLAGS",
	[-2]: "EAI_NONAME",
	[-3]: "EAI_AGAIN",
	[-4]: "EAI_FAIL",
	[-5]: "EAI_NODATA",
	[-6]: "EAI_FAMILY",
	[-7]: "EAI_SOCKTYPE",
	[-8]: "EAI_SERVICE",
	[-9]: "EAI_ADDRFAMILY",
	[-10]: "EAI_MEMORY",
	[-11]: "EAI_SYSTEM",
	[-12]: "EAI_OVERFLOW",
};

const resultName = (result: number): string => RESULTS[result] ?? `error ${result}`;

export function waitHandlers(events: EventTable): CallHandlers {
	function sleep({ process, tid, timeNs, name: call, error, tookNs, askedNs, other: isKnown }: Call): void {
		const requestedMs = isKnown === 0 ? null : milliseconds(askedNs);
		const data = { call, requestedMs, sleptMs: milliseconds(tookNs), isInterrupted: error !== 0 };
		events.add({ timeNs, type: "sleep", process, tid, text: sleepText(data), data });
	}

	function lookUp({ process, tid, timeNs, error, tookNs, other: isPointer, names }: Call): void {
		const name = names[0]?.asked ?? "?";
		const result = isPointer === 1 ? (error === 0 ? "found" : "not found") : resultName(error);
		const data = { name, latencyMs: milliseconds(tookNs), result };
		const text = `${name}: ${result} in ${data.latencyMs} ms`;
		events.add({ timeNs, type: "lookup", process, tid, text, data });
	}

	return { [WireEvent.SLEEP]: sleep, [WireEvent.LOOKUP]: lookUp };
}

function sleepText({ requestedMs, sleptMs, isInterrupted }: SleepData): string {
	const asked = requestedMs === null ? "" : ` of ${requestedMs} ms`;
	return `slept ${sleptMs}${asked === "" ? " ms" : asked}${isInterrupted ? ", interrupted" : ""}`;
}
