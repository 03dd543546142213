/**
 * The process tree by starters, with the branches drawn, and what a filter keeps of it. A process stays below the one
 * that started it; if that is gone, below the nearest remaining ancestor (`shownUnder`).
 */

import type { ProcessRow } from "../../model/snapshot.ts";
import type { Line } from "../pane.ts";

/** Children of each process by pid; those without a shown parent are roots, under pid -1. */
export type Children = ReadonlyMap<number, readonly ProcessRow[]>;

export const ROOT = -1;

/** `rows` must be in the order of siblings. A child of a parent in another group is a root. */
export function childrenOf(rows: readonly ProcessRow[], groupOf: (row: ProcessRow) => string = () => ""): Children {
	const groups = new Map(rows.map((row) => [row.pid, groupOf(row)]));
	const children = new Map<number, ProcessRow[]>();
	for (const row of rows) {
		const { pid, shownUnder } = row;
		const parent = groups.get(shownUnder) === groupOf(row) && shownUnder !== pid ? shownUnder : ROOT;
		const siblings = children.get(parent);
		if (siblings) siblings.push(row);
		else children.set(parent, [row]);
	}
	return children;
}

/** The pids of `pid` and of all its descendants. */
export function descendantsOf(pid: number, children: Children): Set<number> {
	const found = new Set<number>([pid]);
	// A set may grow during iteration, which ends when nothing is added.
	for (const at of found) for (const child of children.get(at) ?? []) found.add(child.pid);
	return found;
}

/** A match is kept with all its descendants; its ancestors are kept as context. */
export function keepAround(
	rows: readonly ProcessRow[],
	children: Children,
	isMatch: (row: ProcessRow) => boolean,
): { kept: Set<ProcessRow>; context: Set<ProcessRow> } {
	const parents = new Map<number, ProcessRow>(rows.map((row) => [row.pid, row]));
	const kept = new Set<ProcessRow>(rows.filter(isMatch));
	const matches = [...kept];
	for (const at of kept) for (const child of children.get(at.pid) ?? []) kept.add(child);
	const context = new Set<ProcessRow>();
	for (const match of matches) {
		let at = parents.get(match.shownUnder);
		for (; at && !kept.has(at) && !context.has(at); at = parents.get(at.shownUnder)) context.add(at);
	}
	return { kept, context };
}

interface Branch {
	readonly row: ProcessRow;
	/** The branches in front of this row, and of the rows below it. */
	readonly own: string;
	readonly below: string;
}

export interface TreeMarks {
	/** Shown only because a row below it matches. */
	isContext?(row: ProcessRow): boolean;
	/** Whether its branch is folded: it shows how many rows are hidden. */
	isFolded?(row: ProcessRow): boolean;
}

/** "|-" becomes "|+": there is more below. */
function foldedPrefix(own: string, hidden: number): string {
	return `${own === "" ? "" : own.slice(0, -1)}+ [${hidden}] `;
}

/** Whether its parent is another process than the one that it is shown below. */
const isTakenOver = ({ ppid, shownUnder }: ProcessRow): boolean => ppid !== shownUnder;

/** Depth first, each row with its branches. Iterative: a chain of 10,000 parents must not overflow the stack. */
export function treeLines(children: Children, { isContext, isFolded }: TreeMarks = {}): Line<ProcessRow>[] {
	const lines: Line<ProcessRow>[] = [];
	const seen = new Set<number>();
	const stack: Branch[] = [];
	const push = (rows: readonly ProcessRow[], before: string, isTop: boolean) => {
		for (let at = rows.length - 1; at >= 0; at--) {
			const row = rows[at];
			if (!row) continue;
			const isLast = at === rows.length - 1;
			const corner = `${isLast ? "`" : "|"}${isTakenOver(row) ? "~" : "-"}`;
			stack.push({
				row,
				own: isTop ? "" : before + corner,
				below: isTop ? "" : `${before}${isLast ? "  " : "| "}`,
			});
		}
	};
	push(children.get(ROOT) ?? [], "", true);
	for (let branch = stack.pop(); branch; branch = stack.pop()) {
		const { row, own } = branch;
		const below = seen.has(row.pid) ? undefined : children.get(row.pid);
		const hides = below !== undefined && (isFolded?.(row) ?? false);
		const prefix = hides ? foldedPrefix(own, descendantsOf(row.pid, children).size - 1) : own;
		lines.push({ row, prefix, isContext: isContext?.(row) ?? false });
		seen.add(row.pid);
		if (below !== undefined && !hides) push(below, branch.below, false);
	}
	return lines;
}
