/** Pseudo terminals: the master and the slave are two files with the same key, and each reads what the other writes. */

import { IdMap } from "../../stats/id-map.ts";
import { WireKind } from "../../wire/layout.gen.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { Channels } from "./channels.ts";
import type { LinkFinder } from "./finder.ts";
import { PairChannel } from "./pair.ts";

export class Terminals implements LinkFinder {
	readonly #channels: Channels;
	/** The objects of each terminal by its key: at most a master and a slave. */
	readonly #byKey = new IdMap<Set<KernelObject>>();

	constructor(channels: Channels) {
		this.#channels = channels;
	}

	handles(object: KernelObject): boolean {
		return object.kind === WireKind.PTY && object.hasSock;
	}

	announce(object: KernelObject): void {
		const ends = this.#byKey.get(object.sockLow, object.sockHigh) ?? new Set();
		this.#byKey.set(object.sockLow, object.sockHigh, ends);
		ends.add(object);
		for (const other of ends) if (other !== object) this.#join(object, other);
	}

	forget(object: KernelObject): void {
		const ends = this.#byKey.get(object.sockLow, object.sockHigh);
		ends?.delete(object);
		if (ends?.size === 0) this.#byKey.delete(object.sockLow, object.sockHigh);
	}

	#join(object: KernelObject, other: KernelObject): void {
		if (this.#channels.areJoined(object, other)) return;
		const name = () => object.name ?? other.name;
		const channel = new PairChannel("pty", object, other, () => `pty:[${name() ?? "?"}]`, name);
		this.#channels.open(channel, object, other);
	}
}
