/** Forged or damaged saved spans: each is refused, or read as snapshots that match the schema and are safe to show. */

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { StateBlocks } from "../../../src/history/state-blocks.ts";
import { StateReader } from "../../../src/history/state-reader.ts";
import { RecordingError } from "../../../src/model/feed/recording-format.ts";
import { DotGraph } from "../../../src/output/dot.ts";
import { changingSnapshot } from "../../helpers/changing-snapshots.ts";
import { payloadsOf } from "../../helpers/recorded-payloads.ts";
import type { FuzzTarget } from "../target.ts";
import { hostileString } from "../text.ts";
import { checkSnapshot } from "./model.ts";

type Payload = Record<string, unknown>;

/** The payloads of three refreshes; the first has the full state. */
function soundPayloads(): readonly string[] {
	const blocks = new StateBlocks();
	return payloadsOf([0, 1, 2].flatMap((tick) => blocks.write(changingSnapshot(tick, 2)))).map(String);
}

const SOUND = soundPayloads();

const place = fc.nat(5000);
const value = fc.oneof(
	{ weight: 4, arbitrary: fc.integer({ min: -2, max: 40 }) },
	{ weight: 2, arbitrary: hostileString },
	{ weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
	{ weight: 1, arbitrary: fc.double() },
);

/** Another value in one of the lists of a payload, or one more or less. */
const change = fc
	.record({
		list: fc.constantFrom("numbers", "numbers", "others", "shapes", "lists"),
		place,
		value,
		way: fc.constantFrom("other", "other", "more", "less"),
	})
	.map(({ list, place: at, value: fresh, way }) => (payload: Payload) => {
		const items = payload[list] as unknown[];
		items.splice(at % (items.length + 1), way === "more" ? 0 : 1, ...(way === "less" ? [] : [fresh]));
	});

/** Replaces one of its fields by any value. */
const exchange = fc
	.tuple(fc.constantFrom("isWhole", "isPart", "numbers", "others", "shapes", "lists"), fc.jsonValue())
	.map(([name, fresh]) => (payload: Payload) => {
		payload[name] = fresh;
	});

const changes = fc.array(fc.oneof({ weight: 6, arbitrary: change }, { weight: 1, arbitrary: exchange }), {
	maxLength: 3,
});

function apply(text: string, all: readonly ((payload: Payload) => void)[]): string {
	const payload = JSON.parse(text) as Payload;
	try {
		for (const each of all) each(payload);
	} catch {
		// An earlier change has left no list to change.
	}
	return JSON.stringify(payload);
}

/** Which payloads, in which order, with which changes. */
const payloads = fc.array(
	fc.oneof(
		{
			weight: 9,
			arbitrary: fc.tuple(fc.nat(SOUND.length - 1), changes).map(([no, all]) => apply(SOUND[no] as string, all)),
		},
		{ weight: 1, arbitrary: fc.json() },
		{ weight: 1, arbitrary: hostileString },
	),
	{ minLength: 1, maxLength: 4 },
);

export const saved: FuzzTarget<string[]> = {
	name: "saved",
	about: "saved spans: forged, damaged, in another order",
	cases: fc.tuple(fc.boolean(), payloads).map(([isBegun, rest]) => (isBegun ? [SOUND[0] as string, ...rest] : rest)),
	casesInTests: 200,
	check(texts) {
		const reader = new StateReader();
		const graph = new DotGraph(null);
		for (const text of texts) {
			try {
				const snapshot = reader.apply(Buffer.from(text));
				if (snapshot !== null) checkSnapshot(snapshot, graph);
			} catch (error) {
				assert.ok(error instanceof RecordingError, `not an error of the recording: ${String(error)}`);
			}
		}
	},
};
