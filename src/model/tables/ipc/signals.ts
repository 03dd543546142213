/** Signals as links: which process sent which signal to which other, and how often. */

import { formatProcess } from "../../names/processes.ts";
import { signalName } from "../../names/signals.ts";
import type { Decoder } from "../../wire/decode.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { EventTable } from "../event.ts";
import { Process, UNKNOWN_COMM } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import type { CountedLinks } from "./counted.ts";

/** The sender of signals that no process sent: SIGCHLD, SIGPIPE, faults, timers. */
const KERNEL = new Process(0, 0, 0);
KERNEL.comm = "kernel";

/** Signals that the kernel sends all the time, or a runtime to itself: links suffice for these, without events. */
const EVERYDAY = new Set(["SIGCHLD", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGURG"]);

/** By wire_signal.result. */
const RESULTS = ["delivered", "ignored", "pending"] as const;

export function listenToSignals(
	decoder: Decoder,
	processes: ProcessRegistry,
	links: CountedLinks,
	events: EventTable,
): void {
	decoder.on(wire.WireType.SIGNAL, (view, at) => {
		const target = targetAt(view, at, processes);
		if (target === null) return;
		const isFromKernel = wire.signalCode(view, at) > 0;
		const sender = isFromKernel ? KERNEL : (processes.ofRecord(view, at) ?? KERNEL);
		const name = signalName(wire.signalSignal(view, at));
		links.add({ kind: "signal", label: `signal:[${name}]`, name }, sender, target);
		if (EVERYDAY.has(name) && (isFromKernel || sender === target)) return;
		const cause = sender === KERNEL ? target : sender;
		const result = RESULTS[wire.signalResult(view, at)] ?? "lost";
		events.add({
			timeNs: wire.headTime(view, at),
			type: "signal",
			process: cause,
			who: sender.ref,
			text: `${name} to ${formatProcess(target.ref)}`,
			data: { signal: name, targetPid: target.pid, targetComm: target.comm, isFromKernel: sender === KERNEL, result },
		});
	});
}

function targetAt(view: DataView, at: number, processes: ProcessRegistry): Process | null {
	const pid = wire.signalTargetPid(view, at);
	if (pid === 0) return null;
	const startLow = wire.signalTargetStartLow(view, at);
	const startHigh = wire.signalTargetStartHigh(view, at);
	const target = processes.obtain(pid, startLow, startHigh);
	if (target?.comm === UNKNOWN_COMM) processes.rename(target, wire.signalTargetComm(view, at));
	return target;
}
