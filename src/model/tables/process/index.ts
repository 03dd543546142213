/** The process table: who lives, who was born, who died, and what each one is. */

import { getSystemErrorName } from "node:util";
import { signalName } from "../../names/signals.ts";
import type { Exit, ProcessRow } from "../../snapshot.ts";
import { RowList } from "../../stats/row-list.ts";
import type { Decoder } from "../../wire/decode.ts";
import { commAt, counterAt, textAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { EventTable } from "../event.ts";
import { NS_PER_MS, type Tick } from "../tick.ts";
import { ArgumentChunks } from "./arguments.ts";
import { Names } from "./names.ts";
import type { Process } from "./process.ts";
import type { ProcessRegistry } from "./registry.ts";
import { hasRate, processRow, startInterval } from "./row.ts";
import { takeState } from "./state-record.ts";
import { markedPath } from "./text.ts";

const ZOMBIE = "Z".charCodeAt(0);
const DEAD = "X".charCodeAt(0);
/** As in /proc/PID/stat; the same string for every process in a state. */
const STATES = new Map(Array.from("RSDTtZXIPWK", (letter) => [letter.charCodeAt(0), letter]));

export class ProcessTable {
	readonly #processes: ProcessRegistry;
	readonly #events: EventTable;
	readonly #names = new Names();
	readonly #arguments = new ArgumentChunks();
	readonly #rows = new RowList<ProcessRow>();
	#pass = 0;
	#passBeganNs = Number.NaN;

	constructor(decoder: Decoder, processes: ProcessRegistry, events: EventTable) {
		this.#processes = processes;
		this.#events = events;
		const { WireType } = wire;
		const name = { lengthAt: wire.EXEC_NAME_LEN, lengthBytes: 2 } as const;
		const text = { lengthAt: wire.TEXT_LEN, lengthBytes: 4 } as const;
		decoder.on(WireType.PROCESS, wire.PROCESS_BYTES, (view, at) => this.#applyState(view, at));
		decoder.on(WireType.FORK, wire.PROCESS_BYTES, (view, at) => this.#applyFork(view, at));
		decoder.on(WireType.EXEC, wire.EXEC_BYTES, (view, at) => this.#applyExec(view, at), name);
		decoder.on(WireType.EXEC_FAILED, wire.EXEC_BYTES, (view, at) => this.#applyExecFailed(view, at), name);
		decoder.on(WireType.EXE, wire.TEXT_BYTES, (view, at) => this.#applyExe(view, at), text);
		decoder.on(WireType.ARGS, wire.TEXT_BYTES, (view, at) => this.#applyArgs(view, at), text);
		decoder.on(WireType.EXIT, wire.EXIT_BYTES, (view, at) => this.#applyExit(view, at));
		decoder.on(WireType.OOM, wire.OOM_BYTES, (view, at) => this.#applyOom(view, at));
		decoder.on(WireType.NAME, wire.NAME_BYTES, (view, at) => this.#names.apply(view, at), {
			lengthAt: wire.NAME_LEN,
			lengthBytes: 4,
		});
	}

	tick(tick: Tick): readonly ProcessRow[] {
		if (this.#names.isChanged) {
			for (const process of this.#processes.live()) {
				if (this.#names.resolve(process)) this.#processes.dirty.add(process);
			}
			this.#names.isChanged = false;
		}
		for (const process of this.#processes.dirty.take()) {
			if (process.isEvicted) continue;
			this.#names.resolve(process);
			const row = processRow(process, tick);
			this.#rows.put(process, row);
			process.wasPublishedDead = process.exit !== null;
			if (hasRate(row)) this.#processes.dirty.add(process);
			startInterval(process);
		}
		return this.#rows.publish();
	}

	evict(tick: Tick): void {
		this.#processes.evict(
			tick.nowNs,
			(process) => this.#isZombie(process),
			(process) => {
				this.#arguments.forget(process);
				this.#rows.remove(process);
			},
		);
	}

	/** Begin and end of a full pass over all processes: whom it did not meet is gone. */
	applyPass(isEnd: boolean, timeNs: number): void {
		if (!isEnd) {
			this.#pass++;
			this.#passBeganNs = timeNs;
			return;
		}
		for (const process of this.#processes.live()) {
			if (process.pass !== this.#pass && process.aliveNs < this.#passBeganNs) {
				this.#processes.die(process, timeNs, null);
			}
		}
		this.#passBeganNs = Number.NaN;
	}

	/** Dead, but its parent has not asked how it ended: as long as the kernel shows it, so do we. */
	#isZombie(process: Process): boolean {
		if (this.#pass === 0 || process.pass !== this.#pass) return false;
		if (process.state !== "Z") {
			process.state = "Z";
			this.#processes.dirty.add(process);
		}
		return true;
	}

	#applyState(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		process.pass = this.#pass;
		const state = view.getUint8(at + wire.PROCESS_STATE);
		if (process.exit !== null) {
			if (state === ZOMBIE || state === DEAD || process.exit.durationMs !== null) return;
			this.#processes.revive(process);
		}
		process.aliveNs = Math.max(process.aliveNs, counterAt(view, at + wire.HEAD_TIME));
		this.#takeState(process, view, at, state);
	}

	#takeState(process: Process, view: DataView, at: number, state: number): void {
		const letter = STATES.get(state) ?? process.state;
		this.#processes.rename(process, commAt(view, at + wire.PROCESS_COMM));
		if (takeState(process, view, at) || process.state !== letter) this.#processes.dirty.add(process);
		process.state = letter;
	}

	#applyFork(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null || process.exit !== null) return;
		process.aliveNs = Math.max(process.aliveNs, counterAt(view, at + wire.HEAD_TIME));
		const parent = this.#processes.newest(view.getUint32(at + wire.PROCESS_PPID, true));
		if (parent !== undefined && parent !== process) process.inherit(parent);
		this.#takeState(process, view, at, view.getUint8(at + wire.PROCESS_STATE));
	}

	#applyExec(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const timeNs = counterAt(view, at + wire.HEAD_TIME);
		process.aliveNs = Math.max(process.aliveNs, timeNs);
		process.uid = view.getUint32(at + wire.EXEC_UID, true);
		process.gid = view.getUint32(at + wire.EXEC_GID, true);
		const ppid = view.getUint32(at + wire.EXEC_PPID, true);
		if (ppid !== 0) process.ppid = ppid;
		this.#events.settleExec(process);
		process.exe = pathOf(view, at, wire.EXEC_BYTES, wire.EXEC_NAME_LEN, wire.EXEC_NAME_FLAGS) || null;
		process.args = [];
		this.#processes.rename(process, commAt(view, at + wire.EXEC_COMM));
		this.#processes.dirty.add(process);
		this.#events.addExec(timeNs, process);
	}

	#applyExecFailed(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const path = pathOf(view, at, wire.EXEC_BYTES, wire.EXEC_NAME_LEN, wire.EXEC_NAME_FLAGS);
		const error = view.getInt32(at + wire.EXEC_ERROR, true);
		if (process.ppid === 0) process.ppid = view.getUint32(at + wire.EXEC_PPID, true);
		this.#processes.rename(process, commAt(view, at + wire.EXEC_COMM));
		this.#events.add(counterAt(view, at + wire.HEAD_TIME), "exec-failed", process.ref, `${path}: ${errorName(error)}`);
	}

	#applyExe(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const length = view.getUint32(at + wire.TEXT_LEN, true);
		process.exe = markedPath(textAt(view, at + wire.TEXT_BYTES, length), view.getUint32(at + wire.TEXT_FLAGS, true));
		this.#processes.dirty.add(process);
	}

	#applyArgs(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const words = this.#arguments.add(process, view, at);
		if (words === null) return;
		process.args = words;
		this.#processes.dirty.add(process);
	}

	#applyExit(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const timeNs = counterAt(view, at + wire.HEAD_TIME);
		const exit = exitOf(view, at, process);
		if (process.ppid === 0) process.ppid = view.getUint32(at + wire.EXIT_PPID, true);
		process.uid = view.getUint32(at + wire.EXIT_UID, true);
		process.cpuNs = Math.max(process.cpuNs, counterAt(view, at + wire.EXIT_CPU_NS));
		this.#processes.rename(process, commAt(view, at + wire.EXIT_COMM));
		this.#events.settleExec(process);
		this.#processes.die(process, timeNs, exit);
		this.#events.add(timeNs, "exit", process.ref, exitText(exit));
	}

	#applyOom(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const trigger = view.getUint32(at + wire.OOM_TRIGGER_PID, true);
		const text = `out of memory, asked for by ${commAt(view, at + wire.OOM_TRIGGER_COMM)} (${trigger})`;
		process.wasOomKilled = true;
		this.#events.add(counterAt(view, at + wire.HEAD_TIME), "oom-kill", process.ref, text);
	}
}

function exitOf(view: DataView, at: number, process: Process): Exit {
	const signal = view.getUint32(at + wire.EXIT_SIGNAL, true);
	const isOom = (view.getUint32(at + wire.EXIT_FLAGS, true) & wire.WireExitFlag.OOM) !== 0;
	return {
		code: signal === 0 ? view.getUint32(at + wire.EXIT_CODE, true) : null,
		signal: signal === 0 ? null : signalName(signal),
		oom: isOom || process.wasOomKilled,
		durationMs: Math.round(counterAt(view, at + wire.EXIT_DURATION_NS) / 1000) / (NS_PER_MS / 1000),
	};
}

/** "ENOENT" for -2. */
function errorName(error: number): string {
	return error < 0 && error > -4096 ? getSystemErrorName(error) : `error ${error}`;
}

function exitText(exit: Exit): string {
	const how = exit.signal === null ? `exited with ${exit.code}` : `killed by ${exit.signal}`;
	return `${how}${exit.oom ? " (out of memory)" : ""} after ${exit.durationMs} ms`;
}

function pathOf(view: DataView, at: number, bytes: number, lengthAt: number, flagsAt: number): string {
	const text = textAt(view, at + bytes, view.getUint16(at + lengthAt, true));
	return markedPath(text, view.getUint16(at + flagsAt, true));
}
