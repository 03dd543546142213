/** Columns that several panes have in common. */

import { formatByteRate, formatBytes, formatCount } from "../format/quantity.ts";
import { ownPid } from "../model/host-pids.ts";
import type { Column } from "./pane.ts";

/** Sorts below 0, and stands for "unknown". */
export const UNKNOWN = -1;

interface OfProcess {
	readonly pid: number;
	readonly comm: string;
}

/** The properties of a column that do not follow from its content; each may be overridden. */
type Traits<Row> = Pick<Column<Row>, "key" | "header" | "drop"> & Partial<Column<Row>>;

/** A text, left-aligned, ascending. */
export function textColumn<Row>({ of, ...traits }: Traits<Row> & { of(row: Row): string }): Column<Row> {
	return { width: 15, align: "left", isDescending: false, value: of, sortBy: of, ...traits };
}

interface NumberTraits<Row> extends Traits<Row> {
	of(row: Row): number;
	format(value: number): string;
}

/** A number, right-aligned, descending. */
export function numberColumn<Row>({ of, format, ...traits }: NumberTraits<Row>): Column<Row> {
	const value = (row: Row) => format(of(row));
	return { width: 6, align: "right", isDescending: true, value, sortBy: of, ...traits };
}

/** Bytes per second. */
export function byteRateColumn<Row>(traits: Omit<NumberTraits<Row>, "format">): Column<Row> {
	return numberColumn({ ...traits, format: formatByteRate });
}

/** Bytes, and blank for none. */
export function bytesColumn<Row>(traits: Omit<NumberTraits<Row>, "format">): Column<Row> {
	return numberColumn({ ...traits, format: orBlank(formatBytes) });
}

/** A number of things, and blank for none. */
export function countColumn<Row>(traits: Omit<NumberTraits<Row>, "format">): Column<Row> {
	return numberColumn({ ...traits, format: orBlank(formatCount) });
}

/** A pid is a name: ascending, and "-" if there is no process. */
export function pidColumn<Row extends OfProcess>(): Column<Row> {
	const format = (pid: number) => (pid === 0 ? "-" : String(ownPid(pid)));
	return numberColumn({
		key: "pid",
		header: "PID",
		width: 7,
		drop: 3,
		isDescending: false,
		of: (row) => row.pid,
		format,
	});
}

/** The owner's name. */
export function commColumn<Row extends OfProcess>(): Column<Row> {
	return textColumn({ key: "comm", header: "COMM", drop: 0, of: (row) => row.comm, style: () => "accent" });
}

/** `format`, and blank for 0. */
export function orBlank(format: (value: number) => string): (value: number) => string {
	return (value) => (value === 0 ? "" : format(value));
}

/** Marks the text of a value that is not exact. */
export const estimated = (isEstimate: boolean, text: string): string => (isEstimate && text !== "" ? `~${text}` : text);

/** Both directions together: not a visible column, but the initial sort of a table. */
export function activityColumn<Row>(of: (row: Row) => number): Column<Row> {
	const traits = { width: 8, drop: 99, isShown: () => false };
	return numberColumn({ key: "activity", header: "ACTIVITY", ...traits, of, format: () => "" });
}

/** Whether any row passes: searched once per table, since several columns ask at every frame. */
export function hasRow<Row>(passes: (row: Row) => boolean): (rows: readonly Row[]) => boolean {
	let known: readonly Row[] = [];
	let answer = false;
	return (rows) => {
		if (rows !== known) answer = rows.some(passes);
		known = rows;
		return answer;
	};
}
