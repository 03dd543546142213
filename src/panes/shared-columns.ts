/** Columns that several panes have in common. */

import type { Column } from "./pane.ts";

/** Sorts below 0, and stands for what is not known. */
export const UNKNOWN = -1;

interface OfProcess {
	readonly pid: number;
	readonly comm: string;
}

/** The owner's pid. */
export function pidColumn<Row extends OfProcess>(): Column<Row> {
	return {
		key: "pid",
		header: "PID",
		width: 7,
		align: "right",
		drop: 3,
		isDescending: false,
		value: (row) => (row.pid === 0 ? "-" : String(row.pid)),
		sortBy: (row) => row.pid,
	};
}

/** The owner's name. */
export function commColumn<Row extends OfProcess>(width = 15): Column<Row> {
	return {
		key: "comm",
		header: "COMM",
		width,
		align: "left",
		drop: 0,
		isDescending: false,
		value: (row) => row.comm,
		sortBy: (row) => row.comm,
		style: () => "accent",
	};
}

/** Both directions together: no column of its own, but what a table is sorted by at first. */
export function activityColumn<Row>(of: (row: Row) => number): Column<Row> {
	return {
		key: "activity",
		header: "ACTIVITY",
		width: 8,
		align: "right",
		drop: 99,
		isDescending: true,
		value: () => "",
		sortBy: of,
		isShown: () => false,
	};
}

/** Whether one of the rows passes: looked for once in each table, since several columns ask at every frame. */
export function hasRow<Row>(passes: (row: Row) => boolean): (rows: readonly Row[]) => boolean {
	let known: readonly Row[] = [];
	let answer = false;
	return (rows) => {
		if (rows !== known) answer = rows.some(passes);
		known = rows;
		return answer;
	};
}

interface NumberColumn<Row> {
	readonly key: string;
	readonly header: string;
	readonly width?: number;
	readonly drop: number;
	of(row: Row): number;
	format(value: number): string;
	readonly style?: Column<Row>["style"];
	readonly isShown?: Column<Row>["isShown"];
}

/** A number, right-aligned, from the largest. */
export function numberColumn<Row>(spec: NumberColumn<Row>): Column<Row> {
	return {
		key: spec.key,
		header: spec.header,
		width: spec.width ?? 6,
		align: "right",
		drop: spec.drop,
		isDescending: true,
		value: (row) => spec.format(spec.of(row)),
		sortBy: spec.of,
		...(spec.style && { style: spec.style }),
		...(spec.isShown && { isShown: spec.isShown }),
	};
}
