/** Bytes of a terminal in any pieces: the same keys result however reads split them, and nothing waits forever. */

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { createInputDecoder, type InputEvent } from "../../../src/ui/input/decode-input.ts";
import type { FuzzTarget } from "../target.ts";

const SEQUENCES = [
	"\x1b",
	"\x1b[",
	"\x1bO",
	"\x1b[[",
	"\x1b[A",
	"\x1b[5~",
	"\x1b[24~",
	"\x1b[[E",
	"\x1bOP",
	"\x1b[<0;12;5M",
	"\x1b[<64;1;1M",
	"\x1b[<0;0;0M",
	"\x1b[<0;99999999999999999999;1M",
	"\x1b[200~",
	"\x1b[201~",
	"\x1b[1;5C",
	"\x1b[?1;2c",
	"\x1b]11;rgb:0/0/0\x07",
	"\x1bP1$r0m\x1b\\",
	"0123456789;:<=>?",
	" !\"#$%&'()*+,-./",
	"\r",
	"\x7f",
	"\x03",
	"q",
	"é",
	"家",
	"👍",
	"\x9b",
] as const;
const encoder = new TextEncoder();

const piece: fc.Arbitrary<Uint8Array> = fc.oneof(
	{ weight: 5, arbitrary: fc.constantFrom(...SEQUENCES).map((text) => encoder.encode(text)) },
	{ weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }) },
	{ weight: 1, arbitrary: fc.tuple(fc.constantFrom(...SEQUENCES), fc.nat(60)).map(repeated) },
);

function repeated([text, times]: [string, number]): Uint8Array {
	return encoder.encode(text.repeat(times));
}

/** What a terminal sent, and where reads split it. */
export interface Typed {
	readonly bytes: Uint8Array;
	readonly cuts: readonly number[];
}

export const typed: fc.Arbitrary<Typed> = fc.record({
	bytes: fc.array(piece, { maxLength: 12 }).map((pieces) => Uint8Array.from(pieces.flatMap((one) => [...one]))),
	cuts: fc.array(fc.nat(80), { maxLength: 6 }),
});

/** The bytes as the reads gave them. */
export function readsOf({ bytes, cuts }: Typed): Uint8Array[] {
	const ends = [...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b);
	return ends.map((end, at) => bytes.subarray(at === 0 ? 0 : ends[at - 1], end));
}

/** The longest meaningful sequence: a decoder that waits for more would delay what is typed after it. */
const LONGEST_WAIT = 64;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a key
const CONTROL = /[\x00-\x1f\x7f]/;

function checkEvent(event: InputEvent): void {
	if (event.type === "key") {
		assert.ok(event.key !== "" && !CONTROL.test(event.key), `${JSON.stringify(event.key)} is not the name of a key`);
	} else if (event.type === "mouse") {
		assert.ok(
			Number.isSafeInteger(event.x) && Number.isSafeInteger(event.y),
			`the pointer is at ${event.x}, ${event.y}`,
		);
		assert.ok(event.x >= 0 && event.y >= 0, `the pointer is at ${event.x}, ${event.y}`);
	}
}

export const keys: FuzzTarget<Typed> = {
	name: "keys",
	about: "terminal input: any bytes, cut anywhere",
	cases: typed,
	casesInTests: 4000,
	check(given) {
		const whole = createInputDecoder();
		const events = whole.push(given.bytes);
		const late = whole.flush();
		assert.ok(late.length <= LONGEST_WAIT, `${late.length} characters wait for what follows`);
		const all = [...events, ...late];
		const cut = createInputDecoder();
		const parts = readsOf(given).flatMap((bytes) => cut.push(bytes));
		assert.deepEqual([...parts, ...cut.flush()], all, "other events where the reads end elsewhere");
		assert.equal(cut.waitsFor(), null, "something waits after the flush");
		all.forEach(checkEvent);
	},
};
