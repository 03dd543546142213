/** The JSON form of a snapshot: it is the snapshot itself, one line each. */

import type { Snapshot } from "../model/snapshot.ts";

/**
 * One line of JSON Lines, its newline included, in pieces that are made when they are asked for: the line of a large
 * machine is longer than a string can be, and need not be in memory as a whole.
 */
export function* jsonPieces(snapshot: Snapshot): Generator<string> {
	let before = "{";
	for (const [name, value] of Object.entries(snapshot)) {
		yield `${before}${JSON.stringify(name)}:`;
		if (Array.isArray(value)) yield* listPieces(value);
		else yield JSON.stringify(value);
		before = ",";
	}
	yield "}\n";
}

function* listPieces(rows: readonly unknown[]): Generator<string> {
	let before = "[";
	for (const row of rows) {
		yield before + JSON.stringify(row);
		before = ",";
	}
	yield rows.length === 0 ? "[]" : "]";
}
