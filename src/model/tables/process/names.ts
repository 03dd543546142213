/** Names that are sent in records of their own: users, cgroups, containers. */

import { safeText } from "../../safe-text.ts";
import type { Container } from "../../snapshot.ts";
import { KeptNames } from "../../stats/kept-names.ts";
import { decodeUtf8 } from "../../utf8.ts";
import { bytesAt, decimalOf, textAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import { containerByMonitor, nameFromMonitor } from "./monitor.ts";
import type { Process } from "./process.ts";
import type { ProcessRegistry } from "./registry.ts";

/** Runtimes whose containers have their id as name. */
const CALLED_BY_ID: readonly string[] = ["lxc", "nspawn"];
const MONITORED: readonly string[] = ["podman", "cri-o"];

/** A container that has a process, and whose runtime keeps names. */
export interface LiveContainer extends Container {
	/**
	 * The id of its cgroup, decimal: any user may make another cgroup with the same container id. Without a cgroup of its
	 * own, its monitor.
	 */
	readonly key: string;
	/** The same; null if it has a cgroup. */
	readonly monitor: Pick<Process, "pid" | "startLow" | "startHigh"> | null;
	/** One of its processes, and the holder of that process. */
	readonly pid: number;
	readonly user: number;
}

type Registry = Pick<ProcessRegistry, "all" | "find" | "parentOf">;

export class Names {
	/** A name was added since the last check. */
	isChanged = false;
	readonly #users: KeptNames<number, string>;
	readonly #cgroups: KeptNames<string, string>;
	readonly #containers: KeptNames<string, Container>;
	/** By their monitors: containers without a cgroup of their own. */
	readonly #monitored = new WeakMap<Process, Container>();
	readonly #monitorOf = new WeakMap<Container, Process>();
	readonly #processes: Registry;
	readonly #parentOf: (process: Process) => Process | undefined;

	/** `limit`: how many unused names of each kind are kept. */
	constructor(processes: Registry, limit: number) {
		this.#processes = processes;
		const cgroups = () => new Set(Array.from(processes.all(), cgroupOf).filter((id) => id !== null));
		this.#users = new KeptNames(limit, () => new Set(Array.from(processes.all(), ({ recorded }) => recorded.uid)));
		this.#cgroups = new KeptNames(limit, cgroups);
		this.#containers = new KeptNames(limit, cgroups);
		this.#parentOf = (process) => processes.parentOf(process);
	}

	apply(view: DataView, at: number): void {
		const low = wire.nameIdLow(view, at);
		const id = decimalOf(low, wire.nameIdHigh(view, at));
		const length = wire.nameLen(view, at);
		const kind = wire.nameKind(view, at);
		this.isChanged = true;
		if (kind === wire.WireNameKind.USER) this.#users.set(low, textAt(view, wire.nameTextAt(at), length));
		else if (kind === wire.WireNameKind.CGROUP) this.#cgroups.set(id, textAt(view, wire.nameTextAt(at), length));
		else if (kind === wire.WireNameKind.CONTAINER) {
			const container = containerOf(bytesAt(view, wire.nameTextAt(at), length));
			if (wire.headPid(view, at) === 0) this.#takeContainer(id, container);
			else this.#takeMonitored(this.#processes.find(...processAt(view, at)), container);
		}
	}

	/** The path of a cgroup; null if it is not known (yet). */
	cgroupPath(low: number, high: number): string | null {
		return this.#cgroups.get(decimalOf(low, high)) ?? null;
	}

	/** Gives the process the names known by now. Returns whether one of them is new. */
	resolve(process: Process): boolean {
		const user = this.#users.get(process.recorded.uid) ?? null;
		const id = cgroupOf(process);
		const cgroup = (id === null ? undefined : this.#cgroups.get(id)) ?? null;
		const container = (id === null ? null : this.#containerOf(process, id)) ?? this.#monitoredOf(process);
		if (user === process.user && cgroup === process.cgroup && container === process.container) return false;
		process.user = user;
		process.cgroup = cgroup;
		process.container = container;
		return true;
	}

	/** The containers of `processes`, with the names that these have. */
	containersOf(processes: readonly Process[]): readonly LiveContainer[] {
		const found = new Map<Container, LiveContainer>();
		for (const process of processes) {
			const { container, pid, holder } = process;
			if (container === null || found.has(container) || CALLED_BY_ID.includes(container.runtime)) continue;
			const monitor = this.#monitorOf.get(container) ?? null;
			const cgroup = cgroupOf(process);
			const isKnown = cgroup !== null && this.#containers.get(cgroup)?.id === container.id;
			const key = monitor === null ? isKnown && cgroup : `${monitor.pid} ${monitor.startHigh} ${monitor.startLow}`;
			if (key !== false) found.set(container, { ...container, key, monitor, pid, user: holder });
		}
		return [...found.values()];
	}

	/** Known values stay until they are replaced. */
	#takeContainer(cgroup: string, container: Container): void {
		const known = this.#containers.get(cgroup);
		if (known?.id !== container.id) this.#containers.set(cgroup, container);
		else if (container.name !== null) {
			this.#containers.set(cgroup, { ...container, image: container.image ?? known.image });
		}
	}

	#takeMonitored(monitor: Process | undefined, container: Container): void {
		const known = monitor && this.#monitored.get(monitor);
		if (monitor !== undefined && known?.id === container.id) this.#remember(monitor, container);
	}

	#remember(monitor: Process, container: Container): Container {
		this.#monitored.set(monitor, container);
		this.#monitorOf.set(container, monitor);
		return container;
	}

	#containerOf(process: Process, cgroup: string): Container | null {
		const container = this.#containers.get(cgroup);
		if (container === undefined) return null;
		if (container.name !== null) return container;
		const { runtime, id } = container;
		const name = MONITORED.includes(runtime)
			? nameFromMonitor(process, id, this.#parentOf, (other) => this.#isIn(other, id))
			: null;
		if (name === null) return container;
		const named = { ...container, name };
		this.#containers.set(cgroup, named);
		this.isChanged = true; // its other processes get the name too
		return named;
	}

	/** Once found it stays: its monitor may end first. */
	#monitoredOf(process: Process): Container | null {
		const found = containerByMonitor(process, this.#parentOf);
		if (found === null) {
			const { container, pid, recorded } = process;
			return container !== null && recorded.nsPid !== pid && this.#monitorOf.has(container) ? container : null;
		}
		const known = this.#monitored.get(found.monitor);
		if (known?.id === found.container.id) return known;
		return this.#remember(found.monitor, found.container);
	}

	#isIn(process: Process, containerId: string): boolean {
		const cgroup = cgroupOf(process);
		return cgroup !== null && this.#containers.get(cgroup)?.id === containerId;
	}
}

const processAt = (view: DataView, at: number) =>
	[wire.headPid(view, at), wire.headStartLow(view, at), wire.headStartHigh(view, at)] as const;

function cgroupOf({ cgroupLow, cgroupHigh }: Process): string | null {
	return cgroupLow === 0 && cgroupHigh === 0 ? null : decimalOf(cgroupLow, cgroupHigh);
}

/** runtime NUL id NUL name NUL image; the last two may be missing. */
function containerOf(bytes: Uint8Array): Container {
	const [runtime = "", id = "", name = "", image = ""] = splitAtNul(bytes);
	const called = CALLED_BY_ID.includes(runtime) ? id : null;
	return { runtime, id, name: name || called, image: image || null };
}

/** The safe texts between NULs; a NUL at the end ends the last one and begins none. */
export function splitAtNul(bytes: Uint8Array): string[] {
	const texts = decodeUtf8(bytes).split("\0");
	if (texts.at(-1) === "") texts.pop();
	return texts.map(safeText);
}
