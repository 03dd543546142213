/** The process table: which processes live, start and end, and what each of them is. */

import { letterOfState } from "../../names/states.ts";
import type { AncestorRow, ProcessRow } from "../../snapshot.ts";
import { RowList } from "../../stats/row-list.ts";
import { forEachInSteps, type Steps } from "../../steps.ts";
import type { Decoder } from "../../wire/decode.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { Bounds } from "../bounds.ts";
import type { EventTable } from "../event.ts";
import type { Tick } from "../tick.ts";
import { Ancestry } from "./ancestry.ts";
import { LifeRecords } from "./life.ts";
import { type LiveContainer, Names } from "./names.ts";
import { NO_PASS, type Process } from "./process.ts";
import type { ProcessRegistry } from "./registry.ts";
import { type Counted, hasRate, processRow, startInterval } from "./row.ts";

const ZOMBIE = "Z".charCodeAt(0);
const DEAD = "X".charCodeAt(0);
export class ProcessTable {
	readonly #processes: ProcessRegistry;
	readonly #events: EventTable;
	readonly #life: LifeRecords;
	readonly #names: Names;
	readonly #ancestry: Ancestry;
	readonly #rows = new RowList<ProcessRow>();
	#pass = 0;
	#passBeganNs = Number.NaN;

	constructor(decoder: Decoder, processes: ProcessRegistry, events: EventTable, bounds: Bounds) {
		this.#processes = processes;
		this.#events = events;
		this.#ancestry = new Ancestry(processes, bounds);
		this.#names = new Names(processes, bounds.limitOf("names"));
		this.#life = new LifeRecords(decoder, processes, events, this.#names);
		const { WireType } = wire;
		decoder.on(WireType.PROCESS, (view, at) => this.#applyState(view, at));
		decoder.on(WireType.FORK, (view, at) => this.#applyFork(view, at));
		decoder.on(WireType.NAME, (view, at) => this.#names.apply(view, at));
	}

	*tick(tick: Tick, counted: Counted): Steps<readonly ProcessRow[]> {
		this.#life.tick(tick);
		this.#takeNewNames();
		this.#ancestry.tick();
		yield* forEachInSteps(this.#processes.dirty.take(), (process) => this.#put(process, tick, counted));
		return this.#rows.publish();
	}

	#put(process: Process, tick: Tick, counted: Counted): void {
		if (process.isEvicted) return;
		process.wasPublishedDead = process.exit !== null;
		if (process.isForeign) return;
		this.#names.resolve(process);
		const row = processRow(process, tick, counted);
		this.#rows.put(process, row);
		if (hasRate(row)) this.#processes.dirty.add(process);
		startInterval(process);
	}

	/** Dead processes with living descendants. */
	ancestors(): readonly AncestorRow[] {
		return this.#ancestry.rows();
	}

	/** The path of a cgroup by its id as two words; null if it is not known (yet). */
	cgroupPath(low: number, high: number): string | null {
		return this.#names.cgroupPath(low, high);
	}

	/** Containers in which a process lives. */
	liveContainers(): readonly LiveContainer[] {
		this.#takeNewNames();
		return this.#names.containersOf(this.#processes.live());
	}

	#takeNewNames(): void {
		if (!this.#names.isChanged) return;
		this.#names.isChanged = false;
		for (const process of this.#processes.live()) {
			if (this.#names.resolve(process)) this.#processes.dirty.add(process);
		}
	}

	evict(tick: Tick): Steps {
		return this.#processes.evict(
			tick.nowNs,
			(process) => this.#isZombie(process),
			(process) => this.#rows.remove(process),
		);
	}

	/** Beginning and end of a full pass over all processes: those that it did not find are gone. */
	*applyPass(isEnd: boolean, timeNs: number): Steps {
		if (!isEnd) {
			this.#pass++;
			this.#passBeganNs = timeNs;
			return;
		}
		yield* forEachInSteps(this.#processes.live(), (process) => {
			if (process.pass === this.#pass || process.aliveNs >= this.#passBeganNs) return;
			this.#processes.die(process, timeNs, null);
		});
		this.#passBeganNs = Number.NaN;
	}

	/** Dead, but not reaped by its parent yet: shown as long as the kernel shows it. */
	#isZombie(process: Process): boolean {
		if (process.zombiePass !== this.#pass) return false;
		if (process.state !== "Z") {
			process.state = "Z";
			this.#processes.dirty.add(process);
		}
		return true;
	}

	#applyState(view: DataView, at: number): void {
		const isForeign = (wire.processFlags(view, at) & wire.WireProcessFlag.FOREIGN) !== 0;
		const process = isForeign ? this.#processes.ofForeignRecord(view, at) : this.#processes.ofRecord(view, at);
		if (process === null) return;
		if (!isForeign) this.#processes.adopt(process);
		process.pass = this.#pass;
		const state = wire.processState(view, at);
		if (process.exit !== null) {
			process.zombiePass = state === ZOMBIE ? this.#pass : NO_PASS;
			if (state === ZOMBIE || state === DEAD || process.exit.durationMs !== null) return;
			this.#processes.revive(process);
		}
		process.aliveNs = Math.max(process.aliveNs, wire.headTime(view, at));
		if (state === DEAD) this.#processes.die(process, process.aliveNs, null);
		else this.#takeState(process, view, at, state);
	}

	#takeState(process: Process, view: DataView, at: number, state: number): void {
		const letter = letterOfState(state) ?? process.state;
		this.#processes.rename(process, wire.processComm(view, at));
		this.#ancestry.take(process, wire.processStarter(view, at));
		if (process.takeRecord(view, at) || process.state !== letter) this.#processes.dirty.add(process);
		process.state = letter;
	}

	#applyFork(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null || process.exit !== null) return;
		process.aliveNs = Math.max(process.aliveNs, wire.headTime(view, at));
		const parent = this.#processes.newest(wire.processPpid(view, at));
		if (parent !== undefined && parent !== process) process.inherit(parent);
		this.#takeState(process, view, at, wire.processState(view, at));
		this.#addForkEvent(process, parent, wire.headTime(view, at));
	}

	/** The parent caused it. */
	#addForkEvent(child: Process, parent: Process | undefined, timeNs: number): void {
		this.#events.add({
			timeNs,
			type: "fork",
			process: parent ?? child,
			who: parent?.ref ?? { pid: child.recorded.ppid, comm: child.comm },
			text: `process ${child.pid}`,
			data: { childPid: child.pid, childStart: child.start },
		});
	}
}
