/** The JSON form of a snapshot: the snapshot itself, in one line. */

import type { Snapshot } from "../model/snapshot.ts";

/**
 * One line of JSON Lines, with its newline, in pieces that are made lazily: the line of a large machine exceeds the
 * longest string, and need not be in memory as a whole.
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
