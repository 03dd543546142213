/** Pipes and FIFOs: one object, writers on one end, readers on the other. */

import type { IpcKind } from "../../snapshot.ts";
import { WireKind } from "../../wire/layout.gen.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import { Channel, type LinkDraft } from "./channel.ts";
import { flowDrafts, openPipeDrafts } from "./flow.ts";

export class PipeChannel extends Channel {
	readonly #object: KernelObject;

	constructor(object: KernelObject) {
		super();
		this.#object = object;
	}

	get kind(): IpcKind {
		return this.#object.kind === WireKind.FIFO ? "fifo" : "pipe";
	}

	get label(): string {
		return `${this.kind}:[${this.#object.inode}]`;
	}

	/** The name of an anonymous pipe only repeats the inode. */
	get name(): string | null {
		return this.#object.kind === WireKind.FIFO ? this.#object.name : null;
	}

	drafts(): LinkDraft[] {
		const { uses } = this.#object;
		const moved = flowDrafts(this.crowds, uses, uses, 0);
		return moved.length > 0 ? moved : openPipeDrafts(uses);
	}
}

export function isPipe(object: KernelObject): boolean {
	return object.kind === WireKind.PIPE || object.kind === WireKind.FIFO;
}
