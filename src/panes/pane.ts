/** What a pane is: data that the one table draws, and functions that choose and explain its rows. */

import type { Align, Cut } from "../format/text-width.ts";
import type { Style, Theme } from "../format/theme.ts";
import type { Matcher } from "../model/filter/index.ts";
import type { FileRow, IpcRow, PaneName, ProcessRow, Snapshot, SyscallRow, TcpRow } from "../model/snapshot.ts";
import type { IpcGroup, IpcView } from "./ipc/group.ts";

export type AnyRow = ProcessRow | SyscallRow | IpcRow | IpcGroup | FileRow | TcpRow;

export interface Sort {
	readonly key: string;
	/** Against the natural direction of the column. */
	readonly isReversed: boolean;
}

/** What the user wants to see of a snapshot. */
export interface Query {
	readonly matcher: Matcher | null;
	/** Link mode: only rows of these processes. */
	readonly linkedPids: ReadonlySet<number> | null;
	readonly sort: Sort;
	readonly isTree: boolean;
	readonly ipcView: IpcView;
	/** The process in the middle of the graph, where the user has chosen one. */
	readonly graphCenter: number | null;
}

/** One row with its place in the table. */
export interface Line<Row> {
	readonly row: Row;
	/** The branch of the tree in front of the name. */
	readonly prefix: string;
	/** Here only because something below it matches. */
	readonly isContext: boolean;
}

/** The lines of a table. What they take of an array's methods has an array's meaning, so that an array will do. */
export interface Lines<Row> {
	readonly length: number;
	at(index: number): Line<Row> | undefined;
	slice(from?: number, to?: number): Line<Row>[];
	findIndex(isWanted: (line: Line<Row>) => boolean): number;
}

export interface Column<Row> {
	readonly key: string;
	readonly header: string;
	/** Cells; the least where the column grows. */
	readonly width: number;
	/** The least it takes of a wide table, as a part of the whole: lesser columns go for it. */
	readonly share?: number;
	/** Share of the cells that are left over; 0 for a fixed column. */
	readonly grow?: number;
	readonly align: Align;
	readonly cut?: Cut;
	/** Columns with the highest number go first where the table is narrow; 0 stays. */
	readonly drop: number;
	/** Natural direction of the sort: numbers mostly from the largest. */
	readonly isDescending: boolean;
	/** `nowMs`: the time of the snapshot, for ages. Asked for rows in view alone. */
	value(row: Row, line: Line<Row>, nowMs: number): string;
	sortBy(row: Row): number | string;
	style?(row: Row): Style | null;
	/** False where this snapshot has nothing for the column. */
	isShown?(snapshot: Snapshot): boolean;
}

/** A part of the details view. */
export type Block =
	| { readonly kind: "pairs"; readonly title: string; readonly pairs: readonly (readonly [string, string])[] }
	| {
			readonly kind: "table";
			readonly title: string;
			readonly heads: readonly { readonly text: string; readonly align: Align }[];
			readonly rows: readonly (readonly string[])[];
			readonly empty: string;
	  };

/** What a pane that draws its body itself has to draw with. */
export interface PaneBody<Row> {
	readonly lines: Lines<Row>;
	readonly selected: number;
	readonly isFocused: boolean;
	readonly width: number;
	readonly height: number;
	readonly snapshot: Snapshot;
	readonly query: Query;
	readonly theme: Theme;
}

export interface PaneDefinition<Row> {
	readonly name: PaneName;
	readonly title: string;
	/** The probes whose health decides whether an empty pane is quiet or blind. */
	readonly probes: readonly string[];
	/** What it says where all is well and there is nothing to show. */
	readonly empty: string;
	readonly defaultSort: string;
	columns(query: Query): readonly Column<Row>[];
	select(snapshot: Snapshot, query: Query): Lines<Row>;
	/** The row that `id` names, whether the filter keeps it or not. */
	find(snapshot: Snapshot, id: string): Row | undefined;
	/** Names the thing itself, whatever row it is in. */
	id(row: Row): string;
	/** Gone, and shown for a few more seconds. */
	isDead(row: Row, deadPids: ReadonlySet<number>): boolean;
	/** The process that a step from this row to the process table leads to; null where there is none. */
	pidOf(row: Row): number | null;
	/** On which side of a drawing the row stands; absent where the pane is always a table. */
	sideOf?(row: Row): "in" | "out" | null;
	/** The body, painted, instead of the table; null for the table. */
	draw?(body: PaneBody<Row>): readonly string[] | null;
	/** A word or two about the mode the pane is in, for its bar. */
	mode(query: Query): string;
	/** First line of the details view. */
	heading(row: Row): string;
	/** The figures that stay in view above the details: head and value. */
	summary(row: Row): readonly (readonly [string, string])[];
	details(row: Row, snapshot: Snapshot): readonly Block[];
}

/** Methods take their parameters bivariantly, so a definition of one kind of row serves as one of any. */
export type Pane = PaneDefinition<AnyRow>;
