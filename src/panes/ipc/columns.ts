/** The columns of the IPC table: who, to whom, over what, how much. */

import { formatProcess, formatProcessWord } from "../../format/address.ts";
import { formatAge } from "../../format/duration.ts";
import { formatByteRate, formatBytes, formatCount, formatRate } from "../../format/quantity.ts";
import type { Style } from "../../format/theme.ts";
import type { IpcRow, ProcessRef } from "../../model/snapshot.ts";
import type { Column } from "../pane.ts";
import { numberColumn } from "../shared-columns.ts";

/** Kinds that move no bytes: their rate is of messages. */
const WITHOUT_BYTES = new Set<string>(["signal", "fd-pass", "sysv-sem", "posix-sem", "eventfd"]);

const BASIS_STYLES: Record<IpcRow["basis"], Style | null> = { observed: "good", open: "dim", shared: "warn" };

/** Rate of one or several links in the unit of their kinds. */
export function rateText({ rate, kinds }: { readonly rate: number; readonly kinds: readonly string[] }): string {
	return kinds.every((kind) => WITHOUT_BYTES.has(kind)) ? formatRate(rate) : formatByteRate(rate);
}

export const linkRateText = (row: IpcRow) => rateText({ rate: row.rate, kinds: [row.kind] });

/** What the link goes over: its name where it has one. */
const objectText = (row: IpcRow) => row.name ?? row.channel;

const end = (key: string, header: string, drop: number, of: (row: IpcRow) => ProcessRef): Column<IpcRow> => ({
	key,
	header,
	width: 15,
	grow: 1,
	align: "left",
	drop,
	isDescending: false,
	value: (row) => formatProcess(of(row)),
	whole: (row) => formatProcessWord(of(row)),
	sortBy: (row) => of(row).comm,
	style: () => "accent",
});

/** How long ago something moved on one or several links. */
export function lastSeenText({ lastSeen }: Pick<IpcRow, "lastSeen">, nowMs: number): string {
	return lastSeen === null ? "never" : formatAge(nowMs - Date.parse(lastSeen));
}

/** Its text changes with time though the row does not: the age is found when it is drawn. */
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
	end("from", "FROM", 0, (row) => row.from),
	end("to", "TO", 0, (row) => row.to),
	{
		key: "kind",
		header: "OVER",
		width: 11,
		grow: 0.4,
		align: "left",
		drop: 3,
		isDescending: false,
		value: (row) => row.kind,
		sortBy: (row) => row.kind,
	},
	{
		key: "rate",
		header: "RATE",
		width: 6,
		align: "right",
		drop: 1,
		isDescending: true,
		value: linkRateText,
		sortBy: (row) => row.rate,
		style: () => "good",
	},
	numberColumn({
		key: "bytes",
		header: "BYTES",
		drop: 2,
		of: (row) => row.bytes,
		format: (bytes) => (bytes === 0 ? "" : formatBytes(bytes)),
	}),
	numberColumn({
		key: "messages",
		header: "MSGS",
		drop: 4,
		of: (row) => row.messages,
		format: (messages) => (messages === 0 ? "" : formatCount(messages)),
	}),
	lastSeenColumn,
	{
		key: "basis",
		header: "BASIS",
		width: 8,
		align: "left",
		drop: 6,
		isDescending: false,
		value: (row) => row.basis,
		sortBy: (row) => row.basis,
		style: (row) => BASIS_STYLES[row.basis],
	},
	{
		key: "name",
		header: "OBJECT",
		width: 14,
		grow: 1.5,
		align: "left",
		cut: "start",
		drop: 5,
		isDescending: false,
		value: objectText,
		whole: (row) => (row.name === null ? row.channel : `${row.name} ${row.channel}`),
		sortBy: objectText,
	},
];
