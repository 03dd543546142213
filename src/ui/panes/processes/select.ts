/** Which processes are shown, and in which order. */

import type { ProcessRow, Snapshot } from "../../../model/snapshot.ts";
import { orderRows } from "../order-rows.ts";
import type { Line, Query } from "../pane.ts";
import { PROCESS_COLUMNS } from "./columns.ts";
import { type Children, childrenOf, descendantsOf, keepAround, ROOT, treeLines } from "./tree.ts";

/** The lines of the process table: a tree or flat, with the ancestors and descendants of what the filter matches. */
export function selectProcesses(snapshot: Snapshot, query: Query): Line<ProcessRow>[] {
	const { matcher } = query;
	const ordered = orderRows(snapshot.processes, PROCESS_COLUMNS, query.sort, (row) => row.cpuPercent);
	if (!matcher) {
		return query.isTree ? treeLines(kernelLast(childrenOf(ordered)), () => false) : ordered.map(flatLine);
	}
	const around = keepAround(ordered, childrenOf(ordered), (row) => matcher.process(row));
	if (!query.isTree) return ordered.filter((row) => around.kept.has(row)).map(flatLine);
	const shown = ordered.filter((row) => around.kept.has(row) || around.context.has(row));
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

function flatLine(row: ProcessRow): Line<ProcessRow> {
	return { row, prefix: "", isContext: false };
}

/** The process with this identity and all below it, for link mode. */
export function linkedPids(snapshot: Snapshot, pid: number): ReadonlySet<number> {
	return descendantsOf(pid, childrenOf(snapshot.processes));
}
