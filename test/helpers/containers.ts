/** A table of containers alone, and a refresh for it. */

import { LIMITS } from "../../src/model/limits.ts";
import { Bounds } from "../../src/model/tables/bounds.ts";
import { ContainerTable } from "../../src/model/tables/containers.ts";
import { EventTable } from "../../src/model/tables/event.ts";
import type { Tick } from "../../src/model/tables/tick.ts";

export function aContainerTable(): ContainerTable {
	return new ContainerTable(new EventTable(new Bounds(LIMITS), null, null));
}

export const aTick: Tick = {
	nowNs: 9e9,
	wallMs: 0,
	time: "2026-11-20T17:00:00.000Z",
	intervalNs: 1e9,
	seconds: 1,
	busyNs: 0,
	asleepNs: 0,
};
