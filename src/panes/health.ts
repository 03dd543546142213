/** The health of a pane from that of its probes: fine, off, on a fallback, or with losses. */

import type { Health } from "../model/snapshot.ts";
import type { Pane } from "./pane.ts";

export interface PaneHealth {
	/** Why the pane shows nothing; null if it works. */
	readonly offReason: string | null;
	/** Its probes are attached with the next refresh. */
	readonly isStarting: boolean;
	/** Why it shows less than it could; null if it shows all. */
	readonly fallbackReason: string | null;
	/** Records that were lost. */
	readonly lost: number;
	/** Entries that found no room in a table. */
	readonly overflow: number;
}

/** The health of one pane. */
export function paneHealth(pane: Pick<Pane, "probes" | "maps" | "unmeasured">, health: Health): PaneHealth {
	const probes = health.probes.filter(({ probe }) => pane.probes.includes(probe));
	const maps = health.maps.filter(({ map }) => pane.maps.includes(map));
	const off = probes.filter((probe) => probe.state === "off");
	const second = probes.filter((probe) => probe.state === "fallback");
	// The pane's own probe says more than others that it also needs.
	const worse = second.find(({ probe }) => probe === pane.probes[0]) ?? second[0];
	const isOff = probes.length > 0 && off.length === probes.length;
	return {
		isStarting: probes.some(({ probe, state }) => probe === pane.probes[0] && state === "standby"),
		offReason: isOff ? (off[0]?.reason ?? "Its probe is off.") : probes.length === 0 ? pane.unmeasured : null,
		fallbackReason: worse ? (worse.reason ?? `It runs on ${worse.variant ?? "a fallback"}.`) : null,
		lost: probes.reduce((sum, probe) => sum + probe.lost, 0),
		overflow: maps.reduce((sum, map) => sum + map.overflow, 0),
	};
}
