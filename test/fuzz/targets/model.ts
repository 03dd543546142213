/** Wire records with any content: the model accepts and counts all of them, and its snapshots match the schema. */

import assert from "node:assert/strict";
import { Model } from "../../../src/model/model.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { WireType } from "../../../src/model/wire/layout.gen.ts";
import { batchLines } from "../../../src/output/batch/batch.ts";
import { DotGraph } from "../../../src/output/dot.ts";
import { PANES } from "../../../src/panes/index.ts";
import { schemaErrors } from "../../helpers/snapshot-schema.ts";
import { record } from "../../helpers/wire-encode.ts";
import { anyBatches, walk } from "../records.ts";
import type { FuzzTarget } from "../target.ts";
import { unsafeCharacter } from "../text.ts";

export const INFO = { host: "h\x1b[1m", kernel: "6.1", machine: "x86_64", source: "bpf" } as const;

function checkTexts(value: unknown, path: string): void {
	if (typeof value === "string") assert.equal(unsafeCharacter(value), null, `${path} is not safe to show`);
	else if (typeof value === "number") assert.ok(Number.isFinite(value), `${path} is ${value}`);
	else if (typeof value === "object" && value !== null) {
		for (const [key, inner] of Object.entries(value)) checkTexts(inner, `${path}/${key}`);
	}
}

/** What must hold for every snapshot. */
export function checkSnapshot(snapshot: Snapshot, graph: DotGraph): void {
	checkTexts(snapshot, "");
	assert.deepEqual(schemaErrors(JSON.parse(JSON.stringify(snapshot))), []);
	const text = [...batchLines(PANES, { snapshot, before: null, matcher: null, width: 120 })].join("");
	assert.equal(unsafeCharacter(text.replaceAll("\n", "")), null, "the plain text is not safe to show");
	graph.add(snapshot);
}

/** After it, every record of the run has been counted. */
const lastTick = record(WireType.TICK, "wire_tick", { time: 1 }, { wall_ns: 1_790_000_000_000_000_000n });

export const model: FuzzTarget<Uint8Array[]> = {
	name: "model",
	about: "wire decoder and model: records with any content",
	cases: anyBatches(4),
	casesInTests: 300,
	check(batches) {
		const tested = new Model(INFO);
		const graph = new DotGraph(null);
		let expected = 0;
		let before: { snapshot: Snapshot; text: string } | null = null;
		for (const batch of [...batches, lastTick]) {
			const { records, hasRest } = walk(batch);
			expected += records + (hasRest ? 1 : 0);
			const snapshot = tested.apply(batch);
			if (before !== null) assert.equal(JSON.stringify(before.snapshot), before.text, "an old snapshot has changed");
			if (snapshot === null) continue;
			checkSnapshot(snapshot, graph);
			before = { snapshot, text: JSON.stringify(snapshot) };
		}
		const { received = 0, malformed = 0 } = before?.snapshot.health.records ?? {};
		// The last record is counted only after its snapshot was made.
		assert.equal(received + malformed, expected - 1, "records that are neither received nor malformed");
		assert.equal(unsafeCharacter(graph.text().replaceAll(/[\n\t]/g, "")), null, "the graph is not safe to show");
	},
};
