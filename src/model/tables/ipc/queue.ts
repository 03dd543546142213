/** Objects into which one process puts something that another one takes out: message queues and eventfds. */

import type { LinkDraft } from "./channel.ts";
import { flowDrafts, openPairDrafts } from "./flow.ts";
import { ObjectChannel } from "./object-channel.ts";

export class QueueChannel extends ObjectChannel {
	drafts(): LinkDraft[] {
		const { uses } = this.object;
		const moved = flowDrafts(this.crowds, uses, uses, 0);
		return moved.length > 0 ? moved : openPairDrafts(uses, uses);
	}
}
