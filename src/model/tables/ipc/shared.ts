/**
 * Objects that processes share without a direction: shared memory and semaphores. One link for each pair, from the
 * lower pid. Stores to shared memory make no system call, so only the mapping can be seen.
 */

import type { Basis } from "../../snapshot.ts";
import type { LinkDraft } from "./channel.ts";
import type { End, Moved } from "./crowd.ts";
import { ObjectChannel } from "./object-channel.ts";

/** With more processes than this on one object, only the busiest have links of their own. */
const SHARER_LIMIT = 32;

const operations = (end: Moved) => end.reads + end.writes;
const bytesOf = (end: Moved) => end.readBytes + end.writeBytes;

export class SharedChannel extends ObjectChannel {
	override readonly countsMessages = this.kind === "sysv-sem";

	drafts(): LinkDraft[] {
		const sharers = this.#sharers();
		return sharers.flatMap((one, index) => sharers.slice(index + 1).map((other) => this.#link(one, other)));
	}

	/** The processes that use or map it; one that merely inherited a descriptor counts only if there are no two others. */
	#sharers(): readonly End[] {
		const open = this.object.uses.filter((use) => !use.presence.isGone);
		const active = open.filter((use) => this.#hasOperated(use) || use.presence.isMapped);
		const sharers = this.crowds.split("sharers", active.length > 1 ? active : open, operations, SHARER_LIMIT);
		return [...sharers].sort((a, b) => a.process.pid - b.process.pid);
	}

	/** The only write to the file of a named semaphore is its initial value. */
	#hasOperated(end: End): boolean {
		return this.kind !== "posix-sem" && (end.hasRead || end.hasWritten);
	}

	#link(one: End, other: End): LinkDraft {
		const moved = [one, other].filter((end) => this.#hasOperated(end));
		const sum = (of: (end: End) => number) => moved.reduce((total, end) => total + of(end), 0);
		const basis: Basis = moved.length === 2 ? "observed" : "open";
		const link = {
			lane: 0,
			from: one.process,
			to: other.process,
			messages: sum(operations),
			bytes: sum(bytesOf),
			basis,
		};
		const joined = one.joined ?? other.joined;
		if (joined === undefined) return link;
		const others = one.others ?? other.others;
		return { ...link, ...(others ? { others } : {}), joined: { messages: operations(joined), bytes: bytesOf(joined) } };
	}
}
