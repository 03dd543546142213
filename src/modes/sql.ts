/** `--sql`: the answer to a query over the rows of a recording, as a table of text or as JSON Lines. */

import type { Options } from "../cli/command-line.ts";
import { Failure } from "../failure.ts";
import { textWidth } from "../format/text-width.ts";
import { createStore } from "../model/store.ts";
import { PieceWriter } from "../output/piece-writer.ts";
import { type Answer, RowDatabase, type SqlValue } from "../query/database.ts";
import { openRun } from "../run/run.ts";

/** Plays the recording and prints the answer. Resolves with what went wrong, as damage; rejects with a Failure. */
export async function printAnswer(options: Options, query: string): Promise<Error | null> {
	const database = new RowDatabase(query);
	const store = createStore();
	const { pipeline, lockDown } = await openRun(options, "read", store);
	store.subscribe((snapshot, isAfterGap) => database.add(snapshot, isAfterGap));
	await lockDown();
	pipeline.start();
	const error = await pipeline.ended;
	if (error instanceof Failure) return error;
	// A query may take long, and no key or signal is handled meanwhile: signals end the program by themselves.
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) process.removeAllListeners(signal);
	return (await print(database.answer(), options.json)) ?? error;
}

async function print(answer: Answer, isJson: boolean): Promise<Error | null> {
	let problem: Failure | null = null;
	const writer = new PieceWriter(isJson ? "json" : "text", {
		onHold: () => {},
		onClosed: (failure) => {
			problem = failure;
		},
	});
	writer.write(isJson ? jsonLines(answer) : textLines(answer));
	await writer.flush(null);
	return problem;
}

function* jsonLines({ names, rows }: Answer): Generator<string> {
	const fields = names.map((name, at) => JSON.stringify(names.indexOf(name) === at ? name : `${name}:${at}`));
	for (const row of rows) yield `{${row.map((value, at) => `${fields[at]}:${jsonOf(value)}`).join(",")}}\n`;
}

/** A number of SQLite may have more digits than one of JavaScript. */
function jsonOf(value: SqlValue): string {
	if (typeof value === "bigint") return String(value);
	return JSON.stringify(value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value);
}

/** So many rows are in memory at once; their cells tell how wide the columns are. */
const MEASURED_ROWS = 1000;

function* textLines({ names, rows }: Answer): Generator<string> {
	const iterator = rows[Symbol.iterator]();
	const measured: (readonly SqlValue[])[] = [];
	for (let next = iterator.next(); !next.done; next = iterator.next()) {
		measured.push(next.value);
		if (measured.length === MEASURED_ROWS) break;
	}
	const cells = measured.map((row) => row.map(textOf));
	const widths = names.map((name, at) => Math.max(textWidth(name), ...cells.map((row) => textWidth(row[at] ?? ""))));
	const isNumber = names.map((_, at) =>
		measured.some((row) => typeof row[at] === "bigint" || typeof row[at] === "number"),
	);
	const line = (row: readonly string[]): string =>
		`${row
			.map((cell, at) => {
				const blanks = " ".repeat(Math.max(0, (widths[at] ?? 0) - textWidth(cell)));
				return isNumber[at] ? blanks + cell : cell + blanks;
			})
			.join("  ")
			.trimEnd()}\n`;
	yield line(names);
	for (const row of cells) yield line(row);
	for (let next = iterator.next(); !next.done; next = iterator.next()) yield line(next.value.map(textOf));
}

/** In one line. */
function textOf(value: SqlValue): string {
	if (value === null) return "";
	if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
	return String(value).replaceAll("\n", "\\n");
}
