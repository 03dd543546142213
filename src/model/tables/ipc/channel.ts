/** A channel connects processes: a pipe, a pair of sockets, a shared object. It knows the links over it. */

import type { Basis, IpcKind, ObjectOwner } from "../../snapshot.ts";
import { NO_ROW } from "../../stats/row-list.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { Process } from "../process/process.ts";
import { Crowds } from "./crowd.ts";

/**
 * One link as a channel sees it now. `lane` distinguishes the directions and purposes between the same two processes.
 */
export interface LinkDraft {
	readonly lane: number;
	readonly from: Process;
	readonly to: Process;
	readonly messages: number;
	readonly bytes: number;
	readonly basis: Basis;
	/** How many processes an end named "other" stands for. */
	readonly others?: number;
	/** The part of these counts that was in separate rows until now, and did not move in this interval. */
	readonly joined?: { readonly messages: number; readonly bytes: number };
}

/** A link that is shown. */
export class Link {
	readonly from: Process;
	readonly to: Process;
	/** At the last refresh. */
	messagesBefore = 0;
	bytesBefore = 0;
	lastSeen: string | null = null;
	/** The last refresh in which its channel had it. */
	refresh = 0;
	rowIndex = NO_ROW;

	constructor({ from, to }: Pick<LinkDraft, "from" | "to">) {
		this.from = from;
		this.to = to;
	}
}

export abstract class Channel {
	abstract readonly kind: IpcKind;
	/** Identifies the channel, for example "pipe:[48122]". */
	abstract readonly label: string;
	abstract readonly name: string | null;
	/** Kinds without bytes have a rate of messages. */
	readonly countsMessages: boolean = false;
	/** The owner of the object, if the kernel stores one. */
	get owner(): ObjectOwner | null {
		return null;
	}

	readonly links = new Map<string, Link>();
	readonly crowds = new Crowds();
	isDirty = false;
	/** It no longer connects anything: its links are removed. */
	isClosed = false;

	/** One of its objects is gone. A channel without this method is closed then. */
	forget?(object: KernelObject): void;

	/** What the links from this process showed at the last refresh. */
	shownFrom(process: Process): { readonly messages: number; readonly bytes: number } {
		const shown = { messages: 0, bytes: 0 };
		for (const { from, messagesBefore, bytesBefore } of this.links.values()) {
			if (from !== process) continue;
			shown.messages += messagesBefore;
			shown.bytes += bytesBefore;
		}
		return shown;
	}

	/** Must be called once per refresh. */
	abstract drafts(): LinkDraft[];
}
