/** The families for Prometheus: names, labels and help, with the official client library. */

import { Counter, Gauge, Registry } from "@prometheus-io/client";
import type { ProbeHealth } from "../model/snapshot.ts";
import { addDurations } from "./durations.ts";
import { type Families, FIRST_STATE, STATES } from "./families.ts";
import type { Family, Series } from "./series.ts";

/** A metric made of one column of a family. */
interface FamilyMetric {
	readonly name: string;
	readonly help: string;
	readonly of: "counters" | "gauges";
	readonly at: number;
}

const column = (of: "counters" | "gauges", at: number, name: string, help: string): FamilyMetric => ({
	name,
	help,
	of,
	at,
});

const PROCESS_METRICS = [
	column("counters", 0, "ebtop_process_cpu_seconds_total", "CPU time of processes."),
	column("counters", 1, "ebtop_process_read_bytes_total", "Bytes returned by read() and similar calls."),
	column("counters", 2, "ebtop_process_written_bytes_total", "Bytes taken by write() and similar calls."),
	column("gauges", 0, "ebtop_process_resident_bytes", "Resident memory; shared pages count for each process."),
	column("gauges", 1, "ebtop_processes", "Existing processes."),
];
const CALL_METRICS = [
	column("counters", 0, "ebtop_syscalls_total", "System calls that returned."),
	column("counters", 1, "ebtop_syscall_errors_total", "System calls that returned an error."),
];
const CALL_TIME = [column("counters", 2, "ebtop_syscall_seconds_total", "Time in system calls; only with --latency.")];
const LINK_METRICS = [
	column("counters", 0, "ebtop_link_bytes_total", "Bytes from one program to another."),
	column("counters", 1, "ebtop_link_messages_total", "Messages or calls from one program to another."),
	column("gauges", 0, "ebtop_links", "Links between processes of these programs."),
];
const TCP_METRICS = [
	column("counters", 0, "ebtop_tcp_sent_bytes_total", "Bytes that the peers acknowledged."),
	column("counters", 1, "ebtop_tcp_received_bytes_total", "Bytes received in order."),
	column("counters", 2, "ebtop_tcp_retransmits_total", "Retransmitted segments."),
	column("gauges", 0, "ebtop_tcp_connections", "Connections that are not closed, and listeners."),
];
const EXIT_METRICS = [column("counters", 0, "ebtop_exits_total", "Processes that ended, and how.")];

/** Names that other exporters made usual, and dashboards ask for. */
export type Compat = "process-exporter";

/** A registry for `families`, read at each scrape. */
export function createExposition(families: Families, version: string, compat: Compat | null = null): Registry {
	const registry = new Registry();
	const registers = [registry];
	const addFamily = (
		family: Family,
		labelNames: string[],
		metrics: readonly FamilyMetric[],
		isMeasured = () => true,
	) => {
		for (const { name, help, of, at } of metrics) {
			const set = (put: (labels: Record<string, string>, value: number) => void) => {
				if (isMeasured()) for (const series of family) put(labelsOf(labelNames, series), series[of][at] ?? 0);
			};
			addMetric(of === "gauges" ? Gauge : Counter, { name, help, labelNames, registers }, set);
		}
	};
	addFamily(families.processes, ["program", "unit"], PROCESS_METRICS);
	addFamily(families.syscalls, ["program", "syscall"], CALL_METRICS);
	addFamily(families.syscalls, ["program", "syscall"], CALL_TIME, () => families.hasLatency);
	const help = "Time in system calls; only with --latency.";
	addDurations(registry, families.durations, "ebtop_syscall_duration_seconds", help, ["program", "syscall"]);
	addFamily(families.links, ["kind", "from", "to"], LINK_METRICS);
	const tcpLabels = ["program", "role", "port"];
	addFamily(families.connections, tcpLabels, TCP_METRICS);
	const rtt = "Mean round-trip time of the connections that have one.";
	addMetric(Gauge, { registers, name: "ebtop_tcp_rtt_seconds", help: rtt, labelNames: tcpLabels }, (put) => {
		const sums = new Map<string, { labels: Record<string, string>; seconds: number; connections: number }>();
		for (const series of families.connections) {
			const labels = labelsOf(tcpLabels, series);
			const key = series.labels.join("\0");
			const [, seconds = 0, connections = 0] = series.gauges;
			const sum = sums.get(key) ?? { labels, seconds: 0, connections: 0 };
			sums.set(key, { labels, seconds: sum.seconds + seconds, connections: sum.connections + connections });
		}
		for (const { labels, seconds, connections } of sums.values())
			if (connections > 0) put(labels, seconds / connections);
	});
	addFamily(families.exits, ["program", "how"], EXIT_METRICS);
	const plain = { registers, labelNames: [] };
	const { machine } = families;
	const addPlain = (Kind: Kind, name: string, help: string, read: () => number) =>
		addMetric(Kind, { ...plain, name, help }, (put) => put({}, read()));
	addPlain(Counter, "ebtop_forks_total", "Processes that were forked.", () => machine.forks);
	addPlain(Counter, "ebtop_execs_total", "Programs that were executed; only with BPF.", () => machine.execs);
	addPlain(Counter, "ebtop_oom_kills_total", "Processes that were killed for lack of memory.", () => machine.oomKills);
	addPlain(Counter, "ebtop_own_cpu_seconds_total", "CPU time of ebtop itself.", () => machine.ownCpuSeconds);
	addPlain(
		Gauge,
		"ebtop_own_resident_bytes",
		"Resident memory of ebtop itself.",
		() => families.snapshot?.health.self.rssBytes ?? 0,
	);
	addHealth(families, registry);
	if (compat === "process-exporter") addNamedGroups(families, registry);
	addMetric(Gauge, { registers, name: "ebtop_build_info", help: "Always 1.", labelNames: ["version"] }, (put) =>
		put({ version }, 1),
	);
	return registry;
}

/** How far the numbers can be trusted: losses and probes. */
function addHealth(families: Families, registry: Registry): void {
	const health = () => families.snapshot?.health;
	const registers = [registry];
	addMetric(
		Counter,
		{ registers, name: "ebtop_records_lost_total", help: "Records that found no room.", labelNames: ["probe"] },
		(put) => {
			for (const { probe, lost } of health()?.probes ?? []) put({ probe }, lost);
		},
	);
	addMetric(
		Counter,
		{
			registers,
			name: "ebtop_table_overflow_total",
			help: "Entries that found no room in a table.",
			labelNames: ["table"],
		},
		(put) => {
			for (const { map, overflow } of health()?.maps ?? []) put({ table: map }, overflow);
		},
	);
	addMetric(
		Gauge,
		{
			registers,
			name: "ebtop_probe_state",
			help: "1 if a probe works as well as it can.",
			labelNames: ["probe", "variant"],
		},
		(put) => {
			for (const { probe, variant, isOn } of probeStates(health()?.probes ?? [])) put({ probe, variant }, isOn ? 1 : 0);
		},
	);
}

/**
 * The metrics of process-exporter that ebtop has, by program: a group is a program. Bytes are those of all reads and
 * writes, not only of those that reached a disk.
 */
function addNamedGroups({ processes }: Families, registry: Registry): void {
	type Read = (series: Series) => number;
	/** `label`: a second label with a value for each of `reads`. */
	const add = (Kind: Kind, name: string, help: string, reads: readonly Read[], label?: [string, readonly string[]]) => {
		const [labelName, values = []] = label ?? [];
		const labelNames = ["groupname", ...(labelName === undefined ? [] : [labelName])];
		addMetric(Kind, { registers: [registry], name: `namedprocess_namegroup_${name}`, help, labelNames }, (put) => {
			for (const series of processes) {
				const groupname = series.labels[0] ?? "";
				for (const [at, read] of reads.entries())
					put({ groupname, ...(labelName && { [labelName]: values[at] ?? "" }) }, read(series));
			}
		});
	};
	const gauge =
		(at: number): Read =>
		({ gauges }) =>
			gauges[at] ?? 0;
	const counter =
		(at: number): Read =>
		({ counters }) =>
			counters[at] ?? 0;
	add(Gauge, "num_procs", "Existing processes.", [gauge(1)]);
	add(Gauge, "num_threads", "Existing threads.", [gauge(2)]);
	add(Gauge, "memory_bytes", "Memory; ebtop has the resident part.", [gauge(0)], ["memtype", ["resident"]]);
	const states = STATES.map(([name]) => name);
	const stateGauges = states.map((_, at) => gauge(FIRST_STATE + at));
	add(Gauge, "states", "Existing processes by state.", stateGauges, ["state", states]);
	add(Counter, "cpu_seconds_total", "CPU time, user and system together.", [counter(0)], ["mode", ["all"]]);
	add(Counter, "read_bytes_total", "Bytes returned by read() and similar calls.", [counter(1)]);
	add(Counter, "write_bytes_total", "Bytes taken by write() and similar calls.", [counter(2)]);
}

/** A probe may have several rows, one for each of its programs. */
function probeStates(probes: readonly ProbeHealth[]) {
	const states = new Map<string, { readonly probe: string; readonly variant: string; readonly isOn: boolean }>();
	for (const { probe, variant, state } of probes) {
		const key = `${probe} ${variant}`;
		const isOn = (states.get(key)?.isOn ?? true) && state === "on";
		states.set(key, { probe, variant: variant ?? "", isOn });
	}
	return states.values();
}

interface MetricText {
	readonly name: string;
	readonly help: string;
	readonly labelNames: string[];
	readonly registers: Registry[];
}
type Fill = (put: (labels: Record<string, string>, value: number) => void) => void;

type Kind = typeof Counter | typeof Gauge;

/** Read at each scrape; values with the same labels are added up. */
function addMetric(Kind: Kind, text: MetricText, fill: Fill): void {
	new Kind({
		...text,
		collect(this: Counter<string> | Gauge<string>) {
			this.reset();
			fill((labels, value) => this.inc(labels, value));
		},
	});
}

function labelsOf(names: readonly string[], { labels }: Series): Record<string, string> {
	return Object.fromEntries(names.map((name, at) => [name, labels[at] ?? ""]));
}
