/** The machine as a whole, and what the program itself costs. */

import type { Health, System } from "../snapshot.ts";
import { percent, perSecond } from "../stats/rate.ts";
import type { Decoder } from "../wire/decode.ts";
import { counterAt } from "../wire/fields.ts";
import * as wire from "../wire/layout.gen.ts";
import { NS_PER_MS, type Tick } from "./tick.ts";

class Counters {
	cpuBusyNs = 0;
	cpuTotalNs = 0;
	forks = 0;
	execs = 0;
	selfCpuNs = 0;
}

export class SystemTable {
	#now = new Counters();
	#before: Counters | null = null;
	#memTotalBytes = 0;
	#memUsedBytes = 0;
	#uptimeNs = 0;
	#selfRssBytes = 0;
	#cpus = 0;
	#unmeasured = 0;
	#load: [number, number, number] = [0, 0, 0];

	constructor(decoder: Decoder) {
		decoder.on(wire.WireType.SYSTEM, wire.SYSTEM_BYTES, (view, at) => this.#apply(view, at));
	}

	/** `calls`: system calls of all processes since the last refresh. */
	tick(tick: Tick, calls: number): { system: System; self: Health["self"] } {
		const now = this.#now;
		// Shares of times that began long before the first refresh say nothing about now.
		const before = this.#before ?? { ...now, forks: 0, execs: 0 };
		this.#before = { ...now };
		const { EXECS, CALLS } = wire.WireUnmeasured;
		const rate = (count: number, mark: number) =>
			(this.#unmeasured & mark) === 0 ? perSecond(count, tick.seconds) : null;
		const system: System = {
			cpus: this.#cpus,
			cpuPercent: percent(now.cpuBusyNs - before.cpuBusyNs, now.cpuTotalNs - before.cpuTotalNs),
			memTotalBytes: this.#memTotalBytes,
			memUsedBytes: this.#memUsedBytes,
			loadAverage: this.#load,
			uptimeMs: Math.round(this.#uptimeNs / NS_PER_MS),
			forkRate: perSecond(now.forks - before.forks, tick.seconds),
			execRate: rate(now.execs - before.execs, EXECS),
			syscallRate: rate(calls, CALLS),
		};
		const cpuPercent = percent(now.selfCpuNs - before.selfCpuNs, tick.intervalNs);
		return { system, self: { cpuPercent, rssBytes: this.#selfRssBytes } };
	}

	#apply(view: DataView, at: number): void {
		this.#now.cpuBusyNs = counterAt(view, at + wire.SYSTEM_CPU_BUSY_NS);
		this.#now.cpuTotalNs = counterAt(view, at + wire.SYSTEM_CPU_TOTAL_NS);
		this.#now.forks = counterAt(view, at + wire.SYSTEM_FORKS);
		this.#now.execs = counterAt(view, at + wire.SYSTEM_EXECS);
		this.#now.selfCpuNs = counterAt(view, at + wire.SYSTEM_SELF_CPU_NS);
		this.#memTotalBytes = counterAt(view, at + wire.SYSTEM_MEM_TOTAL_BYTES);
		this.#memUsedBytes = counterAt(view, at + wire.SYSTEM_MEM_USED_BYTES);
		this.#uptimeNs = counterAt(view, at + wire.SYSTEM_UPTIME_NS);
		this.#selfRssBytes = counterAt(view, at + wire.SYSTEM_SELF_RSS_BYTES);
		this.#cpus = view.getUint16(at + wire.SYSTEM_CPUS, true);
		this.#unmeasured = view.getUint16(at + wire.SYSTEM_UNMEASURED, true);
		const load = (index: number) => view.getUint32(at + wire.SYSTEM_LOAD100 + 4 * index, true) / 100;
		this.#load = [load(0), load(1), load(2)];
	}
}
