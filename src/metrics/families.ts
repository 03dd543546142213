/** From snapshots to families of metrics. Labels are programs and units, never a pid, a path or an address. */

import { isKernelThread } from "../model/kernel-threads.ts";
import { unitOf } from "../model/names/units.ts";
import type { IpcRow, ProcessRow, Snapshot, SyscallRow, TcpRow } from "../model/snapshot.ts";
import { DURATION_BUCKETS, durationBuckets } from "./durations.ts";
import { Growth } from "./growth.ts";
import { BOUNDS, type Bounds, Family } from "./series.ts";

/** The program of a process. Kernel threads share one name, since their own names grow with CPUs and devices. */
function programOf(row: ProcessRow): string {
	return isKernelThread(row) ? "kernel" : row.comm;
}

const keyOfLink = ({ kind, channel, from, to }: IpcRow): string => `${kind} ${channel} ${from.pid} ${to.pid}`;
const keyOfConnection = (row: TcpRow): string =>
	`${row.pid} ${row.localAddress} ${row.localPort} ${row.remoteAddress} ${row.remotePort} ${row.state === "LISTEN"}`;

/** The listener's port. A client's is different for each connection. */
const portOf = ({ role, localPort }: TcpRow): string =>
	role === "listener" || role === "server" ? String(localPort) : "";

/** How a process ended. */
function endOf({ exit }: ProcessRow): string {
	if (exit?.oom) return "oom";
	return exit?.signal === null ? "exit" : "signal";
}

/** As process-exporter names them, with the letters that are counted as each; the last has all others. */
export const STATES = [
	["Running", "R"],
	["Sleeping", "SI"],
	["Waiting", "D"],
	["Zombie", "Z"],
	["Other", ""],
] as const;

/** Where their gauges begin. */
export const FIRST_STATE = 3;

/** 1 for the state of the process, else 0. */
function statesOf({ state }: ProcessRow): number[] {
	const found = STATES.findIndex(([, letters]) => letters.includes(state));
	const at = found < 0 || state === "" ? STATES.length - 1 : found;
	return STATES.map((_, index) => (index === at ? 1 : 0));
}

export class Families {
	/**
	 * CPU seconds, bytes read, bytes written; resident bytes, processes, threads, processes by state. By program and
	 * unit.
	 */
	readonly processes: Family;
	/** Calls, errors, seconds in them. By program and call. */
	readonly syscalls: Family;
	/** Seconds, and the buckets of durations.ts. By program and call; only with --latency. */
	readonly durations: Family;
	/** Bytes, messages; links. By kind, and the programs from and to. */
	readonly links: Family;
	/**
	 * Bytes sent, bytes received, retransmits; connections, and of those with a round-trip time its sum in seconds and how many.
	 * By program, role and port of the listener; "" on a client's side.
	 */
	readonly connections: Family;
	/** Ends of processes by program and how. */
	readonly exits: Family;
	/** Since the start. */
	readonly machine = { forks: 0, execs: 0, oomKills: 0, ownCpuSeconds: 0 };
	/** Null before the first. */
	snapshot: Snapshot | null = null;
	readonly #ended = new Set<string>();
	readonly #calls = new Growth<SyscallRow>(
		(row) => `${row.pid} ${row.name}`,
		({ count, errors, latency }) => {
			const plain = [count, errors, (latency?.totalNs ?? 0) / 1e9];
			return latency === null ? plain : [...plain, ...durationBuckets(latency)];
		},
	);
	readonly #links = new Growth<IpcRow>(keyOfLink, (row) => [row.bytes, row.messages]);
	readonly #connections = new Growth<TcpRow>(keyOfConnection, (row) => [row.txBytes, row.rxBytes, row.retransmits]);

	constructor(bounds: Bounds = BOUNDS) {
		this.processes = new Family({ labels: 2, counters: 3, gauges: FIRST_STATE + STATES.length }, bounds);
		this.syscalls = new Family({ labels: 2, counters: 3, gauges: 0 }, bounds);
		this.durations = new Family({ labels: 2, counters: 1 + DURATION_BUCKETS, gauges: 0 }, bounds);
		this.links = new Family({ labels: 3, counters: 2, gauges: 1 }, bounds);
		this.connections = new Family({ labels: 3, counters: 3, gauges: 3 }, bounds);
		this.exits = new Family({ labels: 2, counters: 1, gauges: 0 }, bounds);
	}

	/** With --latency: else the seconds in calls are unknown, not 0. */
	get hasLatency(): boolean {
		return [...this.durations].length > 0;
	}

	/** Takes each snapshot once. */
	add(snapshot: Snapshot): void {
		const seconds = snapshot.intervalMs / 1000;
		for (const family of [this.processes, this.syscalls, this.durations, this.links, this.connections, this.exits]) {
			family.begin(snapshot.intervalMs);
		}
		this.snapshot = snapshot;
		this.machine.forks += Math.round(snapshot.system.forkRate * seconds);
		this.machine.execs += Math.round((snapshot.system.execRate ?? 0) * seconds);
		this.machine.ownCpuSeconds += (snapshot.health.self.cpuPercent / 100) * seconds;
		this.#addProcesses(snapshot.processes, seconds);
		this.#calls.next(snapshot.syscalls, (row, grown) => {
			this.syscalls.add([row.comm, row.name], grown.slice(0, 3));
			if (row.latency !== null) this.durations.add([row.comm, row.name], grown.slice(2));
		});
		this.#links.next(snapshot.ipc, (row, grown) => this.links.add([row.kind, row.from.comm, row.to.comm], grown, [1]));
		this.#connections.next(snapshot.tcp, (row, grown) => {
			const isOpen = row.state === "CLOSE" ? 0 : 1;
			const hasTime = isOpen > 0 && row.rttUs > 0 ? 1 : 0;
			this.connections.add([row.comm, row.role, portOf(row)], grown, [isOpen, (hasTime * row.rttUs) / 1e6, hasTime]);
		});
	}

	/** Rates are over the last interval, so a rate times the interval is what was added in it. */
	#addProcesses(rows: readonly ProcessRow[], seconds: number): void {
		const ended = new Set<string>();
		for (const row of rows) {
			const used = [
				(row.cpuPercent / 100) * seconds,
				Math.round(row.readRate * seconds),
				Math.round(row.writeRate * seconds),
			];
			const isThere = row.exit === null ? 1 : 0;
			const present = [row.rssBytes, 1, row.threads, ...statesOf(row)].map((value) => isThere * value);
			this.processes.add([programOf(row), unitOf(row)], used, present);
			if (isThere) continue;
			const key = `${row.pid}/${row.start}`;
			ended.add(key);
			if (this.#ended.has(key)) continue;
			this.exits.add([programOf(row), endOf(row)], [1]);
			if (row.exit?.oom) this.machine.oomKills++;
		}
		for (const key of this.#ended) if (!ended.has(key)) this.#ended.delete(key);
		for (const key of ended) this.#ended.add(key);
	}
}
