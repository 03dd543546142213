/** One snapshot of the last refreshes of several machines. */

import {
	type EventRow,
	type Health,
	type HostState,
	type MapHealth,
	type ProbeHealth,
	SCHEMA,
	type Snapshot,
	type System,
} from "../model/snapshot.ts";
import type { Steps } from "../model/steps.ts";
import { ROW_LISTS, type RowList } from "./host-rows.ts";
import { JoinedLinks } from "./joined-links.ts";
import type { WatchedHost } from "./watched-host.ts";

export class Merger {
	readonly #joined = new JoinedLinks();
	/** Of each table: what it was made from, and the result. */
	readonly #lists = new Map<
		RowList,
		{ readonly from: readonly (readonly object[])[]; readonly rows: readonly object[] }
	>();
	#seq = 0;
	#beforeMs: number | null = null;
	#events = 0;
	/** Events that found no room. */
	#lost = 0;

	/** In steps, for who has other work. */
	*merge(hosts: readonly WatchedHost[]): Steps<Snapshot> {
		const nowMs = performance.now();
		const intervalMs = this.#beforeMs === null ? 0 : nowMs - this.#beforeMs;
		this.#beforeMs = nowMs;
		const time = new Date().toISOString();
		const lists: Record<string, readonly object[]> = {};
		for (const list of ROW_LISTS) {
			lists[list] = this.#rows(list, hosts);
			yield;
		}
		const { tcp, ipc, ...tables } = lists as unknown as Snapshot;
		const joined = this.#joined.of(tcp, time);
		yield;
		const states = hosts.map((host) => host.state());
		const events = this.#eventsOf(hosts, states);
		const live = hosts.flatMap(({ isLive, snapshot }) => (isLive && snapshot !== null ? [snapshot] : []));
		return {
			...tables,
			schema: SCHEMA,
			host: hosts.map(({ name }) => name).join(", "),
			kernel: [...new Set(live.map(({ kernel }) => kernel))].join(", "),
			time,
			seq: this.#seq++,
			intervalMs,
			system: systemOf(live),
			health: healthOf(hosts, this.#lost),
			tcp,
			ipc: joined.length === 0 ? ipc : [...ipc, ...joined],
			events,
			hosts: states,
		};
	}

	/** The same array as before if no machine has another one. */
	#rows(list: RowList, hosts: readonly WatchedHost[]): readonly object[] {
		const from = hosts.map(({ lists }) => lists?.[list] ?? NONE);
		const known = this.#lists.get(list);
		if (known?.from.every((rows, at) => rows === from[at])) return known.rows;
		const rows = from.flat();
		this.#lists.set(list, { from, rows });
		return rows;
	}

	/** In the order in which they happened, as far as the clocks are known; each keeps its machine's time. */
	#eventsOf(hosts: readonly WatchedHost[], states: readonly HostState[]): EventRow[] {
		const timed = hosts.flatMap((host, at) => {
			const { events, lost } = host.take();
			this.#lost += lost;
			const offsetMs = states[at]?.clockOffsetMs ?? 0;
			return events.map((event) => ({ event, atMs: Date.parse(event.time) - offsetMs }));
		});
		timed.sort((a, b) => a.atMs - b.atMs);
		return timed.map(({ event }) => ({ ...event, id: this.#events++ }));
	}
}

const NONE: readonly object[] = [];

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
	return items.reduce((total, item) => total + of(item), 0);
}

/** Null if none measures it. */
function sumOfMeasured(systems: readonly System[], of: (system: System) => number | null): number | null {
	const measured = systems.map(of).filter((value) => value !== null);
	return measured.length === 0 ? null : sum(measured, (value) => value);
}

/** Of all machines together. The longest time since one started. */
function systemOf(live: readonly Snapshot[]): System {
	const systems = live.map(({ system }) => system);
	const cpus = sum(systems, (system) => system.cpus);
	const load = (at: 0 | 1 | 2) => sum(systems, ({ loadAverage }) => loadAverage[at]);
	return {
		cpus,
		cpuPercent: cpus === 0 ? 0 : sum(systems, (system) => system.cpuPercent * system.cpus) / cpus,
		memTotalBytes: sum(systems, (system) => system.memTotalBytes),
		memUsedBytes: sum(systems, (system) => system.memUsedBytes),
		loadAverage: [load(0), load(1), load(2)],
		uptimeMs: Math.max(0, ...systems.map(({ uptimeMs }) => uptimeMs)),
		suspendedMs: Math.max(0, ...systems.map(({ suspendedMs }) => suspendedMs)),
		forkRate: sum(systems, (system) => system.forkRate),
		execRate: sumOfMeasured(systems, (system) => system.execRate),
		syscallRate: sumOfMeasured(systems, (system) => system.syscallRate),
	};
}

/** Probes and maps of the same name are one: as of all machines if all are in the same state, else a fallback. */
function healthOf(hosts: readonly WatchedHost[], lost: number): Health {
	const known = hosts.flatMap(({ name, snapshot }) => (snapshot === null ? [] : [{ name, health: snapshot.health }]));
	const healths = known.map(({ health }) => health);
	const probes = known.flatMap(({ name, health }) => health.probes.map((probe) => ({ name, probe })));
	const maps = healths.flatMap((health) => health.maps);
	const longest = healths.map(({ self }) => self.longestRefreshMs).filter((ms) => ms !== null);
	return {
		probes: [...Map.groupBy(probes, ({ probe }) => probe.probe).values()].map(oneProbe),
		maps: [...Map.groupBy(maps, ({ map }) => map).values()].map(oneMap),
		records: {
			received: sum(healths, ({ records }) => records.received),
			lost: sum(healths, ({ records }) => records.lost) + lost,
			malformed: sum(healths, ({ records }) => records.malformed),
		},
		self: {
			cpuPercent: sum(healths, ({ self }) => self.cpuPercent),
			rssBytes: sum(healths, ({ self }) => self.rssBytes),
			longestRefreshMs: longest.length === 0 ? null : Math.max(...longest),
		},
	};
}

function oneProbe(all: readonly { readonly name: string; readonly probe: ProbeHealth }[]): ProbeHealth {
	const [first] = all as [{ readonly name: string; readonly probe: ProbeHealth }];
	const isSame = (field: "state" | "variant") => all.every(({ probe }) => probe[field] === first.probe[field]);
	const reasons = all.flatMap(({ name, probe }) => (probe.reason === null ? [] : [`${name}: ${probe.reason}`]));
	return {
		probe: first.probe.probe,
		state: isSame("state") ? first.probe.state : "fallback",
		variant: isSame("variant") ? first.probe.variant : null,
		reason: reasons.length === 0 ? null : reasons.join(" "),
		lost: sum(all, ({ probe }) => probe.lost),
	};
}

function oneMap(all: readonly MapHealth[]): MapHealth {
	return {
		map: all[0]?.map ?? "",
		used: sum(all, ({ used }) => used),
		capacity: sum(all, ({ capacity }) => capacity),
		overflow: sum(all, ({ overflow }) => overflow),
	};
}
