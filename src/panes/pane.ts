/** What a pane is: data that the screen and the plain text draw, and functions that choose and explain its rows. */

import type { Align, Cut } from "../format/text-width.ts";
import type { Style, Theme } from "../format/theme.ts";
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

export type Medium = "screen" | "text";

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
	/** `nowMs`: the time of the snapshot, for ages. Asked for rows in view alone; blank for what need not be looked at. */
	value(row: Row, line: Line<Row>, nowMs: number): string;
	/** In plain text, where no cell is too narrow: the same without abbreviations, in one word where it can be. */
	whole?(row: Row): string;
	/** A number below 0 stands for "not known". */
	sortBy(row: Row): number | string;
	style?(row: Row): Style | null;
	/** False where this snapshot has nothing for the column, or this medium does not want it. */
	isShown?(snapshot: Snapshot, medium: Medium): boolean;
}

/** Above a column of such a table. */
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

/** How one figure went. */
export interface ChartRow {
	readonly label: string;
	/** What it is now, and was at most. */
	readonly figures: string;
	/** The oldest first. */
	readonly values: readonly number[];
}

/** A figure of a row of which the details show how it went lately. */
export interface Chart<Row> {
	readonly label: string;
	of(row: Row): number;
	format(value: number): string;
}

/** A table of a details view as keys of columns. */
export interface BlockColumns {
	readonly title: string;
	readonly columns: readonly string[];
	/** What it says without a row. */
	readonly empty: string;
}

/** What a pane that draws its body itself has to draw with. */
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

/** What a key of a pane may look at. */
export interface KeyScene<Row, View> {
	readonly view: View;
	readonly lines: Lines<Row>;
	/** The selected row; undefined where the table is empty. */
	readonly row: Row | undefined;
	/** Null before the first refresh. */
	readonly snapshot: Snapshot | null;
	/** The process that is selected in the pane that link mode follows; null before the first move there. */
	readonly selectedPid: number | null;
}

/** What a key of a pane leads to. */
export interface KeyOutcome<View> {
	readonly view: View;
	/** The row that is selected then, by its index; "top" where the rows are others than before. */
	readonly select?: number | "top";
}

/** A key that this pane alone understands. */
export interface PaneKey<Row, View> {
	/** As the terminal's decoder names them; the first is the one that help and footer show. */
	readonly keys: readonly string[];
	readonly help: string;
	/** One word for the footer; without it the key is only in the help. */
	readonly footer?: string;
	/** What it does while another pane has the focus: acts all the same, or goes to this pane; nothing where absent. */
	readonly fromElsewhere?: "acts" | "goes";
	/** False where it means in this view what it means in any pane. */
	isActive?(view: View): boolean;
	/** Null where nothing comes of it. */
	press(scene: KeyScene<Row, View>): KeyOutcome<View> | null;
}

/** The processes that something is about. */
export type Owns = (pid: number) => boolean;

/** All that the rest of the program knows of a pane. */
export interface PaneDefinition<Row, View> {
	/** The word for it in `--panes`. */
	readonly name: string;
	readonly title: string;
	/** Shows once its key was pressed, or where `--panes` names it. */
	readonly isOffAtFirst: boolean;
	/** Where its rows come from: what is measured for it, and what `--json` prints for it. */
	readonly tables: readonly TableName[];
	/** The probes whose health decides whether an empty pane is quiet or blind, the most significant first. */
	readonly probes: readonly string[];
	/** The tables of the kernel that lack rows of it when they are full. */
	readonly maps: readonly string[];
	/** Why it shows nothing where none of its probes was asked for, a sentence; null where they always are. */
	readonly unmeasured: string | null;
	/** What it says where all is well and there is nothing to show. */
	readonly empty: string;
	/** Where two columns of panes have room: in which one it stands, and its share of the height. */
	readonly place: { readonly side: "left" | "right"; readonly weight: number };
	readonly defaultSort: string;
	/** The same for plain text. */
	readonly textSort: string;
	/** Both against the natural direction of the column. */
	readonly isReversedAtFirst: boolean;
	/** Plain text leaves out rows that are as they were in the text before, and counts them. */
	readonly hidesUnchanged: boolean;
	/** How the pane is looked at, in its own terms, before any of its keys. */
	readonly initialView: View;
	readonly keys: readonly PaneKey<Row, View>[];
	/** What it can be sorted by. */
	columns(view: View): readonly Column<Row>[];
	/** Of these, those that are drawn, in their order. */
	shownColumns(view: View): readonly Column<Row>[];
	/** All that it could show. */
	rows(snapshot: Snapshot): readonly Row[];
	matches(row: Row, matcher: Matcher): boolean;
	/** The processes of a row; a step from it to the process table leads to the first. */
	pids(row: Row): readonly number[];
	/** Of rows that the sort column does not tell apart, the largest comes first. */
	tie(row: Row): number;
	/** What is shown of a snapshot, in order. */
	select(snapshot: Snapshot, query: Query<View>): Lines<Row>;
	/** The row that `id` names, whether the filter keeps it or not. */
	find(snapshot: Snapshot, id: string): Row | undefined;
	/** Names the thing itself, whatever row it is in. */
	id(row: Row): string;
	/** Gone, and shown for a few more seconds. */
	isDead(row: Row, deadPids: ReadonlySet<number>): boolean;
	/** The processes that link mode narrows other panes to while this row is selected; in the one pane that it follows. */
	followed?(row: Row, snapshot: Snapshot): ReadonlySet<number>;
	/** The body, painted, instead of the table; null for the table. */
	draw?(body: PaneBody<Row, View>): readonly string[] | null;
	/** True where the view is one that `draw` paints: then no click finds a row. */
	isDrawn(view: View): boolean;
	/** A word or two about the view, for its bar. */
	mode(view: View): string;
	/** What names the thing outside of ebtop, for the clipboard: a command line, a path. */
	thing(row: Row): string;
	/** First line of the details view. */
	heading(row: Row): string;
	/** The figures that stay in view above the details: head and value. */
	summary(row: Row): readonly (readonly [string, string])[];
	/** `blocksOf`: what every pane has to say about some processes. */
	details(row: Row, snapshot: Snapshot, blocksOf: (owns: Owns) => readonly Block[]): readonly Block[];
	/** What the details show as small charts of the last minutes. */
	readonly charts: readonly Chart<Row>[];
	/** What it says itself about some processes: these columns of their rows. */
	readonly block?: BlockColumns;
}

declare const opaque: unique symbol;
/** A row or a view of whatever pane: nobody but the pane that it came from looks into it. */
export interface PaneRow {
	readonly [opaque]: "row";
}
export interface PaneView {
	readonly [opaque]: "view";
}
export type Pane = PaneDefinition<PaneRow, PaneView>;
