/** Two sockets that are each other's peers: what one writes the other reads, in both directions. */

import type { IpcKind } from "../../snapshot.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import { Channel, type LinkDraft } from "./channel.ts";
import { flowDrafts, openPairDrafts } from "./flow.ts";

export class PairChannel extends Channel {
	readonly first: KernelObject;
	readonly second: KernelObject;
	readonly kind: IpcKind;
	readonly #label: () => string;
	readonly #name: () => string | null;

	/** `label` and `name` are asked at each change: inodes and names may come later than the pair. */
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

	drafts(): LinkDraft[] {
		const there = flowDrafts(this.first.uses, this.second.uses, 0);
		const back = flowDrafts(this.second.uses, this.first.uses, 1);
		if (there.length + back.length > 0) return [...there, ...back];
		return openPairDrafts(this.first.uses, this.second.uses);
	}
}
