/** The views of the IPC pane, and walking along the edges of its graph. */

import { IPC_VIEWS } from "../panes/ipc/group.ts";
import type { Derive } from "./derive.ts";
import { selectIndex, withPane } from "./reduce-table.ts";
import { selectedLine } from "./selection.ts";
import type { UiState } from "./ui-state.ts";

/** The next way to look at links; from another pane, first to the IPC pane as it is. */
export function nextView(state: UiState, derive: Derive): UiState {
	if (state.focus !== "ipc") return state.enabled.includes("ipc") ? { ...state, focus: "ipc" } : state;
	const at = IPC_VIEWS.indexOf(state.ipcView);
	const ipcView = IPC_VIEWS[(at + 1) % IPC_VIEWS.length] ?? "links";
	const center = ipcView === "graph" ? firstCenter(state, derive) : null;
	return fresh({ ...state, ipcView, graphTrail: center === null ? [] : [center] });
}

/** The process that the graph begins with: the selected one where it has a link, else one of the selected link. */
function firstCenter(state: UiState, derive: Derive): number | null {
	const pid = derive.selectedPid(state);
	const hasLink = state.snapshot?.ipc.some((link) => link.from.pid === pid || link.to.pid === pid) ?? false;
	if (pid !== null && hasLink) return pid;
	const line = selectedLine("ipc", state, derive);
	return line ? derive.registry.ipc.pidOf(line.row) : pid;
}

/** Other rows: the selection begins again at their top. */
function fresh(state: UiState): UiState {
	return withPane(state, "ipc", { selectedId: null, index: 0, top: 0 });
}

/** One step: over to the other side, or, on that side already, along the edge, so that the peer comes into the middle. */
export function walk(state: UiState, toward: "in" | "out", derive: Derive): UiState {
	const line = selectedLine("ipc", state, derive);
	const { ipc } = derive.registry;
	if (!line) return state;
	if (ipc.sideOf?.(line.row) !== toward) {
		const other = derive.lines("ipc", state).findIndex((candidate) => ipc.sideOf?.(candidate.row) === toward);
		return other < 0 ? state : selectIndex(state, "ipc", other, derive);
	}
	const pid = ipc.pidOf(line.row);
	if (pid === null) return state;
	return fresh({ ...state, graphTrail: [...state.graphTrail, pid] });
}

/** Esc: one step back; at the start, to the list of links. */
export function walkBack(state: UiState): UiState {
	const isWalked = state.graphTrail.length > 1;
	return fresh(
		isWalked ? { ...state, graphTrail: state.graphTrail.slice(0, -1) } : { ...state, ipcView: "links", graphTrail: [] },
	);
}
