/** How far the numbers can be trusted: the state of each probe, losses, how full the kernel's tables are. */

import { pastLimit } from "./limits.ts";
import type { Health, MapHealth, ProbeHealth, ProbeState } from "./snapshot.ts";
import type { EventTable } from "./tables/event.ts";
import type { Tick } from "./tables/tick.ts";
import type { Decoder } from "./wire/decode.ts";
import { textAt } from "./wire/fields.ts";
import * as wire from "./wire/layout.gen.ts";

const NAME_LIMIT = 256;
const STATES: readonly ProbeState[] = ["off", "on", "fallback", "standby"];

export class HealthTable {
	readonly #decoder: Decoder;
	readonly #events: EventTable;
	readonly #probes = new Map<string, ProbeHealth>();
	readonly #maps = new Map<string, MapHealth>();
	#malformed = 0;

	constructor(decoder: Decoder, events: EventTable) {
		this.#decoder = decoder;
		this.#events = events;
		decoder.on(wire.WireType.PROBE, (view, at) => this.#applyProbe(view, at));
		decoder.on(wire.WireType.MAP, (view, at) => this.#applyMap(view, at));
	}

	/** Whether the probe exists and works. */
	isOn(probe: string): boolean {
		const state = this.#probes.get(probe)?.state ?? "off";
		return state === "on" || state === "fallback";
	}

	/** Must run before the events of the same refresh are collected. */
	/** `tables`: how full the model's own are. */
	tick(tick: Tick, self: Health["self"], tables: readonly MapHealth[]): Health {
		const { received, malformed } = this.#decoder;
		if (malformed > this.#malformed) {
			const count = malformed - this.#malformed;
			this.#events.addLoss(tick.nowNs, { of: "records", count }, `${count} records could not be read`);
			this.#malformed = malformed;
		}
		for (const table of tables) this.#takeMap(table, tick.nowNs);
		let lost = 0;
		for (const probe of this.#probes.values()) lost += probe.lost;
		return {
			probes: [...this.#probes.values()],
			records: { received, lost, malformed },
			maps: [...this.#maps.values()],
			self,
		};
	}

	#applyProbe(view: DataView, at: number): void {
		const probe = wire.probeProbe(view, at);
		const variant = wire.probeVariant(view, at);
		const reason = textAt(view, wire.probeTextAt(at), wire.probeReasonLen(view, at));
		const state = STATES[wire.probeState(view, at)] ?? "off";
		const lost = wire.probeLost(view, at);
		const before = this.#probes.get(probe);
		if (before === undefined && this.#probes.size >= NAME_LIMIT) return;
		const more = lost - (before?.lost ?? 0);
		const timeNs = wire.headTime(view, at);
		if (more > 0)
			this.#events.addLoss(timeNs, { of: `probe ${probe}`, count: more }, `probe ${probe} lost ${more} records`);
		this.#probes.set(probe, { probe, state, variant: variant || null, reason: reason || null, lost });
	}

	#applyMap(view: DataView, at: number): void {
		const map = wire.mapMap(view, at);
		const used = wire.mapUsed(view, at);
		const capacity = wire.mapCapacity(view, at);
		this.#takeMap({ map, used, capacity, overflow: wire.mapOverflow(view, at) }, wire.headTime(view, at));
	}

	#takeMap(now: MapHealth, timeNs: number): void {
		const before = this.#maps.get(now.map);
		if (before === undefined && this.#maps.size >= NAME_LIMIT) return;
		const more = now.overflow - (before?.overflow ?? 0);
		this.#maps.set(now.map, now);
		if (more <= 0 || now.map === "events") return; // the list of events says that itself
		const text = `table ${now.map} is full, ${more} more did not fit: ${pastLimit(now.map)}`;
		this.#events.addLoss(timeNs, { of: `table ${now.map}`, count: more }, text);
	}
}
