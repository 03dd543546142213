/** Events of requests to block devices. */

import { errorName } from "../names/errors.ts";
import type { Decoder } from "../wire/decode.ts";
import * as wire from "../wire/layout.gen.ts";
import { type CgroupPath, OPERATIONS } from "./disk.ts";
import type { EventTable } from "./event.ts";
import { deviceText } from "./object/kernel-object.ts";
import type { ProcessRegistry } from "./process/registry.ts";
import { milliseconds } from "./tick.ts";

/** -errno by the kernel's blk_status_t (block/blk-core.c), as far as its numbers are the same since 5.16. */
const ERRORS: Readonly<Record<number, number>> = {
	...{ 1: -95, 2: -110, 3: -28, 4: -67, 5: -121, 6: -52, 7: -61, 8: -84 },
	...{ 9: -12, 10: -5, 11: -78, 12: -11, 13: -16 },
};

const errorOf = (error: number): string =>
	error < 0 ? errorName(error) : ERRORS[error] === undefined ? `status ${error}` : errorName(ERRORS[error]);

export function listenToRequests(
	decoder: Decoder,
	processes: ProcessRegistry,
	events: EventTable,
	cgroupPath: CgroupPath,
): void {
	decoder.on(wire.WireType.DISK_REQUEST, (view, at) => {
		const process = processes.ofRecord(view, at);
		const operation = OPERATIONS[wire.diskRequestOperation(view, at)];
		if (process === null || operation === undefined) return;
		const isSent = wire.diskRequestIsSent(view, at) !== 0;
		const error = wire.diskRequestError(view, at);
		const device = deviceText(wire.diskRequestDev(view, at));
		const data = {
			device,
			name: wire.diskRequestName(view, at) || device,
			operation,
			sector: isSent ? wire.diskRequestSector(view, at) : null,
			bytes: wire.diskRequestBytes(view, at),
			queuedMs: isSent ? milliseconds(wire.diskRequestQueuedNs(view, at)) : null,
			servedMs: milliseconds(wire.diskRequestServedNs(view, at)),
			cgroup: cgroupPath(wire.diskRequestCgroupLow(view, at), wire.diskRequestCgroupHigh(view, at)),
			error: error === 0 ? null : errorOf(error),
		};
		const what = data.sector === null ? operation : `${operation} of ${data.bytes} at sector ${data.sector}`;
		const times = data.queuedMs === null ? "" : `queued ${data.queuedMs}, `;
		const text = [
			`${data.name}: ${what}, ${times}served ${data.servedMs} ms`,
			...(data.error === null ? [] : [data.error]),
			...(data.cgroup === null ? [] : [`for ${data.cgroup}`]),
		].join(", ");
		events.add({ timeNs: wire.headTime(view, at), type: "disk-request", process, text, data });
	});
}
