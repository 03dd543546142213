/** A snapshot as plain text: a few lines about the machine, then a table for each pane. */

import type { PaneName, ProbeHealth, Snapshot } from "../../model/snapshot.ts";
import { bytes, perSecond, uptime } from "./format.ts";
import { PANE_LINES } from "./panes.ts";
import { cutLine } from "./table.ts";

/** Which probe fills which pane; a part of one is named like `ipc-pipe`. */
const PANE_PROBES: Readonly<Record<PaneName, string>> = {
	processes: "process",
	syscalls: "syscall",
	ipc: "ipc",
	files: "file",
	tcp: "tcp",
};

/** The text of one refresh, an empty line at its end; `before` is the snapshot that was printed or seen last. */
export function batchText(
	snapshot: Snapshot,
	before: Snapshot | null,
	panes: readonly PaneName[],
	width: number,
): string {
	const tables = panes.flatMap((name) => {
		const [title = "", ...rows] = PANE_LINES[name](snapshot, before, width);
		return ["", cutLine(title + offNote(snapshot, name), width), ...rows];
	});
	return `${[...headerLines(snapshot).map((line) => cutLine(line, width)), ...tables, "", ""].join("\n")}`;
}

function headerLines({ host, kernel, time, system, health }: Snapshot): string[] {
	const load = system.loadAverage.map((value) => value.toFixed(2)).join(" ");
	const { records, self } = health;
	return [
		`ebtop - ${time} ${host} Linux ${kernel}, up ${uptime(system.uptimeMs)}, load average ${load}`,
		`CPU ${system.cpuPercent.toFixed(1)}% of ${system.cpus}, memory ${bytes(system.memUsedBytes)} of ` +
			`${bytes(system.memTotalBytes)}, ${perSecond(system.forkRate)} forks/s, ${perSecond(system.execRate)} execs/s, ` +
			`${perSecond(system.syscallRate)} system calls/s`,
		`Records: ${records.received} received, ${records.lost} lost, ${records.malformed} malformed; ` +
			`ebtop itself: CPU ${self.cpuPercent.toFixed(1)}%, ${bytes(self.rssBytes)}${longestRefresh(self)}`,
		...health.maps
			.filter((map) => map.overflow > 0)
			.map((map) => `Table ${map.map} is full: ${map.overflow} did not fit`),
		...health.probes.filter((probe) => probe.state !== "on" && probe.reason !== null).map(probeLine),
	];
}

function longestRefresh({ longestRefreshMs }: Snapshot["health"]["self"]): string {
	return longestRefreshMs === null ? "" : `, longest refresh ${longestRefreshMs.toFixed(1)} ms`;
}

function probeLine({ probe, state, variant, reason }: ProbeHealth): string {
	return `Probe ${probe}: ${state}${variant === null ? "" : ` (${variant})`}: ${reason}`;
}

/** A table that is empty because nothing is measured must not look like a quiet machine. */
function offNote({ health }: Snapshot, pane: PaneName): string {
	const word = PANE_PROBES[pane];
	const probes = health.probes.filter(({ probe }) => probe === word || probe.startsWith(`${word}-`));
	const isOff = probes.length > 0 && probes.every(({ state }) => state === "off");
	return isOff ? ` (off: ${probes[0]?.reason ?? "not measured"})` : "";
}
