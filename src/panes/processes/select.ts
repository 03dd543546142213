/** Which processes are shown, and in which order. */

import type { ProcessRow, Snapshot } from "../../model/snapshot.ts";
import { orderRows } from "../order-rows.ts";
import type { Lines, Query } from "../pane.ts";
import { linesOf } from "../plain-lines.ts";
import { PROCESS_COLUMNS } from "./columns.ts";
import { type Children, childrenOf, keepAround, ROOT, treeLines } from "./tree.ts";
import type { ProcessView } from "./view.ts";

/** The lines of the process table: a tree or flat, with the ancestors and descendants of what the filter matches. */
export function selectProcesses(snapshot: Snapshot, query: Query<ProcessView>): Lines<ProcessRow> {
	const { matcher, view } = query;
	const ordered = orderRows(snapshot.processes, PROCESS_COLUMNS, query.sort, (row) => row.cpuPercent);
	if (!matcher) {
		return view.isTree ? treeLines(kernelLast(childrenOf(ordered.slice())), () => false) : linesOf(ordered);
	}
	const rows = ordered.slice();
	const around = keepAround(rows, childrenOf(rows), (row) => matcher.processes(row));
	if (!view.isTree) return linesOf(rows.filter((row) => around.kept.has(row)));
	const shown = rows.filter((row) => around.kept.has(row) || around.context.has(row));
	return treeLines(kernelLast(childrenOf(shown)), (row) => around.context.has(row));
}

const KTHREADD = 2;

/** The tree of kernel threads, which says least, below all others. */
function kernelLast(children: Children): Children {
	const roots = children.get(ROOT) ?? [];
	const isKernel = (row: ProcessRow) => row.pid === KTHREADD && row.comm === "kthreadd";
	if (!roots.some(isKernel)) return children;
	const ordered = [...roots.filter((row) => !isKernel(row)), ...roots.filter(isKernel)];
	return new Map([...children, [ROOT, ordered]]);
}
