/** System calls that are events, each by its kind. */

import { askedFlags } from "../../names/open-flags.ts";
import { syscallNames } from "../../names/syscalls.ts";
import type { Decoder } from "../../wire/decode.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { Bounds } from "../bounds.ts";
import type { EventTable } from "../event.ts";
import { UNKNOWN_COMM } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import { type CallHandlers, readCall } from "./call.ts";
import { fileHandlers } from "./files.ts";
import { securityHandlers } from "./security.ts";
import { socketHandlers } from "./sockets.ts";
import { waitHandlers } from "./waits.ts";

export function listenToCalls(
	decoder: Decoder,
	processes: ProcessRegistry,
	events: EventTable,
	{ machine, bounds }: { readonly machine: string; readonly bounds: Bounds },
): void {
	const syscalls = syscallNames(machine);
	const handlers: CallHandlers = {
		...fileHandlers(events, bounds, askedFlags(machine)),
		...socketHandlers(events),
		...securityHandlers(events, processes),
		...waitHandlers(events),
	};
	decoder.on(wire.WireType.CALL_EVENT, (view, at) => {
		const process = processes.ofRecord(view, at);
		const handler = handlers[wire.callEventEvent(view, at)];
		if (process === null || handler === undefined) return;
		if (process.comm === UNKNOWN_COMM) processes.rename(process, wire.callEventComm(view, at));
		handler(readCall(view, at, process, syscalls));
	});
}
