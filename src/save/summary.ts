/** A readable summary of a span: what was busiest, and what is missing. */

import { formatDurationMs } from "../format/duration.ts";
import { formatBytes, formatCount } from "../format/quantity.ts";
import { fitText } from "../format/text-width.ts";
import type { SpanTotals } from "../history/span.ts";
import { ownPid } from "../model/host-pids.ts";
import { formatProcess } from "../model/names/processes.ts";
import type { EventRow, Snapshot } from "../model/snapshot.ts";

export interface Summarized extends SpanTotals {
	/** At its beginning. */
	readonly first: Snapshot;
	/** Why it was saved, a sentence; null if the user requested it. */
	readonly reason: string | null;
	/** Sentences about what else limits it. */
	readonly limits: readonly string[];
}

const MOST_ROWS = 10;
const WIDTH = 100;

/** Markdown. Names are in indented code blocks, from which no text can escape. */
export function summaryText({ first, snapshot, left, reason, limits }: Summarized): string {
	const seconds = snapshot.intervalMs / 1000;
	const { system } = snapshot;
	const moved = (rate: number) => formatBytes(rate * seconds);
	return [
		`# ${snapshot.host}, ${first.time} to ${snapshot.time}`,
		"",
		...(reason === null ? [] : [`    ${reason}`, ""]),
		`${formatDurationMs(snapshot.intervalMs)} on ${system.cpus} CPUs, Linux ${snapshot.kernel}: ${system.cpuPercent.toFixed(1)} % of the CPUs, ` +
			`${formatCount(system.forkRate * seconds)} forks` +
			`${system.syscallRate === null ? "" : `, ${formatCount(system.syscallRate * seconds)} system calls`}. ` +
			"Times are UTC. `ebtop --replay recording.ebtop` plays the whole span.",
		...section(
			"Processes, by CPU time",
			snapshot.processes,
			({ cpuPercent }) => cpuPercent,
			(row) => [
				`${ownPid(row.pid)} ${row.args.join(" ") || row.comm}`,
				`${formatDurationMs((row.cpuPercent / 100) * snapshot.intervalMs)} CPU`,
				`${moved(row.readRate)} read`,
				`${moved(row.writeRate)} written`,
			],
		),
		...section(
			"Files, by bytes",
			snapshot.files,
			({ readBytes, writeBytes }) => readBytes + writeBytes,
			(row) => [
				`${row.path} ${formatProcess(row)}`,
				`${formatBytes(row.readBytes)} read`,
				`${formatBytes(row.writeBytes)} written`,
			],
		),
		...section(
			"Links, by bytes and messages",
			snapshot.ipc,
			({ bytes, messages }) => bytes + messages,
			(row) => [
				`${formatProcess(row.from)} to ${formatProcess(row.to)} over ${row.kind} ${row.name ?? ""}`,
				formatBytes(row.bytes),
				`${formatCount(row.messages)} messages`,
			],
		),
		...section(
			"Connections, by bytes",
			snapshot.tcp,
			({ rxBytes, txBytes }) => rxBytes + txBytes,
			(row) => [
				`${formatProcess(row)} ${row.localAddress}:${row.localPort} ${row.remoteAddress}:${row.remotePort}`,
				`${formatBytes(row.rxBytes)} received`,
				`${formatBytes(row.txBytes)} sent`,
			],
		),
		...section(
			"System calls, by number",
			snapshot.syscalls,
			({ count }) => count,
			(row) => [
				`${row.name} ${formatProcess(row)}`,
				`${formatCount(row.count)} calls`,
				`${formatCount(row.errors)} errors`,
			],
		),
		...eventLines(snapshot.events),
		...section(
			"Failures, newest first",
			snapshot.events.filter(isTrouble).reverse(),
			() => 1,
			(row) => [
				`${row.time.slice(11, 19)} ${row.type} ${formatProcess(row)}: ${row.text}`,
				row.count > 1 ? `${row.count} times` : "",
			],
		),
		"",
		"## What is missing",
		"",
		...missing(first, snapshot, left, limits).map((sentence) => `* ${sentence}`),
		"",
	].join("\n");
}

/** The rows with the largest weights; no section if all weights are 0. */
function section<Row>(
	title: string,
	rows: readonly Row[],
	weight: (row: Row) => number,
	cells: (row: Row) => readonly string[],
): string[] {
	const used = rows.filter((row) => weight(row) > 0);
	if (used.length === 0) return [];
	const most = used.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST_ROWS);
	const more = used.length - most.length;
	const lines = most.map((row) => {
		const [name = "", ...figures] = cells(row);
		const right = figures.map((figure) => figure.padStart(15)).join("");
		return `    ${fitText(name, Math.max(30, WIDTH - right.length))}${right}`.trimEnd();
	});
	return ["", `## ${title}`, "", ...lines, ...(more > 0 ? ["", `And ${more} more.`] : [])];
}

function eventLines(events: readonly EventRow[]): string[] {
	const counts = new Map<string, number>();
	for (const { type, count } of events) counts.set(type, (counts.get(type) ?? 0) + count);
	return section(
		"Events, by type",
		[...counts],
		([, count]) => count,
		([type, count]) => [type, formatCount(count)],
	);
}

function isTrouble({ type, data }: EventRow): boolean {
	if (type === "oom-kill" || type === "loss" || type === "coredump") return true;
	if (type !== "exit") return false;
	return ("code" in data && (data.code ?? 0) !== 0) || ("signal" in data && data.signal !== null);
}

function missing(first: Snapshot, last: Snapshot, left: number, limits: readonly string[]): readonly string[] {
	const lost = last.health.records.lost - first.health.records.lost;
	const off = last.health.probes.filter(({ state }) => state === "off").map(({ probe }) => probe);
	const sentences = [
		...limits,
		...(lost > 0 ? [`${lost} records were lost, so what they would have reported is missing.`] : []),
		...(off.length > 0 ? [`These probes were off: ${off.join(", ")}.`] : []),
		...(left > 0 ? [`${left} more rows than this summary can hold existed; the recording has them.`] : []),
	];
	return sentences.length > 0 ? sentences : ["Nothing: no record was lost, and no row was left out."];
}
