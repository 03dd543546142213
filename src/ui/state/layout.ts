/**
 * Divides the terminal into rectangles, with Ink's own layout engine. They never exceed the terminal: a frame one row
 * too tall would make Ink clear the whole screen each time.
 */

import Yoga, { Edge, FlexDirection, type Node } from "yoga-layout";
import type { Pane } from "../../panes/pane.ts";

export interface Rect {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

export interface PaneRect extends Rect {
	readonly pane: Pane;
	/** It has its own title bar, unless tabs name it. */
	readonly hasTitle: boolean;
	readonly hasHead: boolean;
	/** The rows of the table. */
	readonly bodyTop: number;
	readonly bodyHeight: number;
}

export interface Layout {
	readonly columns: number;
	readonly rows: number;
	readonly header: Rect;
	/** The strip of the history; null if there is no room. */
	readonly strip: Rect | null;
	/** The bar of all panes, if only one fits. */
	readonly tabs: Rect | null;
	readonly panes: readonly PaneRect[];
	/** Everything between header (or tabs) and footer: the place of an overlay. */
	readonly body: Rect;
	readonly footer: Rect | null;
}

export interface LayoutInput {
	readonly columns: number;
	readonly rows: number;
	readonly panes: readonly Pane[];
	readonly focus: Pane;
	readonly isZoomed: boolean;
	/** The header has one more line. */
	readonly hasNote: boolean;
	readonly hasStrip: boolean;
}

/** Smallest terminal that shows every pane at once: in two columns, or one below the other. */
const GRID = { columns: 150, rows: 34 };
const STACK = { columns: 80, rows: 60 };

/** Which panes are in which column. */
function arrange(input: LayoutInput): Pane[][] {
	const { columns, rows, panes, focus, isZoomed } = input;
	if (isZoomed || panes.length === 1) return [[focus]];
	if (columns >= GRID.columns && rows >= GRID.rows) {
		const sides = ["left", "right"].map((side) => panes.filter(({ place }) => place.side === side));
		return sides.filter((column) => column.length > 0);
	}
	if (columns >= STACK.columns && rows >= STACK.rows) return [[...panes]];
	return [[focus]];
}

/**
 * The smallest terminal that always has the strip; and the smallest while the screen is not live, when a row matters
 * less.
 */
const STRIP_ROWS = { always: 40, still: 16 };

/** `isStill`: not live. */
export function hasRoomForStrip(rows: number, isStill: boolean): boolean {
	return rows >= (isStill ? STRIP_ROWS.still : STRIP_ROWS.always);
}

function headerHeight(rows: number, hasNote: boolean): number {
	if (rows >= 16) return hasNote ? 4 : 3;
	if (rows >= 11) return 2;
	return rows >= 7 ? 1 : 0;
}

function addChild(parent: Node, set: (node: Node) => void): Node {
	const node = Yoga.Node.create();
	set(node);
	parent.insertChild(node, parent.getChildCount());
	return node;
}

function rectOf(node: Node): Rect {
	let left = 0;
	let top = 0;
	for (let at: Node | null = node; at; at = at.getParent()) {
		left += at.getComputedLeft();
		top += at.getComputedTop();
	}
	return { left, top, width: node.getComputedWidth(), height: node.getComputedHeight() };
}

/** The whole layout. Pure: the same input gives equal rectangles. */
export function computeLayout(input: LayoutInput): Layout {
	const columns = Math.max(1, input.columns);
	const rows = Math.max(1, input.rows);
	const arranged = arrange({ ...input, columns, rows });
	const hasTabs = arranged.flat().length < input.panes.length && rows >= 5;
	const root = Yoga.Node.create();
	root.setWidth(columns);
	root.setHeight(rows);
	const fixed = (height: number) => addChild(root, (node) => node.setHeight(height));
	const header = fixed(headerHeight(rows, input.hasNote));
	const strip = input.hasStrip ? fixed(1) : null;
	const tabs = hasTabs ? fixed(1) : null;
	const body = addChild(root, (node) => {
		node.setFlexGrow(1);
		node.setFlexShrink(1);
		node.setFlexDirection(FlexDirection.Row);
	});
	const footer = rows >= 6 ? fixed(1) : null;
	const placed = arranged.flatMap((names, index) => addColumn(body, names, index > 0));
	root.calculateLayout(columns, rows);
	const layout: Layout = {
		columns,
		rows,
		header: rectOf(header),
		strip: strip && rectOf(strip),
		tabs: tabs && rectOf(tabs),
		body: rectOf(body),
		footer: footer && rectOf(footer),
		panes: placed.map(({ pane, node }) => paneRect(pane, rectOf(node), hasTabs)),
	};
	root.freeRecursive();
	return layout;
}

function paneRect(pane: Pane, rect: Rect, hasTabs: boolean): PaneRect {
	const hasTitle = !hasTabs && rect.height >= 4;
	const hasHead = rect.height >= 3;
	const above = (hasTitle ? 1 : 0) + (hasHead ? 1 : 0);
	return { pane, ...rect, hasTitle, hasHead, bodyTop: rect.top + above, bodyHeight: Math.max(0, rect.height - above) };
}

function addColumn(body: Node, names: readonly Pane[], hasGap: boolean): { pane: Pane; node: Node }[] {
	const column = addChild(body, (node) => {
		node.setFlexGrow(1);
		node.setFlexBasis(0);
		if (hasGap) node.setMargin(Edge.Left, 1);
	});
	return names.map((pane) => ({
		pane,
		node: addChild(column, (node) => {
			node.setFlexGrow(pane.place.weight);
			node.setFlexBasis(0);
		}),
	}));
}
