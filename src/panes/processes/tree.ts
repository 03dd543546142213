/**
 * The process tree: who started whom, with the branches drawn, and what a filter keeps of it. A process stays under who
 * started it, also when that has died: then under the nearest of its line who is there (`shownUnder`).
 */

import type { ProcessRow } from "../../model/snapshot.ts";
import type { Line } from "../pane.ts";

/** Children of each process by pid; those whose parent is not shown are roots, under pid -1. */
export type Children = ReadonlyMap<number, readonly ProcessRow[]>;

export const ROOT = -1;

/** `rows` must be in the order in which siblings are to appear. A child of a parent in another group is a root. */
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

/** The pids of `pid` and of everything below it. */
export function descendantsOf(pid: number, children: Children): Set<number> {
	const found = new Set<number>([pid]);
	// A set grows while it is walked, and the walk ends when nothing new comes.
	for (const at of found) for (const child of children.get(at) ?? []) found.add(child.pid);
	return found;
}

/** A match is kept with all that is below it; what is above it is kept as context. */
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
	/** What stands in front of this row, and in front of the rows below it. */
	readonly own: string;
	readonly below: string;
}

export interface TreeMarks {
	/** Here only because something below it matches. */
	isContext?(row: ProcessRow): boolean;
	/** It stands for all below it, and says how many. */
	isFolded?(row: ProcessRow): boolean;
}

/** "|-" becomes "|+": there is more below. */
function foldedPrefix(own: string, hidden: number): string {
	return `${own === "" ? "" : own.slice(0, -1)}+ [${hidden}] `;
}

/** Another process is its parent by now than the one that it is shown under. */
const isTakenOver = ({ ppid, shownUnder }: ProcessRow): boolean => ppid !== shownUnder;

/** Depth first, each row with its branch. Iterative: a chain of 10,000 parents must not end the program. */
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
