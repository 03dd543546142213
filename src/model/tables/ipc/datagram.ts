/** Many senders, one receiver: what each sender wrote is its own, whoever else sends to the same socket. */

import type { LinkDraft } from "./channel.ts";
import { openPairDrafts, sentDrafts } from "./flow.ts";
import { TwoEndedChannel } from "./two-ended.ts";

/** The first end is the sender, the second the receiver. */
export class DatagramChannel extends TwoEndedChannel {
	drafts(): LinkDraft[] {
		const sent = sentDrafts(this.first.uses, this.second.uses);
		return sent.length > 0 ? sent : openPairDrafts(this.first.uses, this.second.uses);
	}
}
