/** Many senders, one receiver: what each sender wrote is exact, however many send to the same socket. */

import type { LinkDraft } from "./channel.ts";
import { flowDrafts, openPairDrafts, sentDrafts } from "./flow.ts";
import { TwoEndedChannel } from "./two-ended.ts";

/** The first end is the sender, the second the receiver. */
export class DatagramChannel extends TwoEndedChannel {
	drafts(): LinkDraft[] {
		const sent = [...sentDrafts(this.crowds, this.first.uses, this.second.uses), ...this.#answers()];
		return sent.length > 0 ? sent : openPairDrafts(this.first.uses, this.second.uses);
	}

	/** If the other side's calls are not seen: a connected socket receives only from its peer. */
	#answers(): LinkDraft[] {
		const isForeign = this.second.uses.every((use) => use.process.isForeign);
		return isForeign && !this.first.isDestination ? flowDrafts(this.crowds, this.second.uses, this.first.uses, 1) : [];
	}
}
