/** Pseudo terminals: the master and the slave are two files with one key, and each reads what the other writes. */

import { IdMap } from "../../stats/id-map.ts";
import { WireKind } from "../../wire/layout.gen.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { Channel } from "./channel.ts";
import { PairChannel } from "./pair.ts";

export class Terminals {
	/** The objects of each terminal by its key: at most a master and a slave. */
	readonly #byKey = new IdMap<Set<KernelObject>>();

	isOne(object: KernelObject): boolean {
		return object.kind === WireKind.PTY && object.hasSock;
	}

	/** Takes the object in and gives the channels that it makes possible. */
	announce(object: KernelObject): Channel[] {
		const ends = this.#byKey.get(object.sockLow, object.sockHigh) ?? new Set();
		this.#byKey.set(object.sockLow, object.sockHigh, ends);
		ends.add(object);
		return [...ends].filter((other) => other !== object).flatMap((other) => join(object, other));
	}

	forget(object: KernelObject): void {
		const ends = this.#byKey.get(object.sockLow, object.sockHigh);
		ends?.delete(object);
		if (ends?.size === 0) this.#byKey.delete(object.sockLow, object.sockHigh);
	}
}

function join(object: KernelObject, other: KernelObject): Channel[] {
	for (const channel of object.channels) if (other.channels.has(channel)) return [];
	const name = () => object.name ?? other.name;
	const channel = new PairChannel("pty", object, other, () => `pty:[${name() ?? "?"}]`, name);
	object.channels.add(channel);
	other.channels.add(channel);
	return [channel];
}
