/** `--export`: the rows of a recording as Parquet files, one for each table. */

import { join } from "node:path";
import type { Options } from "../cli/command-line.ts";
import { usage } from "../cli/values.ts";
import { version } from "../cli/version.ts";
import { Failure, systemReason } from "../failure.ts";
import { formatBytes } from "../format/quantity.ts";
import { OutputFile } from "../model/feed/regular-file.ts";
import { createStore } from "../model/store.ts";
import { type Column, tableLines } from "../output/batch/table.ts";
import { printText } from "../output/print-text.ts";
import { ParquetTable } from "../query/parquet.ts";
import { columnsOfTable, TABLE_NAMES, Tables } from "../query/tables.ts";
import { openRun } from "../run/run.ts";
import { openOwnFolder } from "../save/own-folder.ts";

interface ExportFile {
	readonly table: string;
	readonly name: string;
	readonly file: OutputFile;
	readonly rows: ParquetTable;
}

const COLUMNS: readonly Column<ExportFile>[] = [
	{ header: "FILE", value: ({ name }) => name },
	{ header: "ROWS", value: ({ rows }) => String(rows.rows), align: "right" },
	{ header: "SIZE", value: ({ file }) => formatBytes(file.length), align: "right" },
];

/** Plays the recording, and prints what it has written. Resolves with what went wrong, as damage; rejects with a Failure. */
export async function exportTables(options: Options, folder: string): Promise<Error | null> {
	const files = openFiles(folder);
	const store = createStore();
	const { pipeline, lockDown } = await openRun(options, "read", store);
	const tables = new Tables((table) => {
		const found = files.find((file) => file.table === table);
		return found === undefined ? null : (values) => found.rows.add(values);
	});
	store.subscribe((snapshot, isAfterGap) => writing(folder, () => tables.add(snapshot, isAfterGap)));
	await lockDown();
	pipeline.start();
	const error = await pipeline.ended;
	if (error instanceof Failure) return error;
	writing(folder, () => {
		tables.end();
		for (const { rows } of files) rows.end();
	});
	for (const { file } of files) file.close();
	await printText([...tableLines(COLUMNS, files, Number.POSITIVE_INFINITY)].map((line) => `${line}\n`).join(""));
	return error;
}

/** Before the recording is read, so that nothing is done in vain. */
function openFiles(folder: string): ExportFile[] {
	try {
		const path = openOwnFolder(folder).path;
		return TABLE_NAMES.map((table) => {
			const name = `${table}.parquet`;
			const file = new OutputFile(join(path, name));
			const write = (bytes: Uint8Array): void => file.write(bytes);
			return { table, name, file, rows: new ParquetTable(columnsOfTable(table), `ebtop ${version()}`, write) };
		});
	} catch (error) {
		throw usage(`Cannot export to ${folder}: ${systemReason(error)}.`);
	}
}

function writing(folder: string, write: () => void): void {
	try {
		write();
	} catch (error) {
		throw new Failure(`Cannot export to ${folder}: ${systemReason(error)}.`, 1);
	}
}
