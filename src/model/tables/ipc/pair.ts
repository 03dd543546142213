/** Two sockets that are each other's peers: what one writes the other reads, in both directions. */

import type { LinkDraft } from "./channel.ts";
import { flowDrafts, openPairDrafts } from "./flow.ts";
import { TwoEndedChannel } from "./two-ended.ts";

export class PairChannel extends TwoEndedChannel {
	drafts(): LinkDraft[] {
		const there = flowDrafts(this.crowds, this.first.uses, this.second.uses, 0);
		const back = flowDrafts(this.crowds, this.second.uses, this.first.uses, 1);
		if (there.length + back.length > 0) return [...there, ...back];
		return openPairDrafts(this.first.uses, this.second.uses);
	}
}
