/** A pane is data that screen and plain text draw, and functions that choose and explain its rows. */

import type { Align, Cut } from "../format/text-width.ts";
import type { Style, Theme } from "../format/theme.ts";
import type { Measurable } from "../model/feed/feed.ts";
import type { Matcher } from "../model/filter/index.ts";
import type { Snapshot, TableName } from "../model/snapshot.ts";

export interface Sort {
	readonly key: string;
	/** Against the natural direction of the column. */
	readonly isReversed: boolean;
}

/** What the user wants to see of a snapshot. */
export interface Query<View> {
	readonly matcher: Matcher | null;
	/** Link mode: only rows of these processes. */
	readonly linkedPids: ReadonlySet<number> | null;
	readonly sort: Sort;
	readonly view: View;
}

/** One row with its index in the table. */
export interface Line<Row> {
	readonly row: Row;
	/** The branches of the tree before the name. */
	readonly prefix: string;
	/** Shown only because a row below it matches. */
	readonly isContext: boolean;
}

/** The lines of a table. Methods are those of an array, so an array will do. */
export interface Lines<Row> {
	readonly length: number;
	at(index: number): Line<Row> | undefined;
	slice(from?: number, to?: number): Line<Row>[];
	findIndex(isWanted: (line: Line<Row>) => boolean): number;
}

export type Medium = "screen" | "text";

export interface Column<Row> {
	readonly key: string;
	readonly header: string;
	/** Cells; the minimum if the column grows. */
	readonly width: number;
	/** The minimum as a fraction of the table's width: less important columns are dropped for it. */
	readonly share?: number;
	/** Share of the spare cells; 0 for a fixed column. */
	readonly grow?: number;
	readonly align: Align;
	readonly cut?: Cut;
	/** Columns with the highest number are dropped first if the table is narrow; 0 stays. */
	readonly drop: number;
	/** Natural direction of the sort: numbers mostly start with the largest. */
	readonly isDescending: boolean;
	/** `nowMs`: the time of the snapshot, for ages. Called for visible rows only; blank for values without interest. */
	value(row: Row, line: Line<Row>, nowMs: number): string;
	/** In plain text, which has room: the same without abbreviations, preferably one word. */
	whole?(row: Row): string;
	/** A number below 0 stands for "unknown". */
	sortBy(row: Row): number | string;
	style?(row: Row): Style | null;
	/** False if this snapshot has nothing for the column, or this medium does not show it. */
	isShown?(snapshot: Snapshot, medium: Medium): boolean;
}

/** A column heading of such a table. */
export interface Head {
	readonly text: string;
	readonly align: Align;
}

/** A part of the details view. */
export type Block =
	| { readonly kind: "pairs"; readonly title: string; readonly pairs: readonly (readonly [string, string])[] }
	| {
			readonly kind: "table";
			readonly title: string;
			readonly heads: readonly Head[];
			readonly rows: readonly (readonly string[])[];
			readonly empty: string;
	  }
	| { readonly kind: "charts"; readonly title: string; readonly rows: readonly ChartRow[] };

/** The chart of one value. */
export interface ChartRow {
	readonly label: string;
	/** The present and the largest value. */
	readonly figures: string;
	/** The oldest first. */
	readonly values: readonly number[];
}

/** A value of a row whose recent history the details show. */
export interface Chart<Row> {
	readonly label: string;
	of(row: Row): number;
	format(value: number): string;
}

/** A table of a details view, by keys of columns. */
export interface BlockColumns {
	readonly title: string;
	readonly columns: readonly string[];
	/** Shown if there are no rows. */
	readonly empty: string;
}

/** What a pane that draws its own body gets. */
export interface PaneBody<Row, View> {
	readonly lines: Lines<Row>;
	readonly selected: number;
	readonly isFocused: boolean;
	readonly width: number;
	readonly height: number;
	readonly snapshot: Snapshot;
	readonly view: View;
	readonly theme: Theme;
}

/** What a key of a pane may read. */
export interface KeyScene<Row, View> {
	readonly view: View;
	readonly lines: Lines<Row>;
	/** The selected row; undefined if the table is empty. */
	readonly row: Row | undefined;
	/** Null before the first refresh. */
	readonly snapshot: Snapshot | null;
	/** The process that is selected in the pane that link mode follows; null before the first move there. */
	readonly selectedPid: number | null;
}

/** The effect of a key of a pane. */
export interface KeyOutcome<View> {
	readonly view: View;
	/** The new selection, by index; "top" if the rows are different from before. */
	readonly select?: number | "top";
}

/** A key that only this pane has. */
export interface PaneKey<Row, View> {
	/** As the terminal's decoder names them; the first is the one that help and footer show. */
	readonly keys: readonly string[];
	readonly help: string;
	/** One word for the footer; without it the key is only in the help. */
	readonly footer?: string;
	/** What it does while another pane has the focus: acts, or focuses this pane; absent: nothing. */
	readonly fromElsewhere?: "acts" | "goes";
	/** False if, in this view, it means the same as in any pane. */
	isActive?(view: View): boolean;
	/** Null if it has no effect. */
	press(scene: KeyScene<Row, View>): KeyOutcome<View> | null;
}

/** The processes that something is about. */
export type Owns = (pid: number) => boolean;

/** Everything that the program knows about a pane. */
export interface PaneDefinition<Row, View> {
	/** Its name in `--panes`. */
	readonly name: string;
	readonly title: string;
	/** Only shown after its key was pressed, or if `--panes` names it. */
	readonly isOffAtFirst: boolean;
	/** Command line options that turn it on like `--panes`. */
	readonly namedBy: readonly ("disk" | "threads" | "follow" | "command")[];
	/** A key with the same effect as its number. */
	readonly extraKey?: { readonly key: string; readonly help: string };
	/** The table of its rows: it is measured, and printed by `--json`. */
	readonly tables: readonly TableName[];
	/** For rows that do not come from a table: the part of a snapshot that they come from. */
	changesWith?(snapshot: Snapshot): unknown;
	/** The probes whose health tells why a pane may be empty, the most significant first. */
	readonly probes: readonly string[];
	/** The kernel tables whose overflow means missing rows. */
	readonly maps: readonly string[];
	/** Why it is empty if none of its probes was requested, as by a service that measures other panes; a sentence. */
	readonly unmeasured: string;
	/** Shown if its probes work and there are no rows. */
	readonly empty: string;
	/** In a layout of two columns: its column, and its share of the height. */
	readonly place: { readonly side: "left" | "right"; readonly weight: number };
	readonly defaultSort: string;
	/** The same for plain text. */
	readonly textSort: string;
	/** Both against the natural direction of the column. */
	readonly isReversedAtFirst: boolean;
	/** Plain text omits rows that have not changed since the last print, and counts them. */
	readonly hidesUnchanged: boolean;
	/** The view state, of the pane's own type, before any of its keys. */
	readonly initialView: View;
	readonly keys: readonly PaneKey<Row, View>[];
	/** Columns by which it can be sorted. */
	columns(view: View): readonly Column<Row>[];
	/** Columns that are drawn, in order. */
	shownColumns(view: View): readonly Column<Row>[];
	/** All rows that it could show. */
	rows(snapshot: Snapshot): readonly Row[];
	matches(row: Row, matcher: Matcher): boolean;
	/** The processes of a row; going from it to the process table selects the first. */
	pids(row: Row): readonly number[];
	/** Among rows with the same sort key, the largest comes first. */
	tie(row: Row): number;
	/** The rows to show of a snapshot, in order. */
	select(snapshot: Snapshot, query: Query<View>): Lines<Row>;
	/** The row with this id, whether it matches the filter or not. */
	find(snapshot: Snapshot, id: string): Row | undefined;
	/** Identifies the subject of the row across snapshots. */
	id(row: Row): string;
	/** Whether it is gone, and shown for a few more seconds. */
	isDead(row: Row, deadPids: ReadonlySet<number>): boolean;
	/** The processes to which link mode narrows other panes while this row is selected, in the pane that it follows. */
	followed?(row: Row, snapshot: Snapshot): ReadonlySet<number>;
	/** Paints the body instead of the table; null for the table. */
	draw?(body: PaneBody<Row, View>): readonly string[] | null;
	/** Whether `draw` paints the view: then a click finds no row. */
	isDrawn(view: View): boolean;
	/** A word or two about the view, for the title bar. */
	mode(view: View): string;
	/** The subject's name outside of ebtop, for the clipboard: a command line, a path. */
	thing(row: Row): string;
	/** First line of the details view. */
	heading(row: Row): string;
	/** The values that stay visible above the details: heading and value. */
	summary(row: Row): readonly (readonly [string, string])[];
	/** What its details show besides rows of its own tables; "blocks": the blocks of all panes. */
	readonly detailsNeed: readonly (Measurable | "blocks")[];
	/** `blocksOf` returns the blocks of all panes about some processes. */
	details(row: Row, snapshot: Snapshot, blocksOf: (owns: Owns) => readonly Block[]): readonly Block[];
	/** Values with small charts of the last minutes in the details. */
	readonly charts: readonly Chart<Row>[];
	/** The columns that it shows in the details of a process. */
	readonly block?: BlockColumns;
}

declare const opaque: unique symbol;
/** A row of any pane: only that pane uses its content. */
export interface PaneRow {
	readonly [opaque]: "row";
}
export interface PaneView {
	readonly [opaque]: "view";
}
export type Pane = PaneDefinition<PaneRow, PaneView>;
