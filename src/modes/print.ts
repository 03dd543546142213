/** A run that prints: each snapshot goes to stdout as a JSON line or as plain text. */

import type { Options } from "../cli/command-line.ts";
import type { Failure } from "../failure.ts";
import { createMatcher } from "../model/filter/index.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Store } from "../model/store.ts";
import { outputColumns } from "../output/door.ts";
import { jsonPieces } from "../output/json.ts";
import { narrowSnapshot } from "../output/narrow.ts";
import { PieceWriter } from "../output/piece-writer.ts";
import type { Pipeline } from "../run/pipeline.ts";

/** After a signal, a reader that takes nothing must not keep the program from ending. */
const STOPPED_FLUSH_MS = 3000;

/** Plays the pipeline to its end onto stdout. Resolves with what went wrong; null after a normal end. */
export async function printSnapshots(pipeline: Pipeline, store: Store, options: Options): Promise<Error | null> {
	let outputProblem: Failure | null = null;
	const writer = new PieceWriter(options.json ? "json" : "text", {
		onHold: (isHeld) => pipeline.hold(isHeld),
		onClosed: (failure) => {
			outputProblem = failure;
			pipeline.stop(false);
		},
	});
	const print = await (options.json ? jsonPrinter(options) : batchPrinter(options));
	const show = (pieces: Iterable<string> | null): void => {
		if (pieces !== null) writer.write(pieces);
	};
	store.subscribe((snapshot) => show(print(snapshot, false)));
	pipeline.start();
	const error = await pipeline.ended;
	const last = store.get();
	if (last !== null) show(print(last, true));
	await writer.flush(pipeline.isStopped ? STOPPED_FLUSH_MS : null);
	return error ?? outputProblem;
}

/** `isEnd` prints what was held back, after the last snapshot. */
type Printer = (snapshot: Snapshot, isEnd: boolean) => Iterable<string> | null;

/** With --once only the line at the end of the interval. */
async function jsonPrinter({ filter, panes, once, hosts, replay }: Options): Promise<Printer> {
	const tables = panes.flatMap((pane) => pane.tables);
	const mayHaveHosts = hosts.length > 0 || replay !== null;
	const { withOwnPids } = mayHaveHosts
		? await import("../hosts/host-rows.ts")
		: { withOwnPids: (same: Snapshot) => same };
	return (snapshot, isEnd) =>
		isEnd === once ? jsonPieces(withOwnPids(narrowSnapshot(snapshot, filter, tables))) : null;
}

/** The state at the start has no rates yet: it is printed only if nothing came after it. */
async function batchPrinter({ filter, panes }: Options): Promise<Printer> {
	const { batchLines } = await import("../output/batch/batch.ts");
	const width = batchWidth();
	let before: Snapshot | null = null;
	let hasPrinted = false;
	return (snapshot, isEnd) => {
		if (isEnd ? hasPrinted : before === null) {
			before = snapshot;
			return null;
		}
		const matcher = filter === null ? null : createMatcher(filter, snapshot);
		const lines = batchLines(panes, { snapshot, before: isEnd ? null : before, matcher, width });
		before = snapshot;
		hasPrinted = true;
		return lines;
	};
}

function batchWidth(): number {
	const columns = Number(process.env.COLUMNS);
	if (Number.isInteger(columns) && columns > 0) return columns;
	return outputColumns() ?? Number.POSITIVE_INFINITY;
}
