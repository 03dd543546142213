/** The views of links, and the keys that switch views and move along the edges of the graph. */

import type { IpcRow } from "../../model/snapshot.ts";
import type { KeyOutcome, KeyScene, PaneKey } from "../pane.ts";
import { pidsOf } from "./graph.ts";
import { IPC_VIEWS, type IpcGroup, type IpcView, isGroup } from "./group.ts";

export interface LinkView {
	readonly name: IpcView;
	/** The processes visited so far; the last one is in the middle. */
	readonly trail: readonly number[];
}

export const LINKS: LinkView = { name: "links", trail: [] };

type Row = IpcRow | IpcGroup;
type Scene = KeyScene<Row, LinkView>;

/** The process in the middle of the graph; null in other views, and if there is none to begin with. */
export function centerOf(view: LinkView): number | null {
	return view.name === "graph" ? (view.trail.at(-1) ?? null) : null;
}

const isGraph = (view: LinkView) => view.name === "graph";

export const IPC_KEYS: readonly PaneKey<Row, LinkView>[] = [
	{
		keys: ["v"],
		help: "IPC: links, by pair, by kind, by object, as a graph",
		footer: "View",
		fromElsewhere: "goes",
		press: nextView,
	},
	{
		keys: ["left"],
		help: "graph: to the senders, then along the edge to one",
		footer: "Walk",
		isActive: isGraph,
		press: (scene) => walk(scene, "in"),
	},
	{
		keys: ["right"],
		help: "graph: to the receivers, then along the edge to one",
		isActive: isGraph,
		press: (scene) => walk(scene, "out"),
	},
	{ keys: ["esc"], help: "graph: one step back, then to the links", isActive: isGraph, press: walkBack },
];

function nextView(scene: Scene): KeyOutcome<LinkView> {
	const name = IPC_VIEWS[(IPC_VIEWS.indexOf(scene.view.name) + 1) % IPC_VIEWS.length] ?? "links";
	const center = name === "graph" ? firstCenter(scene) : null;
	return { view: { name, trail: center === null ? [] : [center] }, select: "top" };
}

/** Where the graph begins: the selected process if it has a link, else one of the selected link. */
function firstCenter({ selectedPid, snapshot, row }: Scene): number | null {
	const hasLink = snapshot?.ipc.some((link) => link.from.pid === selectedPid || link.to.pid === selectedPid);
	return hasLink || row === undefined ? selectedPid : (pidsOf(row)[0] ?? null);
}

const sideOf = (row: Row) => (isGroup(row) ? row.side : null);

/** One step: to the other side or, on that side already, along the edge, so that the peer comes into the middle. */
function walk({ view, lines, row }: Scene, toward: "in" | "out"): KeyOutcome<LinkView> | null {
	if (row === undefined) return null;
	if (sideOf(row) !== toward) {
		const other = lines.findIndex((line) => sideOf(line.row) === toward);
		return other < 0 ? null : { view, select: other };
	}
	const [peer] = pidsOf(row);
	return peer === undefined ? null : { view: { ...view, trail: [...view.trail, peer] }, select: "top" };
}

/** One step back; at the start, to the list of links. */
function walkBack({ view }: Scene): KeyOutcome<LinkView> {
	const isWalked = view.trail.length > 1;
	return { view: isWalked ? { ...view, trail: view.trail.slice(0, -1) } : LINKS, select: "top" };
}
