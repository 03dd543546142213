/** Objects into which one process puts something that another one takes out: message queues and eventfds. */

import type { IpcKind, ObjectOwner } from "../../snapshot.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import { Channel, type LinkDraft } from "./channel.ts";
import { flowDrafts, openPairDrafts } from "./flow.ts";
import { objectLabel, objectName } from "./object-name.ts";

export class QueueChannel extends Channel {
	readonly kind: IpcKind;
	readonly #object: KernelObject;

	constructor(kind: IpcKind, object: KernelObject) {
		super();
		this.kind = kind;
		this.#object = object;
	}

	get label(): string {
		return objectLabel(this.kind, this.#object);
	}

	get name(): string | null {
		return objectName(this.kind, this.#object);
	}

	override get owner(): ObjectOwner | null {
		return this.#object.owner;
	}

	drafts(): LinkDraft[] {
		const { uses } = this.#object;
		const moved = flowDrafts(this.crowds, uses, uses, 0);
		return moved.length > 0 ? moved : openPairDrafts(uses, uses);
	}
}
