/** A snapshot as plain text: a few lines about the machine, then a table for each pane. */

import { formatDurationMs } from "../../format/duration.ts";
import { formatBytes, formatPercent, wholeRate } from "../../format/quantity.ts";
import { pastLimit } from "../../model/limits.ts";
import type { ProbeHealth, Snapshot } from "../../model/snapshot.ts";
import { hostWords } from "../../panes/hosts.ts";
import type { Pane } from "../../panes/pane.ts";
import { paneLines, type TextScene } from "./pane-table.ts";
import { cutLine } from "./table.ts";

/** The lines of one refresh with their newlines, an empty one at the end; made lazily. */
export function* batchLines(panes: readonly Pane[], scene: TextScene): Generator<string> {
	for (const line of headerLines(scene.snapshot)) yield `${cutLine(line, scene.width)}\n`;
	for (const pane of panes) {
		yield "\n";
		for (const line of paneLines(pane, scene)) yield `${line}\n`;
	}
	yield "\n";
}

function headerLines({ host, kernel, time, system, health, hosts = [] }: Snapshot): string[] {
	const load = system.loadAverage.map((value) => value.toFixed(2)).join(" ");
	const { records, self } = health;
	return [
		`ebtop - ${time} ${host} Linux ${kernel}, up ${formatDurationMs(system.uptimeMs)}, load average ${load}`,
		`CPU ${formatPercent(system.cpuPercent)}% of ${system.cpus}, memory ${formatBytes(system.memUsedBytes)} of ` +
			`${formatBytes(system.memTotalBytes)}, ${wholeRate(system.forkRate)} forks/s, ${wholeRate(system.execRate)} execs/s, ` +
			`${wholeRate(system.syscallRate)} system calls/s`,
		`Records: ${records.received} received, ${records.lost} lost, ${records.malformed} malformed; ` +
			`ebtop itself: CPU ${formatPercent(self.cpuPercent)}%, ${formatBytes(self.rssBytes)}${longestRefresh(self)}`,
		...hosts.map((one) => hostWords(one).join("  ")),
		...health.maps
			.filter((map) => map.overflow > 0)
			.map((map) => `Table ${map.map} is full: ${map.overflow} did not fit; ${pastLimit(map.map)}`),
		...health.probes.filter((probe) => probe.state !== "on" && probe.reason !== null).map(probeLine),
	];
}

function longestRefresh({ longestRefreshMs }: Snapshot["health"]["self"]): string {
	return longestRefreshMs === null ? "" : `, longest refresh ${longestRefreshMs.toFixed(1)} ms`;
}

function probeLine({ probe, state, variant, reason }: ProbeHealth): string {
	return `Probe ${probe}: ${state}${variant === null ? "" : ` (${variant})`}: ${reason}`;
}
