/** What the blocks of a recording hold. */

import {
	BLOCK_HEAD_BYTES,
	BlockDictionary,
	decodeBlockHead,
	decodePayload,
	isAfter,
} from "../../src/model/feed/recording-format.ts";

/** One after the other, from the first of a group on; throws if one is damaged. */
export function payloadsOf(blocks: readonly Buffer[]): Buffer[] {
	const dictionary = new BlockDictionary();
	return blocks.map((block) => {
		const head = decodeBlockHead(block);
		const payload = head && decodePayload(head, block.subarray(BLOCK_HEAD_BYTES), dictionary.bytes);
		if (head === null || payload === null) throw new Error("a block is damaged");
		dictionary.add(payload, isAfter(head));
		return payload;
	});
}
