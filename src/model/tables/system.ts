/** The machine as a whole, and what the program itself costs. */

import type { Health, System } from "../snapshot.ts";
import { percent, perSecond } from "../stats/rate.ts";
import type { Decoder } from "../wire/decode.ts";
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
	#longestNs = 0;
	#cpus = 0;
	#unmeasured = 0;
	#load: [number, number, number] = [0, 0, 0];

	constructor(decoder: Decoder) {
		decoder.on(wire.WireType.SYSTEM, (view, at) => this.#apply(view, at));
	}

	/** `calls`: system calls of all processes since the last refresh. */
	tick(tick: Tick, calls: number): { system: System; self: Health["self"] } {
		const now = this.#now;
		// Shares of times that began long before the first refresh say nothing about the present.
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
			suspendedMs: Math.round(tick.asleepNs / NS_PER_MS),
			forkRate: perSecond(now.forks - before.forks, tick.seconds),
			execRate: rate(now.execs - before.execs, EXECS),
			syscallRate: rate(calls, CALLS),
		};
		const cpuPercent = percent(now.selfCpuNs - before.selfCpuNs, tick.intervalNs);
		this.#longestNs = Math.max(this.#longestNs, tick.busyNs);
		const longestRefreshMs = this.#longestNs === 0 ? null : Math.round(this.#longestNs / 1000) / 1000;
		return { system, self: { cpuPercent, rssBytes: this.#selfRssBytes, longestRefreshMs } };
	}

	#apply(view: DataView, at: number): void {
		this.#now.cpuBusyNs = wire.systemCpuBusyNs(view, at);
		this.#now.cpuTotalNs = wire.systemCpuTotalNs(view, at);
		this.#now.forks = wire.systemForks(view, at);
		this.#now.execs = wire.systemExecs(view, at);
		this.#now.selfCpuNs = wire.systemSelfCpuNs(view, at);
		this.#memTotalBytes = wire.systemMemTotalBytes(view, at);
		this.#memUsedBytes = wire.systemMemUsedBytes(view, at);
		this.#uptimeNs = wire.systemUptimeNs(view, at);
		this.#selfRssBytes = wire.systemSelfRssBytes(view, at);
		this.#cpus = wire.systemCpus(view, at);
		this.#unmeasured = wire.systemUnmeasured(view, at);
		const load = (index: number) => wire.systemLoad100(view, at, index) / 100;
		this.#load = [load(0), load(1), load(2)];
	}
}
