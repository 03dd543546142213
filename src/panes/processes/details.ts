/** The details of one process. */

import { formatDurationMs, formatDurationNs } from "../../format/duration.ts";
import { formatBytes, formatPercent, wholeByteRate, wholeRate } from "../../format/quantity.ts";
import { ownPid } from "../../model/host-pids.ts";
import { isEstimate } from "../../model/ipc-kinds.ts";
import type { Container, ProcessRow, Snapshot, Wakes } from "../../model/snapshot.ts";
import { eventBlock, left, right } from "../blocks.ts";
import { addBuckets, histogramBlock } from "../histogram.ts";
import type { Block, Chart, Owns } from "../pane.ts";
import { estimated } from "../shared-columns.ts";
import { fileRates, socketRates } from "../shared-details.ts";
import { exitText } from "./columns.ts";
import { lineageBlock } from "./lineage.ts";

const bytesPerSecond = (rate: number): string => `${wholeByteRate(rate)}/s`;

export const PROCESS_CHARTS: readonly Chart<ProcessRow>[] = [
	{ label: "CPU %", of: (row) => row.cpuPercent, format: formatPercent },
	{ label: "calls", of: (row) => row.syscallRate ?? 0, format: (rate) => `${wholeRate(rate)}/s` },
	{ label: "read", of: (row) => row.readRate, format: bytesPerSecond },
	{ label: "written", of: (row) => row.writeRate, format: bytesPerSecond },
];

/** Blocks of the details view: identity, activity, peers. */
export function processDetails(
	row: ProcessRow,
	snapshot: Snapshot,
	blocksOf: (owns: Owns) => readonly Block[],
): readonly Block[] {
	const owns: Owns = (pid) => pid === row.pid;
	return [
		{ kind: "pairs", title: "Identity", pairs: identity(row, snapshot) },
		lineageBlock(row, snapshot),
		...latencyBlocks(row, snapshot),
		...schedulingBlocks(row, snapshot),
		peerBlock(row, snapshot),
		...blocksOf(owns),
		eventBlock(snapshot.events, owns),
	];
}

function identity(row: ProcessRow, snapshot: Snapshot): (readonly [string, string])[] {
	const parent = snapshot.processes.find((candidate) => candidate.pid === row.ppid);
	const children = snapshot.processes.filter((candidate) => candidate.ppid === row.pid).length;
	const { namespaces, container } = row;
	const { time, system } = machineOf(row, snapshot);
	const startMs = Number(BigInt(row.start) / 1_000_000n);
	const startedMs = Date.parse(time) - system.uptimeMs + startMs;
	const ageMs = system.uptimeMs - startMs;
	return [
		["pid", `${ownPid(row.pid)}, child of ${ownPid(row.ppid)}${parent ? ` ${parent.comm}` : ""}, ${children} children`],
		...(row.nsPid === null || row.nsPid === row.pid
			? []
			: [["pid inside", `${ownPid(row.nsPid)} in its pid namespace`] as const]),
		["comm", row.comm],
		["command", row.args.length > 0 ? row.args.join(" ") : "(none)"],
		["exe", row.exe ?? "(unknown)"],
		["user", `${row.user ?? "(no name)"} (uid ${row.uid}, gid ${row.gid})`],
		["state", row.exit ? `${row.state}, ${exitText(row)}` : row.state],
		[
			"started",
			ageMs >= 0 ? `${new Date(startedMs).toISOString().slice(0, 19)}Z, ${formatDurationMs(ageMs)} ago` : "(unknown)",
		],
		["cgroup", row.cgroup ?? "(unknown)"],
		["container", container ? containerText(container) : "none"],
		["namespaces", namespaceText(namespaces)],
		["seccomp", seccompText(row)],
	];
}

/** Time and load of the machine that it runs on. */
function machineOf({ host }: ProcessRow, { hosts = [], time, system }: Snapshot): Pick<Snapshot, "time" | "system"> {
	const own = hosts.find((one) => one.host === host);
	return { time: own?.time ?? time, system: own?.system ?? system };
}

function containerText({ runtime, name, id, image }: Container): string {
	return [runtime, name, id, image === null ? null : `of ${image}`].filter((word) => word !== null).join(" ");
}

function seccompText({ seccomp, seccompFilters, seccompRefused }: ProcessRow): string {
	const filters = seccompFilters === 0 ? [] : [`filters: ${seccompFilters}`];
	const refused = seccompRefused === null ? [] : [`calls refused: ${seccompRefused}`];
	return [seccomp, ...filters, ...refused].join(", ");
}

/** The namespaces that could be read; those of another user may not be readable. */
function namespaceText(namespaces: ProcessRow["namespaces"]): string {
	const known = Object.entries(namespaces).filter(([, inode]) => inode !== 0);
	return known.length === 0 ? "(unknown)" : known.map(([name, inode]) => `${name} ${inode}`).join(", ");
}

/** Its present activity, in one row. */
export function processSummary(row: ProcessRow): readonly (readonly [string, string])[] {
	return [
		["CPU%", formatPercent(row.cpuPercent)],
		["RES", formatBytes(row.rssBytes)],
		["THREADS", String(row.threads)],
		["CALL/s", wholeRate(row.syscallRate)],
		...fileRates(row),
		...socketRates(row),
	];
}

/** All its calls together; nothing if that is not measured. */
function latencyBlocks({ pid }: ProcessRow, { syscalls }: Snapshot): readonly Block[] {
	const measured = syscalls.flatMap((call) =>
		call.pid === pid && call.latency !== null ? [call.latency.buckets] : [],
	);
	if (measured.length === 0) return [];
	return [histogramBlock("How long its calls took", [{ head: "CALLS", buckets: addBuckets(measured) }], "")];
}

/** While details are open it is measured, but not by a service or in a recording without it. */
function schedulingBlocks({ pid, sched }: ProcessRow, { processes, health }: Snapshot): readonly Block[] {
	if (sched === null) {
		const isComing = health.probes.some(({ probe }) => probe === "sched");
		return isComing ? [] : [{ kind: "pairs", title: "Scheduling", pairs: [["waits", "not measured (--sched)"]] }];
	}
	const [waited, half, most] = [sched.waitNs, sched.waitP50Ns, sched.waitP99Ns].map(formatDurationNs);
	const cpus = sched.cpus.map(({ cpu, runNs }) => `${formatDurationNs(runNs)} on ${cpu}`);
	return [
		{
			kind: "pairs",
			title: "Scheduling",
			pairs: [
				["waits for CPUs", `${waited}, half of the waits below ${half}, 99 % below ${most}`],
				["on CPUs", [formatDurationNs(sched.runNs), ...(cpus.length === 0 ? [] : [cpus.join(", ")])].join(": ")],
				["switches", `${sched.voluntary} voluntary, ${sched.involuntary} involuntary`],
				["untimed waits", String(sched.untimed)],
			],
		},
		histogramBlock("How long it waited for a CPU", [{ head: "WAITS", buckets: sched.waitBuckets }], "it did not"),
		wakesBlock("Woken by", sched.wokenBy, "nobody"),
		wakesBlock(
			"Woke",
			processes.flatMap((other) =>
				(other.sched?.wokenBy ?? [])
					.filter((waker) => waker.pid === pid)
					.map(({ count }) => ({ pid: other.pid, comm: other.comm, count })),
			),
			"nobody",
		),
	];
}

const MOST_WAKES = 16;

/** The busiest first. */
function wakesBlock(title: string, wakes: readonly Wakes[], empty: string): Block {
	return {
		kind: "table",
		title,
		heads: [right("PID"), left("COMM"), right("TIMES")],
		rows: [...wakes]
			.sort((a, b) => b.count - a.count)
			.slice(0, MOST_WAKES)
			.map(({ pid, comm, count }) => [pid === 0 ? "" : String(ownPid(pid)), comm, String(count)]),
		empty,
	};
}

/** Its peers, one row for each process. */
function peerBlock(row: ProcessRow, snapshot: Snapshot): Block {
	const peers = new Map<
		number,
		{ name: string; kinds: Set<string>; sent: number; received: number; isEstimate: boolean }
	>();
	for (const link of snapshot.ipc) {
		const isFrom = link.from.pid === row.pid;
		if (!isFrom && link.to.pid !== row.pid) continue;
		const other = isFrom ? link.to : link.from;
		const peer = peers.get(other.pid) ?? {
			name: other.comm,
			kinds: new Set<string>(),
			sent: 0,
			received: 0,
			isEstimate: false,
		};
		peer.kinds.add(link.kind);
		peer.isEstimate ||= isEstimate(link);
		if (isFrom) peer.sent += link.bytes;
		else peer.received += link.bytes;
		peers.set(other.pid, peer);
	}
	const rows = [...peers].sort(([, a], [, b]) => b.sent + b.received - a.sent - a.received);
	return {
		kind: "table",
		title: "Peers",
		heads: [right("PID"), left("COMM"), right("SENT TO"), right("GOT FROM"), left("OVER")],
		rows: rows.map(([pid, peer]) => [
			String(ownPid(pid)),
			peer.name,
			estimated(peer.isEstimate, formatBytes(peer.sent)),
			estimated(peer.isEstimate, formatBytes(peer.received)),
			[...peer.kinds].join(", "),
		]),
		empty: "no peers",
	};
}
