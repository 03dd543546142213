/**
 * ink-table for small static tables. Its skeleton is replaced by one without border lines: a row takes one line of the
 * terminal and only ASCII.
 */

import { Text } from "ink";
import InkTable from "ink-table";
import { type ComponentType, createContext, Fragment, type PropsWithChildren, use } from "react";
import { textWidth } from "../../format/text-width.ts";
import type { Theme } from "../../format/theme.ts";
import type { StillTable as StillTableData } from "../state/overlay-content.ts";

type Cells = Record<string, string>;
interface InkTableProps {
	readonly data: readonly Cells[];
	readonly columns: readonly string[];
	readonly padding: number;
	readonly header: ComponentType<PropsWithChildren>;
	readonly cell: ComponentType<PropsWithChildren<{ column: number }>>;
	readonly skeleton: ComponentType<PropsWithChildren>;
}

/** ink-table is CommonJS: the result of an import depends on the resolver. */
const Table = ((InkTable as { default?: unknown }).default ?? InkTable) as ComponentType<InkTableProps>;

/** Vertical lines become blanks; horizontal ones are removed with their whole line. */
function OpenSkeleton({ children }: PropsWithChildren) {
	return children === "│" ? <Text> </Text> : <Fragment />;
}

/** ink-table passes only the text to its parts. */
const ThemeContext = createContext<Theme | null>(null);

function Head({ children }: PropsWithChildren) {
	const theme = use(ThemeContext);
	return <Text wrap="truncate">{theme?.paint("head", String(children))}</Text>;
}

function Cell({ children, column }: PropsWithChildren<{ column: number }>) {
	const theme = use(ThemeContext);
	return <Text wrap="truncate">{theme?.paint(column === 0 ? "accent" : null, String(children))}</Text>;
}

interface StillTableProps {
	readonly table: StillTableData;
	/** First row shown, and how many. */
	readonly top: number;
	readonly height: number;
	readonly width: number;
	readonly theme: Theme;
}

const PADDING = 1;
const LEAST_LAST_COLUMN = 10;

/** Widths of the columns; the last one takes the rest. */
function columnWidths({ heads, rows }: StillTableData, width: number): number[] {
	const natural = heads.map((head, at) =>
		rows.reduce((most, row) => Math.max(most, textWidth(row[at] ?? "")), head.length),
	);
	const frame = heads.length * (2 * PADDING + 1) + 1;
	const others = natural.slice(0, -1).reduce((sum, cells) => sum + cells, 0);
	const last = Math.min(natural.at(-1) ?? 0, Math.max(LEAST_LAST_COLUMN, width - frame - others));
	return [...natural.slice(0, -1), last];
}

export function StillTable({ table, top, height, width, theme }: StillTableProps) {
	const widths = columnWidths(table, width);
	const cells = (row: readonly string[]): Cells =>
		Object.fromEntries(table.heads.map((head, at) => [head, theme.fit(row[at] ?? "", widths[at] ?? 0)]));
	return (
		<ThemeContext value={theme}>
			<Table
				data={table.rows.slice(top, top + height).map(cells)}
				columns={table.heads}
				padding={PADDING}
				header={Head}
				cell={Cell}
				skeleton={OpenSkeleton}
			/>
		</ThemeContext>
	);
}
