/** Collects what a command causes while it runs, since the tables drop a dead process after a few seconds. */

import type { EventType } from "../model/event-types.ts";
import type { ModelObserver, ObservedTables } from "../model/observer.ts";
import type { Follow, Health, IpcRow, Snapshot } from "../model/snapshot.ts";
import type { NewEvent } from "../model/tables/new-event.ts";
import { isSocket } from "../model/tables/object/kernel-object.ts";
import type { Use } from "../model/tables/object/use.ts";
import type { Process } from "../model/tables/process/process.ts";
import type { Step } from "../model/tables/step.ts";
import type { Connection } from "../model/tables/tcp/connection.ts";
import type { Tick } from "../model/tables/tick.ts";
import { Daemons } from "./daemons/daemons.ts";
import { Lineage } from "./lineage.ts";
import { isNaming, type Naming, takeNaming } from "./naming.ts";

/** The bounds of a receipt. */
const MOST = {
	/** As many as fit into the kernel's table of wanted processes. */
	processes: 65_536,
	/** Pairs of a process and a file or socket. */
	uses: 262_144,
	links: 65_536,
};

/** The probes whose losses are missing steps. */
export const STEP_PROBES: readonly string[] = [
	"follow",
	"follow-fork",
	"follow-tcp",
	"follow-wake",
	"follow-signal",
	"follow-handler",
	"follow-cgroup",
	"follow-joined",
];

/** A link with its Process objects, since a pid may be reused before the end. */
export interface FollowedLink {
	row: IpcRow;
	readonly from: Process | undefined;
	readonly to: Process | undefined;
}

/** What happened to a name of a file, by process. */
export interface FileChange extends Naming {
	readonly path: string;
	readonly process: Process;
}

type Counts = Pick<Use, "opens" | "readBytes" | "writeBytes">;
const NOTHING: Counts = { opens: 0, readBytes: 0, writeBytes: 0 };

type TickTime = Pick<Tick, "nowNs" | "wallMs">;

export interface FollowedOptions {
	/** Makes the `follow` of each snapshot; by default there is none. */
	readonly show?: (followed: Followed, tick: TickTime) => Follow;
	/** The model also has other processes, and what the followed ones did before. */
	readonly isAmongOthers?: boolean;
	/** Smaller bounds, for tests. */
	readonly most?: typeof MOST;
}

export class Followed implements ModelObserver {
	readonly uses = new Set<Use>();
	readonly links = new Map<string, FollowedLink>();
	/** For TCP sockets: their objects lose the addresses at the close. */
	readonly connections = new Map<Use, Connection>();
	/** For sockets: the process at the other end. */
	readonly peers = new Map<Use, Process>();
	readonly changes = new Map<string, FileChange>();
	health: Health | null = null;
	/** When the first thing was seen; NaN before that. */
	beganNs = Number.NaN;
	/** Uses and links past the bounds. */
	missed = 0;
	/** Sockets without a known peer. */
	readonly #peerless = new Set<Use>();
	/** Those that were already counted in `missed`, since they are seen repeatedly. */
	readonly #missedUses = new WeakSet<Use>();
	readonly #missedLinks = new Set<string>();
	readonly #rootPids: readonly number[];
	readonly #show: FollowedOptions["show"];
	readonly #isAmongOthers: boolean;
	readonly #most: typeof MOST;
	/** Counts from before the following began. */
	readonly #before = new Map<Use, Counts>();
	/** As of the last refresh. */
	#lostSteps = 0;
	#stopListening: () => void = () => {};
	#tables: ObservedTables | null = null;
	#lineage: Lineage | null = null;
	#daemons: Daemons | null = null;
	/** Events of files since the last refresh; their names are known at its end. */
	#fileEvents: NewEvent<EventType>[] = [];
	#ipcBefore: Snapshot["ipc"] = [];

	constructor(rootPids: readonly number[], { show, isAmongOthers = false, most = MOST }: FollowedOptions = {}) {
		this.#show = show;
		this.#isAmongOthers = isAmongOthers;
		this.#rootPids = rootPids;
		this.#most = most;
	}

	get lineage(): Lineage {
		if (this.#lineage === null) throw new Error("nothing is followed before the first batch");
		return this.#lineage;
	}

	/** The other processes that were reached, and what they did for the command. */
	get daemons(): Daemons {
		if (this.#daemons === null) throw new Error("nothing is followed before the first batch");
		return this.#daemons;
	}

	/** True while any of them lives. */
	get isAlive(): boolean {
		return [...this.lineage.all.keys()].some((process) => process.exit === null);
	}

	begin(tables: ObservedTables): void {
		this.#tables = tables;
		this.#lineage = new Lineage(this.#rootPids, tables.processes, this.#most.processes);
		const { lineage } = this;
		this.#daemons = new Daemons({
			isOfCommand: (process) => lineage.has(process),
			newest: (pid) => tables.processes.newest(pid),
			command: () => lineage.root,
		});
		if (this.#isAmongOthers) this.#noteCounts();
		this.#stopListening = tables.objects.listen({
			moved: (use) => {
				if (!this.#concerns(use.process)) return;
				this.#keepUse(use);
				this.#keepConnection(use);
			},
			dropped: (use) => this.#keepConnection(use),
		});
	}

	/** Stops observing. */
	end(): void {
		this.#stopListening();
	}

	/** The counts of a use since the following began. */
	countsOf(use: Use): Counts {
		const before = this.#before.get(use) ?? NOTHING;
		return {
			opens: use.opens - before.opens,
			readBytes: use.readBytes - before.readBytes,
			writeBytes: use.writeBytes - before.writeBytes,
		};
	}

	/** Notes the counts of all processes, since it is not known yet which will serve the command. */
	#noteCounts(): void {
		for (const process of this.#processes.all())
			for (const use of process.uses.values())
				this.#before.set(use, { opens: use.opens, readBytes: use.readBytes, writeBytes: use.writeBytes });
	}

	#concerns(process: Process | null | undefined): boolean {
		if (!this.#isAmongOthers) return true;
		return process != null && (this.lineage.has(process) || this.daemons.all.has(process));
	}

	happened(event: NewEvent<EventType>): void {
		this.lineage.happened(event);
		this.daemons.happened(event);
		if (isNaming(event.type) && this.#concerns(event.process)) {
			if (this.#fileEvents.length + this.changes.size < this.#most.links) this.#fileEvents.push(event);
			else this.missed++;
		}
	}

	stepped(step: Step): void {
		this.#begins(step.timeNs);
		this.lineage.met(step.process);
		this.daemons.stepped(step);
	}

	ticked({ ipc, health }: Pick<Snapshot, "ipc" | "health">, tick: TickTime): readonly Follow[] {
		this.#begins(tick.nowNs);
		this.lineage.ticked();
		for (const event of this.#fileEvents) this.#keepChange(event);
		this.#fileEvents = [];
		// Rows and the table keep their identity while nothing in them changes.
		if (ipc !== this.#ipcBefore) for (const row of ipc) this.#keepLink(row);
		this.#ipcBefore = ipc;
		for (const use of this.#peerless) this.#findPeer(use);
		this.health = health;
		const lostSteps = health.probes.reduce((sum, { probe, lost }) => sum + (STEP_PROBES.includes(probe) ? lost : 0), 0);
		this.daemons.refreshed(lostSteps > this.#lostSteps);
		this.#lostSteps = lostSteps;
		return this.#show === undefined ? [] : [this.#show(this, tick)];
	}

	#begins(timeNs: number): void {
		if (Number.isNaN(this.beganNs)) this.beganNs = timeNs;
	}

	#keepChange(event: NewEvent<EventType>): void {
		const { process } = event;
		if (process !== null) takeNaming(event, (path) => this.#changeOf(process, path));
	}

	#changeOf(process: Process, path: string): FileChange {
		const key = `${process.serial} ${path}`;
		const known = this.changes.get(key);
		if (known !== undefined) return known;
		const change = { path, process, isCreated: false, isDeleted: false, renamedTo: null };
		this.changes.set(key, change);
		return change;
	}

	#keepUse(use: Use): void {
		if (this.uses.has(use) || this.#missedUses.has(use)) return;
		if (this.uses.size < this.#most.uses) {
			this.uses.add(use);
			if (isSocket(use.object.kind)) this.#peerless.add(use);
			return;
		}
		this.#missedUses.add(use);
		this.missed++;
	}

	#findPeer(use: Use): void {
		for (const { links } of this.#tables?.channels.of(use.object) ?? []) {
			for (const { from, to } of links.values()) {
				if (from !== use.process && to !== use.process) continue;
				this.peers.set(use, from === use.process ? to : from);
				this.#peerless.delete(use);
				return;
			}
		}
	}

	#keepLink(row: IpcRow): void {
		const from = this.#processes.newest(row.from.pid);
		const to = this.#processes.newest(row.to.pid);
		if (!this.#concerns(from) && !this.#concerns(to)) return;
		const key = `${row.kind} ${row.channel} ${from?.serial ?? row.from.pid} ${to?.serial ?? row.to.pid}`;
		const known = this.links.get(key);
		if (known !== undefined) known.row = row;
		else if (this.links.size < this.#most.links) this.links.set(key, { row, from, to });
		else this.#missLink(key);
	}

	#missLink(key: string): void {
		if (this.#missedLinks.has(key)) return;
		if (this.#missedLinks.size < this.#most.links) this.#missedLinks.add(key);
		this.missed++;
	}

	#keepConnection(use: Use): void {
		const { connection } = use.object;
		if (connection !== null && this.uses.has(use)) this.connections.set(use, connection);
	}

	get #processes() {
		if (this.#tables === null) throw new Error("nothing is followed before the first batch");
		return this.#tables.processes;
	}
}
