/**
 * Objects that processes share without a direction: shared memory and semaphores. One link for each pair, from the
 * lower pid. Stores into shared memory make no system call, so who maps it is all there is to see of it.
 */

import type { Basis, IpcKind, ObjectOwner } from "../../snapshot.ts";
import { WireKind } from "../../wire/layout.gen.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { Use } from "../object/use.ts";
import { Channel, type LinkDraft } from "./channel.ts";
import { objectLabel, objectName } from "./object-name.ts";

/** More processes than this share one object: the links of the busiest are shown. */
const SHARER_LIMIT = 32;

/** The one write that a named semaphore's file gets is its first value. */
const hasOperated = (use: Use) => use.hasMoved && use.object.kind !== WireKind.POSIX_SEM;
const operations = (use: Use) => use.reads + use.writes;
const bytesOf = (use: Use) => use.readBytes + use.writeBytes;

export class SharedChannel extends Channel {
	readonly kind: IpcKind;
	override readonly countsMessages: boolean;
	readonly #object: KernelObject;

	constructor(kind: IpcKind, object: KernelObject) {
		super();
		this.kind = kind;
		this.countsMessages = kind === "sysv-sem";
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
		const sharers = this.#sharers();
		return sharers.flatMap((one, index) => sharers.slice(index + 1).map((other) => link(one, other)));
	}

	/** Who uses or maps it; one who merely inherited a descriptor counts only where there are no two others. */
	#sharers(): Use[] {
		const open = this.#object.uses.filter((use) => !use.isGone);
		const active = open.filter((use) => hasOperated(use) || use.isMapped);
		const sharers = active.length > 1 ? active : open;
		sharers.sort((a, b) => operations(b) - operations(a));
		return sharers.slice(0, SHARER_LIMIT).sort((a, b) => a.process.pid - b.process.pid);
	}
}

function link(one: Use, other: Use): LinkDraft {
	const moved = [one, other].filter(hasOperated);
	const sum = (of: (use: Use) => number) => moved.reduce((total, use) => total + of(use), 0);
	const basis: Basis = moved.length === 2 ? "observed" : "open";
	return { lane: 0, from: one.process, to: other.process, messages: sum(operations), bytes: sum(bytesOf), basis };
}
