/** Signals as links: who sent which one to whom, and how often. */

import { signalName } from "../../names/signals.ts";
import type { Decoder } from "../../wire/decode.ts";
import { commAt, counterAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { EventTable } from "../event.ts";
import { Process, UNKNOWN_COMM } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import type { CountedLinks } from "./counted.ts";

/** Sender of what no process sent: SIGCHLD, SIGPIPE, faults, timers. */
const KERNEL = new Process(0, 0, 0);
KERNEL.comm = "kernel";

/** What the kernel sends on its own all the time, and a runtime to itself: links tell enough of these. */
const EVERYDAY = new Set(["SIGCHLD", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGURG"]);

export function listenToSignals(
	decoder: Decoder,
	processes: ProcessRegistry,
	links: CountedLinks,
	events: EventTable,
): void {
	decoder.on(wire.WireType.SIGNAL, wire.SIGNAL_BYTES, (view, at) => {
		const target = targetAt(view, at, processes);
		if (target === null) return;
		const isFromKernel = view.getInt32(at + wire.SIGNAL_CODE, true) > 0;
		const sender = isFromKernel ? KERNEL : (processes.ofRecord(view, at) ?? KERNEL);
		const name = signalName(view.getUint16(at + wire.SIGNAL_SIGNAL, true));
		links.add({ kind: "signal", label: `signal:[${name}]`, name }, sender, target);
		if (EVERYDAY.has(name) && (isFromKernel || sender === target)) return;
		const timeNs = counterAt(view, at + wire.HEAD_TIME);
		events.add(timeNs, "signal", sender.ref, `${name} to ${target.comm} (${target.pid})`);
	});
}

function targetAt(view: DataView, at: number, processes: ProcessRegistry): Process | null {
	const pid = view.getUint32(at + wire.SIGNAL_TARGET_PID, true);
	if (pid === 0) return null;
	const startLow = view.getUint32(at + wire.SIGNAL_TARGET_START, true);
	const startHigh = view.getUint32(at + wire.SIGNAL_TARGET_START + 4, true);
	const target = processes.obtain(pid, startLow, startHigh);
	if (target?.comm === UNKNOWN_COMM) processes.rename(target, commAt(view, at + wire.SIGNAL_TARGET_COMM));
	return target;
}
