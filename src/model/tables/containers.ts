/**
 * Containers: the activity of their processes, added up from the rows of processes and connections. So there are never
 * more containers than processes, and a container's row is removed with its last process.
 */

import type { Container, ContainerRow, ProcessRow, TcpRow } from "../snapshot.ts";
import { ContainerLives } from "./container-lives.ts";
import type { EventTable } from "./event.ts";
import type { Tick } from "./tick.ts";

/** The sums of one container. */
interface Sum {
	readonly container: Container;
	readonly cgroup: string | null;
	name: string | null;
	image: string | null;
	readonly pids: number[];
	processes: number;
	cpuPercent: number;
	rssBytes: number;
	readRate: number;
	writeRate: number;
	rxRate: number;
	txRate: number;
	/** Since the last refresh. */
	refused: number | null;
}

export class ContainerTable {
	#processes: readonly ProcessRow[] = [];
	#tcp: readonly TcpRow[] = [];
	#rows: readonly ContainerRow[] = [];
	#byKey: ReadonlyMap<string, ContainerRow> = new Map();
	/**
	 * The counts of each process at the last refresh, by start and pid: a container keeps the counts of dead processes.
	 */
	#refused: ReadonlyMap<string, number> = new Map();
	readonly #lives: ContainerLives;

	constructor(events: EventTable) {
		this.#lives = new ContainerLives(events);
	}

	/** The rows of this refresh; the same array if none of them changed. */
	tick(processes: readonly ProcessRow[], tcp: readonly TcpRow[], tick: Tick): readonly ContainerRow[] {
		if (processes === this.#processes && tcp === this.#tcp) return this.#rows;
		this.#processes = processes;
		this.#tcp = tcp;
		const byKey = new Map<string, ContainerRow>();
		for (const [key, sum] of sumsOf(processes, tcp, this.#refused)) {
			const known = this.#byKey.get(key);
			const row = rowOf(sum, known?.seccompRefused ?? 0);
			byKey.set(key, known !== undefined && isSame(known, row) ? known : row);
		}
		const rows = [...byKey.values()];
		this.#byKey = byKey;
		this.#refused = refusedOf(processes);
		this.#lives.tick(byKey, processes, tick);
		const isUnchanged = rows.length === this.#rows.length && rows.every((row, at) => row === this.#rows[at]);
		if (!isUnchanged) this.#rows = rows;
		return this.#rows;
	}
}

const identityOf = ({ start, pid }: ProcessRow): string => `${start} ${pid}`;

function refusedOf(processes: readonly ProcessRow[]): Map<string, number> {
	const refused = new Map<string, number>();
	for (const row of processes) {
		if (row.container !== null && row.seccompRefused) refused.set(identityOf(row), row.seccompRefused);
	}
	return refused;
}

function sumsOf(
	processes: readonly ProcessRow[],
	tcp: readonly TcpRow[],
	refused: ReadonlyMap<string, number>,
): Map<string, Sum> {
	const sums = new Map<string, Sum>();
	const byPid = new Map<number, Sum>();
	for (const row of processes) {
		if (row.container === null) continue;
		const sum = sumOf(sums, row, row.container);
		addProcess(sum, row);
		if (row.seccompRefused !== null) {
			const known = row.seccompRefused === 0 ? 0 : (refused.get(identityOf(row)) ?? 0);
			sum.refused = (sum.refused ?? 0) + row.seccompRefused - known;
		}
		if (row.exit === null || !byPid.has(row.pid)) byPid.set(row.pid, sum);
	}
	for (const row of byPid.size === 0 ? [] : tcp) {
		const sum = byPid.get(row.pid);
		if (sum === undefined) continue;
		sum.rxRate += row.rxRate;
		sum.txRate += row.txRate;
	}
	return sums;
}

function sumOf(sums: Map<string, Sum>, { cgroup, exit, namespaces }: ProcessRow, container: Container): Sum {
	const own = containerCgroup(cgroup, container.id);
	const key = keyOf(container, own, namespaces.user);
	let sum = sums.get(key);
	if (sum === undefined) {
		const zero = { processes: 0, cpuPercent: 0, rssBytes: 0, readRate: 0, writeRate: 0, rxRate: 0, txRate: 0 };
		sum = { container, cgroup: own, name: container.name, image: container.image, pids: [], refused: null, ...zero };
		sums.set(key, sum);
	}
	// Its inner cgroups and their names are found one by one; dead processes have the name from before a rename.
	sum.name = (exit === null ? container.name : null) ?? sum.name ?? container.name;
	sum.image ??= container.image;
	return sum;
}

/** For a process that ended in this interval its activity counts, but it is not a member. */
function addProcess(sum: Sum, row: ProcessRow): void {
	sum.pids.push(row.pid);
	if (row.exit === null) {
		sum.processes++;
		sum.rssBytes += row.rssBytes;
	}
	sum.cpuPercent += row.cpuPercent;
	sum.readRate += row.readRate;
	sum.writeRate += row.writeRate;
}

function rowOf(sum: Sum, refusedBefore: number): ContainerRow {
	const { runtime, id } = sum.container;
	return {
		runtime,
		id,
		name: sum.name,
		image: sum.image,
		cgroup: sum.cgroup,
		pids: sum.pids,
		processes: sum.processes,
		cpuPercent: rounded(sum.cpuPercent, 100),
		rssBytes: sum.rssBytes,
		readRate: rounded(sum.readRate, 1000),
		writeRate: rounded(sum.writeRate, 1000),
		rxRate: rounded(sum.rxRate, 1000),
		txRate: rounded(sum.txRate, 1000),
		seccompRefused: sum.refused === null ? null : refusedBefore + sum.refused,
	};
}

/** Rounds a sum to the digits of its parts. */
const rounded = (value: number, parts: number): number => Math.round(value * parts) / parts;

function isSame(a: ContainerRow, b: ContainerRow): boolean {
	const hasSamePids = a.pids.length === b.pids.length && a.pids.every((pid, at) => pid === b.pids[at]);
	return (
		hasSamePids && Object.entries(b).every(([key, value]) => key === "pids" || a[key as keyof ContainerRow] === value)
	);
}

/**
 * The cgroup is part of a container's identity: a user who may create cgroups can use the id of another container in a
 * name, and what runs there must not be added to that container. In place of a cgroup of its own, its user namespace
 * is: any user may have a monitor that names the id of another container.
 */
function keyOf({ runtime, id }: Container, cgroup: string | null, userNamespace: number): string {
	const hasOwn = cgroup !== null && startOfId(cgroup, id) >= 0;
	return `${runtime} ${id} ${cgroup ?? ""} ${hasOwn ? "" : userNamespace}`;
}

/** The path down to the container itself, without cgroups inside of it; the whole path if the id is not in it. */
export function containerCgroup(path: string | null, id: string): string | null {
	if (path === null) return null;
	const at = startOfId(path, id);
	const end = at < 0 ? -1 : path.indexOf("/", at);
	return end < 0 ? path : path.slice(0, end);
}

const startOfId = (path: string, id: string): number =>
	[id, escapedForUnit(id)].map((text) => path.lastIndexOf(text)).find((found) => found >= 0) ?? -1;

/** As systemd escapes a name in the name of a unit (systemd.unit(5), STRING ESCAPING). */
function escapedForUnit(name: string): string {
	return name.replaceAll(/[^A-Za-z0-9:_.]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
