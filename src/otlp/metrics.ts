/**
 * The metrics: `process.*` as in OpenTelemetry's semantic conventions, `ebtop.*` by programs as for Prometheus. They are
 * made anew for each export. Observable instruments of the SDK would keep every process that ever existed.
 */

import { type Attributes, type HrTime, ValueType } from "@opentelemetry/api";
import { AggregationTemporality, DataPointType, type SumMetricData } from "@opentelemetry/sdk-metrics";
import type { Families } from "../metrics/families.ts";
import type { Family } from "../metrics/series.ts";
import type { Measured, Processes } from "./processes.ts";

interface Point {
	readonly attributes: Attributes;
	readonly value: number;
	/** Null: when ebtop began. */
	readonly sinceMs: number | null;
}

/** Sums: of events if `isMonotonic`, else of what exists now. */
interface Metric {
	readonly name: string;
	readonly unit: string;
	readonly description: string;
	readonly isMonotonic: boolean;
	points(): readonly Point[];
}

/** Name, unit, description, and the column of the family. */
type Column = readonly [name: string, unit: string, description: string, of: "counters" | "gauges", at: number];

function ofFamily(
	family: Family,
	labels: readonly string[],
	columns: readonly Column[],
	isMeasured = () => true,
): Metric[] {
	return columns.map(([name, unit, description, of, at]) => ({
		name,
		unit,
		description,
		isMonotonic: of === "counters",
		points: () =>
			[...(isMeasured() ? family : [])].map((series) => ({
				attributes: Object.fromEntries(labels.map((label, index) => [label, series.labels[index] ?? ""])),
				value: series[of][at] ?? 0,
				sinceMs: null,
			})),
	}));
}

function identity({ row, createdMs }: Measured): Attributes {
	return {
		"process.pid": row.pid,
		"process.creation.time": new Date(createdMs).toISOString(),
		"process.executable.name": row.exe?.slice(row.exe.lastIndexOf("/") + 1) ?? row.comm,
	};
}

function ofProcesses(processes: Processes): Metric[] {
	const points = (value: (measured: Measured) => number | null, more: Attributes = {}) =>
		processes.listed().processes.flatMap((measured): Point[] => {
			const found = value(measured);
			const attributes = { ...identity(measured), ...more };
			return found === null ? [] : [{ attributes, value: found, sinceMs: measured.sinceMs }];
		});
	return [
		{
			name: "process.cpu.time",
			unit: "s",
			description: "CPU time since ebtop began.",
			isMonotonic: true,
			points: () => points(({ cpuSeconds }) => cpuSeconds),
		},
		{
			name: "process.memory.usage",
			unit: "By",
			description: "Resident memory.",
			isMonotonic: false,
			points: () => points(({ row }) => row.rssBytes),
		},
		{
			name: "process.thread.count",
			unit: "{thread}",
			description: "Threads.",
			isMonotonic: false,
			points: () => points(({ row }) => row.threads),
		},
		{
			name: "process.disk.io",
			unit: "By",
			description: "Bytes of requests to block devices since ebtop began; only with --disk.",
			isMonotonic: true,
			points: () => [
				...points(({ row }) => row.diskReadBytes, { "disk.io.direction": "read" }),
				...points(({ row }) => row.diskWriteBytes, { "disk.io.direction": "write" }),
			],
		},
		{
			name: "ebtop.process.unlisted",
			unit: "{process}",
			description: "Processes without process.* metrics, which are for those that use most.",
			isMonotonic: false,
			points: () => [{ attributes: {}, value: processes.listed().others, sinceMs: null }],
		},
	];
}

/** Everything but what `ofProcesses` has. `dropped`: log records that found no room since the start. */
function ofPrograms(families: Families, dropped: () => number): Metric[] {
	const { machine } = families;
	const plain = (name: string, unit: string, description: string, value: () => number): Metric => ({
		name,
		unit,
		description,
		isMonotonic: true,
		points: () => [{ attributes: {}, value: value(), sinceMs: null }],
	});
	return [
		...ofFamily(
			families.processes,
			["ebtop.program", "ebtop.unit"],
			[
				["ebtop.program.cpu.time", "s", "CPU time of the processes of a program.", "counters", 0],
				["ebtop.program.read", "By", "Bytes returned by read() and similar calls.", "counters", 1],
				["ebtop.program.written", "By", "Bytes taken by write() and similar calls.", "counters", 2],
				["ebtop.program.memory", "By", "Resident memory; shared pages count for each process.", "gauges", 0],
				["ebtop.program.processes", "{process}", "Existing processes.", "gauges", 1],
			],
		),
		...ofFamily(
			families.syscalls,
			["ebtop.program", "ebtop.syscall"],
			[
				["ebtop.syscall.calls", "{call}", "System calls that returned.", "counters", 0],
				["ebtop.syscall.errors", "{call}", "System calls that returned an error.", "counters", 1],
			],
		),
		...ofFamily(
			families.syscalls,
			["ebtop.program", "ebtop.syscall"],
			[["ebtop.syscall.time", "s", "Time in system calls; only with --latency.", "counters", 2]],
			() => families.hasLatency,
		),
		...ofFamily(
			families.links,
			["ebtop.link.kind", "ebtop.link.from", "ebtop.link.to"],
			[
				["ebtop.link.io", "By", "Bytes from one program to another.", "counters", 0],
				["ebtop.link.messages", "{message}", "Messages or calls from one program to another.", "counters", 1],
				["ebtop.link.count", "{link}", "Links between processes of these programs.", "gauges", 0],
			],
		),
		...ofFamily(
			families.connections,
			["ebtop.program", "ebtop.tcp.role", "ebtop.tcp.port"],
			[
				["ebtop.tcp.sent", "By", "Bytes that the peers acknowledged.", "counters", 0],
				["ebtop.tcp.received", "By", "Bytes received in order.", "counters", 1],
				["ebtop.tcp.retransmits", "{segment}", "Retransmitted segments.", "counters", 2],
				["ebtop.tcp.connections", "{connection}", "Connections that are not closed, and listeners.", "gauges", 0],
			],
		),
		...ofFamily(
			families.exits,
			["ebtop.program", "ebtop.exit.how"],
			[["ebtop.process.exits", "{process}", "Processes that ended, and how.", "counters", 0]],
		),
		plain("ebtop.forks", "{process}", "Processes that were forked.", () => machine.forks),
		plain("ebtop.execs", "{exec}", "Programs that were executed; only with BPF.", () => machine.execs),
		plain("ebtop.otlp.dropped", "{record}", "Events that found no room while no receiver took them.", dropped),
		{
			name: "ebtop.records.lost",
			unit: "{record}",
			description: "Records of the kernel that found no room.",
			isMonotonic: true,
			points: () =>
				(families.snapshot?.health.probes ?? []).map(({ probe, variant, lost }) => ({
					attributes: { "ebtop.probe": probe, "ebtop.probe.variant": variant ?? "" },
					value: lost,
					sinceMs: null,
				})),
		},
	];
}

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];

/** All metrics that have a point, as of now. */
export function createMetrics(families: Families, processes: Processes, beginMs: number, dropped: () => number) {
	const metrics = [...ofProcesses(processes), ...ofPrograms(families, dropped)];
	return (): SumMetricData[] => {
		const endTime = hrTime(Date.now());
		return metrics.flatMap(({ name, unit, description, isMonotonic, points }): SumMetricData[] => {
			const dataPoints = points().map(({ attributes, value, sinceMs }) => ({
				startTime: hrTime(sinceMs ?? beginMs),
				endTime,
				attributes,
				value,
			}));
			if (dataPoints.length === 0) return [];
			return [
				{
					descriptor: { name, unit, description, valueType: ValueType.DOUBLE },
					aggregationTemporality: AggregationTemporality.CUMULATIVE,
					dataPointType: DataPointType.SUM,
					isMonotonic,
					dataPoints,
				},
			];
		});
	};
}
