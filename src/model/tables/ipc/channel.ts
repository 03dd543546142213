/** A channel joins processes: a pipe, a pair of sockets, a shared object. It says which links there are over it. */

import type { Basis, IpcKind, ObjectOwner } from "../../snapshot.ts";
import { NO_ROW } from "../../stats/row-list.ts";
import type { Process } from "../process/process.ts";
import { Crowds } from "./crowd.ts";

/** One link as a channel sees it now. `lane` tells apart the directions and purposes between the same two. */
export interface LinkDraft {
	readonly lane: number;
	readonly from: Process;
	readonly to: Process;
	readonly messages: number;
	readonly bytes: number;
	readonly basis: Basis;
	/** How many processes an end named "other" stands for. */
	readonly others?: number;
	/** Of these counts: what was in rows of their own until now, and did not move in this interval. */
	readonly joined?: { readonly messages: number; readonly bytes: number };
}

/** A link that is shown. */
export class Link {
	/** At the last refresh. */
	messagesBefore = 0;
	bytesBefore = 0;
	lastSeen: string | null = null;
	/** Number of the last refresh in which its channel named it. */
	refresh = 0;
	rowIndex = NO_ROW;
}

export abstract class Channel {
	abstract readonly kind: IpcKind;
	/** Names the channel, for example "pipe:[48122]". */
	abstract readonly label: string;
	abstract readonly name: string | null;
	/** Kinds without bytes have a rate of messages. */
	readonly countsMessages: boolean = false;
	/** Whose the object is, where the kernel keeps that with it. */
	get owner(): ObjectOwner | null {
		return null;
	}

	readonly links = new Map<string, Link>();
	readonly crowds = new Crowds();
	isDirty = false;
	/** It joins nothing any more: its links go. */
	isClosed = false;

	/** To be asked once in a refresh. */
	abstract drafts(): LinkDraft[];
}
