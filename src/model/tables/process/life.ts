/** What happens to a process between fork and the end: exec, its failures, the command line, exit, the OOM killer. */

import { getSystemErrorName } from "node:util";
import { signalName } from "../../names/signals.ts";
import type { Exit } from "../../snapshot.ts";
import type { Decoder } from "../../wire/decode.ts";
import { commAt, counterAt, textAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import { type EventTable, NOBODY } from "../event.ts";
import { NS_PER_MS, type Tick } from "../tick.ts";
import { ArgumentChunks } from "./arguments.ts";
import type { Process } from "./process.ts";
import type { ProcessRegistry } from "./registry.ts";
import { markedPath } from "./text.ts";

export class LifeRecords {
	readonly #processes: ProcessRegistry;
	readonly #events: EventTable;
	readonly #arguments = new ArgumentChunks();

	constructor(decoder: Decoder, processes: ProcessRegistry, events: EventTable) {
		this.#processes = processes;
		this.#events = events;
		const { WireType } = wire;
		const name = { lengthAt: wire.EXEC_NAME_LEN, lengthBytes: 2 } as const;
		const text = { lengthAt: wire.TEXT_LEN, lengthBytes: 4 } as const;
		decoder.on(WireType.EXEC, wire.EXEC_BYTES, (view, at) => this.#applyExec(view, at), name);
		decoder.on(WireType.EXEC_FAILED, wire.EXEC_BYTES, (view, at) => this.#applyExecFailed(view, at), name);
		decoder.on(WireType.EXE, wire.TEXT_BYTES, (view, at) => this.#applyExe(view, at), text);
		decoder.on(WireType.ARGS, wire.TEXT_BYTES, (view, at) => this.#applyArgs(view, at), text);
		decoder.on(WireType.EXIT, wire.EXIT_BYTES, (view, at) => this.#applyExit(view, at));
		decoder.on(WireType.OOM, wire.OOM_BYTES, (view, at) => this.#applyOom(view, at));
		processes.listen({ evicted: (process) => this.#arguments.forget(process) });
	}

	/** Must run before the events of the same refresh are taken. */
	tick(tick: Tick): void {
		const cut = this.#arguments.takeCut();
		if (cut === 0) return;
		this.#events.add(tick.nowNs, "loss", NOBODY, `${cut} command lines are cut: too many long ones in one interval`);
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
