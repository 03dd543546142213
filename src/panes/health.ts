/** What the probes behind a pane mean for it: all is well, off, second best, or something was lost. */

import type { Health } from "../model/snapshot.ts";
import type { AnyRow, PaneDefinition } from "./pane.ts";

export interface PaneHealth {
	/** Why the pane shows nothing; null where it works. */
	readonly offReason: string | null;
	/** Why it shows less than it could; null where it shows all. */
	readonly fallbackReason: string | null;
	/** Records that did not arrive. */
	readonly lost: number;
	/** Entries that did not fit into a map. */
	readonly overflow: number;
}

/** `probe` is one that a pane names, or a part of one: "ipc" stands for "ipc-pipe" too. */
function isOf(name: string, probes: readonly string[]): boolean {
	return probes.some((probe) => name === probe || name.startsWith(`${probe}-`) || name.startsWith(`${probe}_`));
}

/** The health of one pane. */
export function paneHealth(pane: Pick<PaneDefinition<AnyRow>, "probes">, health: Health): PaneHealth {
	const probes = health.probes.filter((probe) => isOf(probe.probe, pane.probes));
	const maps = health.maps.filter((map) => isOf(map.map, pane.probes));
	const off = probes.filter((probe) => probe.state === "off");
	const second = probes.filter((probe) => probe.state === "fallback");
	// The pane's own probe tells more than one that it also needs.
	const worse = second.find((probe) => isOf(probe.probe, pane.probes.slice(0, 1))) ?? second[0];
	const isOff = probes.length > 0 && off.length === probes.length;
	return {
		offReason: isOff ? (off[0]?.reason ?? "Its probe is off.") : null,
		fallbackReason: worse ? (worse.reason ?? `It runs on ${worse.variant ?? "a fallback"}.`) : null,
		lost: probes.reduce((sum, probe) => sum + probe.lost, 0),
		overflow: maps.reduce((sum, map) => sum + map.overflow, 0),
	};
}
