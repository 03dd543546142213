/** The columns of the IPC table: from, to, kind, amount. */

import { formatAge } from "../../format/duration.ts";
import { formatByteRate, formatBytes, formatCount, formatRate } from "../../format/quantity.ts";
import type { Style } from "../../format/theme.ts";
import { isEstimate, isWithoutBytes } from "../../model/ipc-kinds.ts";
import { formatProcess, formatProcessWord } from "../../model/names/processes.ts";
import type { IpcKind, IpcRow, ProcessRef } from "../../model/snapshot.ts";
import type { Column } from "../pane.ts";
import { bytesColumn, countColumn, estimated, numberColumn, orBlank, textColumn } from "../shared-columns.ts";

const BASIS_STYLES: Record<IpcRow["basis"], Style | null> = { observed: "good", open: "dim", shared: "warn" };

/** Rate of one or several links in the unit of their kinds. */
export function rateText({ rate, kinds }: { readonly rate: number; readonly kinds: readonly IpcKind[] }): string {
	return kinds.every(isWithoutBytes) ? formatRate(rate) : formatByteRate(rate);
}

export const linkRateText = (row: IpcRow) =>
	estimated(isEstimate(row), rateText({ rate: row.rate, kinds: [row.kind] }));
export const linkBytesText = (row: IpcRow) => estimated(isEstimate(row), orBlank(formatBytes)(row.bytes));

/** "other" is shown with the number of processes that it stands for. */
function endText({ others }: IpcRow, process: ProcessRef): string {
	const text = formatProcess(process);
	return others === undefined || process.pid !== 0 ? text : `${others} ${text}`;
}

const end = (key: string, header: string, of: (row: IpcRow) => ProcessRef): Column<IpcRow> =>
	textColumn({
		key,
		header,
		grow: 1,
		drop: 0,
		of: (row) => of(row).comm,
		value: (row) => endText(row, of(row)),
		whole: (row) => formatProcessWord(of(row)),
		style: () => "accent",
	});

/** A rate of bytes or of messages, depending on the kinds. */
export function linkRateColumn<Row extends { readonly rate: number }>(text: (row: Row) => string): Column<Row> {
	const of = (row: Row) => row.rate;
	return numberColumn({ key: "rate", header: "RATE", drop: 1, of, format: String, value: text, style: () => "good" });
}

/** How long ago data moved on one or several links. */
export function lastSeenText({ lastSeen }: Pick<IpcRow, "lastSeen">, nowMs: number): string {
	return lastSeen === null ? "never" : formatAge(nowMs - Date.parse(lastSeen));
}

/** Its text changes with time although the row does not: the age is computed when it is drawn. */
export const lastSeenColumn: Column<Pick<IpcRow, "lastSeen">> = {
	key: "last",
	header: "LAST",
	width: 5,
	align: "right",
	drop: 7,
	isDescending: true,
	value: (row, _, nowMs) => lastSeenText(row, nowMs),
	sortBy: (row) => row.lastSeen ?? "",
};

export const IPC_COLUMNS: readonly Column<IpcRow>[] = [
	end("from", "FROM", (row) => row.from),
	end("to", "TO", (row) => row.to),
	textColumn({ key: "kind", header: "OVER", width: 11, grow: 0.4, drop: 3, of: (row) => row.kind }),
	linkRateColumn(linkRateText),
	bytesColumn({ key: "bytes", header: "BYTES", drop: 2, of: (row) => row.bytes, value: linkBytesText }),
	countColumn({
		key: "messages",
		header: "MSGS",
		drop: 4,
		of: (row) => row.messages,
		value: (row) => estimated(isEstimate(row), orBlank(formatCount)(row.messages)),
	}),
	lastSeenColumn,
	textColumn({
		key: "basis",
		header: "BASIS",
		width: 8,
		drop: 6,
		of: (row) => row.basis,
		style: (row) => BASIS_STYLES[row.basis],
	}),
	textColumn({
		key: "name",
		header: "OBJECT",
		width: 14,
		grow: 1.5,
		cut: "start",
		drop: 5,
		of: (row) => row.name ?? row.channel,
		whole: (row) => (row.name === null ? row.channel : `${row.name} ${row.channel}`),
	}),
];
