/** The in-memory model: batches of wire records go in, an immutable snapshot comes out at every tick. */

import type { FeedInfo } from "./feed/feed.ts";
import { LIMITS, type Limits } from "./limits.ts";
import type { ModelObserver } from "./observer.ts";
import { safeText } from "./safe-text.ts";
import { SCHEMA, type Snapshot } from "./snapshot.ts";
import { finish, type Steps } from "./steps.ts";
import { TableSet } from "./tables/index.ts";
import type { LiveContainer } from "./tables/process/names.ts";
import { NS_PER_MS, NS_PER_SECOND, type Tick } from "./tables/tick.ts";
import { Decoder } from "./wire/decode.ts";
import * as wire from "./wire/layout.gen.ts";

/** The clocks that it is computed from are not read at the same moment. */
const LEAST_ASLEEP_NS = 10 * NS_PER_MS;

export class Model {
	readonly #host: string;
	readonly #kernel: string;
	readonly #decoder = new Decoder();
	readonly #tables: TableSet;
	#seq = 0;
	#beforeNs = 0;
	#asleepBeforeNs = 0;
	#snapshot: Snapshot | null = null;

	/** `limits`: smaller limits, for tests of full tables. */
	constructor(info: FeedInfo, limits: Partial<Limits> = {}, observer: ModelObserver | null = null) {
		this.#host = safeText(info.host);
		this.#kernel = safeText(info.kernel);
		this.#tables = new TableSet(this.#decoder, info, { ...LIMITS, ...limits }, observer);
		this.#decoder.onInSteps(wire.WireType.TICK, (view, at) =>
			this.#tick(
				wire.headTime(view, at),
				wire.tickWallNs(view, at),
				wire.tickBusyNs(view, at),
				wire.tickAsleepNs(view, at),
			),
		);
	}

	/** Takes any bytes and never throws. Returns the snapshot of the batch's last tick; null if it has none. */
	apply(batch: Uint8Array): Snapshot | null {
		return finish(this.applyInSteps(batch));
	}

	/** The same in steps, for callers with other work; finish one batch before the next. */
	*applyInSteps(batch: Uint8Array): Steps<Snapshot | null> {
		this.#snapshot = null;
		yield* this.#decoder.decode(batch);
		return this.#snapshot;
	}

	/** Containers in which a process lives, for name lookups; a recording already has the names. */
	liveContainers(): readonly LiveContainer[] {
		return this.#tables.liveContainers();
	}

	*#tick(nowNs: number, wallNs: number, busyNs: number, allAsleepNs: number): Steps {
		const intervalNs = this.#seq === 0 ? 0 : Math.max(0, nowNs - this.#beforeNs);
		const moreNs = this.#seq === 0 ? 0 : allAsleepNs - this.#asleepBeforeNs;
		const asleepNs = moreNs < LEAST_ASLEEP_NS ? 0 : Math.min(moreNs, intervalNs);
		const wallMs = wallNs / NS_PER_MS;
		const time = new Date(wallMs).toISOString();
		const tick: Tick = { nowNs, wallMs, time, intervalNs, seconds: intervalNs / NS_PER_SECOND, busyNs, asleepNs };
		this.#beforeNs = nowNs;
		this.#asleepBeforeNs = allAsleepNs;
		this.#snapshot = {
			schema: SCHEMA,
			host: this.#host,
			kernel: this.#kernel,
			time,
			seq: this.#seq++,
			intervalMs: intervalNs / 1e6,
			...(yield* this.#tables.tick(tick)),
		};
	}
}
