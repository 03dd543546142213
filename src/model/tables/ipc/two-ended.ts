/** What channels between two objects have in common, whatever the direction of the data. */

import type { IpcKind } from "../../snapshot.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import { Channel } from "./channel.ts";

export abstract class TwoEndedChannel extends Channel {
	readonly first: KernelObject;
	readonly second: KernelObject;
	readonly kind: IpcKind;
	readonly #label: () => string;
	readonly #name: () => string | null;

	/** `label` and `name` are called at each change: inodes and names may be known later than the pair. */
	constructor(
		kind: IpcKind,
		first: KernelObject,
		second: KernelObject,
		label: () => string,
		name: () => string | null,
	) {
		super();
		this.kind = kind;
		this.first = first;
		this.second = second;
		this.#label = label;
		this.#name = name;
	}

	get label(): string {
		return this.#label();
	}

	get name(): string | null {
		return this.#name();
	}
}
