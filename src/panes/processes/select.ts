/** The processes to show, and their order. */

import { isKernelThread, isKthreadd } from "../../model/kernel-threads.ts";
import { unitOf } from "../../model/names/units.ts";
import type { ProcessRow, Snapshot } from "../../model/snapshot.ts";
import { orderRows } from "../order-rows.ts";
import type { Lines, Query } from "../pane.ts";
import { linesOf } from "../plain-lines.ts";
import { PROCESS_COLUMNS } from "./columns.ts";
import { type Children, childrenOf, keepAround, ROOT, treeLines } from "./tree.ts";
import { idOf, type ProcessView } from "./view.ts";

/** The lines of the process table: as a tree or flat, with the ancestors and descendants of matches. */
export function selectProcesses(snapshot: Snapshot, query: Query<ProcessView>): Lines<ProcessRow> {
	const { matcher, view } = query;
	const all = view.hidesKernel ? withoutKernel(snapshot.processes) : snapshot.processes;
	const ordered = orderRows(all, PROCESS_COLUMNS, query.sort, (row) => row.cpuPercent);
	if (!matcher) {
		if (view.shape === "flat") return linesOf(ordered);
		return treeLines(treeOf(ordered.slice(), view), { isFolded: (row) => view.folded.has(idOf(row)) });
	}
	const rows = ordered.slice();
	const around = keepAround(rows, childrenOf(rows), (row) => matcher.processes(row));
	if (view.shape === "flat") return linesOf(rows.filter((row) => around.kept.has(row)));
	const shown = rows.filter((row) => around.kept.has(row) || around.context.has(row));
	return treeLines(treeOf(shown, view), { isContext: (row) => around.context.has(row) });
}

/**
 * The tree by starters. By container or unit, each of these has trees of its own, followed by the processes that are in
 * none.
 */
function treeOf(rows: readonly ProcessRow[], { shape }: ProcessView): Children {
	const groupOf = shape === "by container" ? containerOf : shape === "by unit" ? unitGroupOf : null;
	return kernelThreadsLast(groupOf === null ? childrenOf(rows) : groupsFirst(childrenOf(rows, groupOf), groupOf));
}

/** Orders and identifies containers; "" for processes in none. */
const containerOf = ({ container }: ProcessRow): string =>
	container === null ? "" : `${container.name ?? ""}\0${container.id}`;

/** The same for units: several users may have one of that name. */
function unitGroupOf(row: ProcessRow): string {
	const unit = unitOf(row);
	if (unit === "") return "";
	const { container, cgroup } = row;
	return `${unit}\0${container?.id ?? cgroup?.slice(0, cgroup.lastIndexOf(`/${unit}`)) ?? ""}`;
}

function groupsFirst(children: Children, groupOf: (row: ProcessRow) => string): Children {
	const groups = new Map<string, ProcessRow[]>();
	for (const row of children.get(ROOT) ?? []) {
		const group = groups.get(groupOf(row));
		if (group === undefined) groups.set(groupOf(row), [row]);
		else group.push(row);
	}
	const names = [...groups.keys()].filter((name) => name !== "").sort();
	return new Map([...children, [ROOT, [...names, ""].flatMap((name) => groups.get(name) ?? [])]]);
}

/** In a pid namespace, without a kthreadd, pid 2 is a process like any other. */
function withoutKernel(rows: readonly ProcessRow[]): readonly ProcessRow[] {
	return rows.some(isKthreadd) ? rows.filter((row) => !isKernelThread(row)) : rows;
}

/** Puts the tree of kernel threads, the least interesting, below all others. */
function kernelThreadsLast(children: Children): Children {
	const roots = children.get(ROOT) ?? [];
	if (!roots.some(isKthreadd)) return children;
	const ordered = [...roots.filter((row) => !isKthreadd(row)), ...roots.filter(isKthreadd)];
	return new Map([...children, [ROOT, ordered]]);
}
