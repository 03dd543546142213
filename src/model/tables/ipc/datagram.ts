/** Many senders, one receiver: what each sender wrote is its own, whoever else sends to the same socket. */

import type { IpcKind } from "../../snapshot.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import { Channel, type LinkDraft } from "./channel.ts";
import { openPairDrafts, sentDrafts } from "./flow.ts";

export class DatagramChannel extends Channel {
	readonly sender: KernelObject;
	readonly receiver: KernelObject;
	readonly kind: IpcKind;
	readonly #label: () => string;
	readonly #name: () => string | null;

	constructor(
		kind: IpcKind,
		sender: KernelObject,
		receiver: KernelObject,
		label: () => string,
		name: () => string | null,
	) {
		super();
		this.kind = kind;
		this.sender = sender;
		this.receiver = receiver;
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
		const sent = sentDrafts(this.sender.uses, this.receiver.uses);
		return sent.length > 0 ? sent : openPairDrafts(this.sender.uses, this.receiver.uses);
	}
}
