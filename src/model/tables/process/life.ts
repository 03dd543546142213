/** The events of a process between fork and end: exec, failed exec, command line, exit. */

import { errorName } from "../../names/errors.ts";
import { signalName } from "../../names/signals.ts";
import type { Exit } from "../../snapshot.ts";
import type { Decoder } from "../../wire/decode.ts";
import { bytesAt, textAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { EventTable } from "../event.ts";
import { NS_PER_MS, type Tick } from "../tick.ts";
import { ArgumentChunks } from "./arguments.ts";
import { KeptArguments } from "./kept-arguments.ts";
import { isMonitor } from "./monitor.ts";
import { type Names, splitAtNul } from "./names.ts";
import { listenToOomKiller } from "./oom.ts";
import { PendingExecs } from "./pending-execs.ts";
import type { Process } from "./process.ts";
import type { ProcessRegistry } from "./registry.ts";
import { markedPath } from "./text.ts";

export class LifeRecords {
	readonly #processes: ProcessRegistry;
	readonly #events: EventTable;
	readonly #execs: PendingExecs;
	readonly #names: Names;
	readonly #arguments: ArgumentChunks;

	constructor(decoder: Decoder, processes: ProcessRegistry, events: EventTable, names: Names) {
		this.#processes = processes;
		this.#events = events;
		this.#names = names;
		this.#execs = new PendingExecs(events);
		this.#arguments = new ArgumentChunks(new KeptArguments(() => processes.all()));
		const { WireType } = wire;
		decoder.on(WireType.EXEC, (view, at) => this.#applyExec(view, at));
		decoder.on(WireType.EXEC_FAILED, (view, at) => this.#applyExecFailed(view, at));
		decoder.on(WireType.EXE, (view, at) => this.#applyExe(view, at));
		decoder.on(WireType.ARGS, (view, at) => this.#applyArgs(view, at));
		decoder.on(WireType.EXIT, (view, at) => this.#applyExit(view, at));
		listenToOomKiller(decoder, processes, events, names);
		processes.listen({ evicted: (process) => this.#arguments.forget(process) });
	}

	/** Must run before the events of the same refresh are collected. */
	tick(tick: Tick): void {
		this.#execs.clear();
		const cut = this.#arguments.takeCut();
		if (cut === 0) return;
		const text = `${cut} command lines were truncated: there are too many long ones`;
		this.#events.addLoss(tick.nowNs, { of: "command lines", count: cut }, text);
	}

	#applyExec(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const timeNs = wire.headTime(view, at);
		process.aliveNs = Math.max(process.aliveNs, timeNs);
		const ppid = wire.execPpid(view, at) || process.recorded.ppid;
		process.correct({ ppid, uid: wire.execUid(view, at), gid: wire.execGid(view, at) });
		this.#execs.settle(process);
		process.exe = execPath(view, at) || null;
		process.args = [];
		this.#processes.rename(process, wire.execComm(view, at));
		this.#processes.dirty.add(process);
		this.#execs.add(timeNs, process, this.#processes.newest(ppid));
	}

	#applyExecFailed(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const path = execPath(view, at);
		const args = failedArgs(view, at);
		const error = errorName(wire.execError(view, at));
		const ppid = process.recorded.ppid || wire.execPpid(view, at);
		process.correct({ ppid });
		this.#processes.rename(process, wire.execComm(view, at));
		this.#events.add({
			timeNs: wire.headTime(view, at),
			type: "exec-failed",
			process,
			text: `${[path, ...args.slice(1)].join(" ")}: ${error}`,
			data: { ppid, uid: wire.execUid(view, at), path, args, error },
		});
	}

	#applyExe(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const length = wire.textLen(view, at);
		process.exe = markedPath(textAt(view, wire.textTextAt(at), length), wire.textFlags(view, at));
		this.#processes.dirty.add(process);
	}

	#applyArgs(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const words = this.#arguments.add(process, view, at);
		if (words === null) return;
		process.args = words;
		if (isMonitor(words)) this.#names.isChanged = true; // its container may have been there first
		this.#processes.dirty.add(process);
	}

	#applyExit(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const timeNs = wire.headTime(view, at);
		const exit = exitOf(view, at, process);
		const ppid = process.recorded.ppid || wire.exitPpid(view, at);
		process.correct({ ppid, uid: wire.exitUid(view, at) });
		process.holder = wire.exitHolder(view, at);
		process.cpuNs = Math.max(process.cpuNs, wire.exitCpuNs(view, at));
		this.#processes.rename(process, wire.exitComm(view, at));
		this.#execs.settle(process);
		this.#processes.die(process, timeNs, exit);
		const coreDumped = (wire.exitFlags(view, at) & wire.WireExitFlag.CORE) !== 0;
		if (coreDumped) {
			const signal = exit.signal ?? "?";
			this.#events.add({ timeNs, type: "coredump", process, text: `killed by ${signal}`, data: { signal } });
		}
		this.#events.add({
			timeNs,
			type: "exit",
			process,
			text: exitText(exit),
			data: {
				ppid,
				...exit,
				coreDumped,
				cpuMs: roundedMs(wire.exitCpuNs(view, at)),
			},
			origin: this.#processes.newest(ppid),
		});
	}
}

function exitOf(view: DataView, at: number, process: Process): Exit {
	const signal = wire.exitSignal(view, at);
	const isOom = (wire.exitFlags(view, at) & wire.WireExitFlag.OOM) !== 0;
	return {
		code: signal === 0 ? wire.exitCode(view, at) : null,
		signal: signal === 0 ? null : signalName(signal),
		oom: isOom || process.wasOomKilled,
		durationMs: roundedMs(wire.exitDurationNs(view, at)),
	};
}

/** To a microsecond. */
function roundedMs(ns: number): number {
	return Math.round(ns / 1000) / (NS_PER_MS / 1000);
}

function exitText(exit: Exit): string {
	const how = exit.signal === null ? `exited with ${exit.code}` : `killed by ${exit.signal}`;
	return `${how}${exit.oom ? " (out of memory)" : ""} after ${exit.durationMs} ms`;
}

/** The strings behind the path. */
function failedArgs(view: DataView, at: number): readonly string[] {
	const [, ...args] = splitAtNul(bytesAt(view, wire.execTextAt(at), wire.execNameLen(view, at)));
	const hasMore = (wire.execNameFlags(view, at) & wire.WireTextFlag.MORE_ARGS) !== 0;
	return hasMore ? [...args, "…"] : args;
}

function execPath(view: DataView, at: number): string {
	const text = textAt(view, wire.execTextAt(at), wire.execNameLen(view, at));
	return markedPath(text, wire.execNameFlags(view, at));
}
