/**
 * The graph: one process in the middle, its senders on the left, its receivers on the right, each edge with kind and
 * rate. An edge is a row like any other, so that selecting and sorting work as in a table.
 */

import { formatByteRate, formatBytes } from "../../format/quantity.ts";
import type { Style, Theme } from "../../format/theme.ts";
import { isUndirected } from "../../model/ipc-kinds.ts";
import { formatProcess } from "../../model/names/processes.ts";
import type { IpcRow, ProcessRef } from "../../model/snapshot.ts";
import type { PaneBody } from "../pane.ts";
import { estimated } from "../shared-columns.ts";
import { rateText } from "./columns.ts";
import { groupOf, type IpcGroup, isGroup } from "./group.ts";

/** The edges of `center`, one for each peer and kind: incoming ones, then outgoing ones; the busiest first. */
export function edgesOf(center: number, links: readonly IpcRow[]): IpcGroup[] {
	const members = new Map<
		string,
		{ readonly side: "in" | "out"; readonly peer: ProcessRef; readonly links: IpcRow[] }
	>();
	for (const link of links) {
		const isFrom = link.from.pid === center;
		if (!isFrom && link.to.pid !== center) continue;
		const side = isFrom || isUndirected(link.kind) ? "out" : "in";
		const peer = isFrom ? link.to : link.from;
		const id = edgeId({ center, side, pid: peer.pid, kind: link.kind });
		const known = members.get(id);
		if (known) known.links.push(link);
		else members.set(id, { side, peer, links: [link] });
	}
	const edges = Array.from(members, ([id, { side, peer, links: own }]) => groupOf(id, formatProcess(peer), own, side));
	edges.sort((a, b) => b.rate - a.rate || b.bytes - a.bytes);
	return [...edges.filter((edge) => edge.side === "in"), ...edges.filter((edge) => edge.side === "out")];
}

interface EdgeName {
	readonly center: number;
	readonly side: "in" | "out";
	readonly pid: number;
	readonly kind: string;
}

function edgeId({ center, side, pid, kind }: EdgeName): string {
	return `graph ${side} ${center} ${pid} ${kind}`;
}

/** Parses the id of an edge; null for any other id. */
export function edgeName(id: string): EdgeName | null {
	const [view, side, center, pid, kind = ""] = id.split(" ");
	if (view !== "graph" || (side !== "in" && side !== "out")) return null;
	return { side, center: Number(center), pid: Number(pid), kind };
}

/** All participants; for an edge of the graph the peer first. */
export function pidsOf(row: IpcRow | IpcGroup): readonly number[] {
	if (!isGroup(row)) return [row.from.pid, row.to.pid];
	const pids = row.processes.map((process) => process.pid);
	const peer = edgeName(row.id)?.pid;
	return peer === undefined ? pids : [peer, ...pids.filter((pid) => pid !== peer)];
}

export interface GraphInput extends Omit<PaneBody<unknown, unknown>, "lines" | "view"> {
	readonly center: number;
	readonly edges: readonly IpcGroup[];
}

const WIDEST_CENTER = 26;

/** The traffic of an edge, in a few words. */
function edgeText(group: IpcGroup): string {
	const rate = rateText(group);
	const bytes = group.bytes > 0 ? formatBytes(group.bytes) : "";
	const amount = estimated(group.isEstimate, rate !== "" ? `${rate}/s` : bytes);
	return [group.kinds.join(" "), amount].filter((text) => text !== "").join(" ");
}

/** A peer with its edge in exactly `width` cells. */
function edgeCells(edge: IpcGroup, width: number, theme: Theme, whole: Style | null): string {
	const isIn = edge.side === "in";
	const nameWidth = Math.max(1, Math.min(theme.widthOf(edge.title), Math.floor(width / 2)));
	const name = theme.fit(edge.title, nameWidth);
	const room = Math.max(0, width - nameWidth - 1);
	const text = edgeText(edge);
	const label = theme.fit(text, Math.max(0, Math.min(room - 5, theme.widthOf(text))));
	const line = "-".repeat(Math.max(0, room - theme.widthOf(label) - 4));
	const isBothWays = edge.links.every((link) => isUndirected(link.kind));
	const arrow = theme.fit(`${isBothWays ? "<" : "-"} ${label} ${line}>`, room);
	if (whole) return theme.paint(whole, isIn ? `${name} ${arrow}` : `${arrow} ${name}`);
	const painted = theme.paint(edge.rate > 0 ? "good" : "dim", arrow);
	const paintedName = theme.paint("accent", name);
	return isIn ? `${paintedName} ${painted}` : `${painted} ${paintedName}`;
}

function centerName({ center, snapshot, edges }: GraphInput): string {
	const row = snapshot.processes.find((process) => process.pid === center);
	const end = edges.flatMap((edge) => edge.processes).find((process) => process.pid === center);
	return formatProcess(row ?? end ?? { pid: center, comm: "" });
}

/** The lines of the box in the middle. */
function boxLines(input: GraphInput, width: number, height: number): string[] {
	const { edges, theme } = input;
	const rateOf = (side: IpcGroup["side"]) =>
		formatByteRate(edges.reduce((sum, edge) => sum + (edge.side === side ? edge.rate : 0), 0)) || "0B";
	const facts = [centerName(input), `in ${rateOf("in")}/s`, `out ${rateOf("out")}/s`];
	const inner = Math.max(1, width - 4);
	const rule = `+${"-".repeat(Math.max(0, width - 2))}+`;
	const first = Math.max(0, Math.floor((height - facts.length) / 2));
	const body = Array.from({ length: height }, (_, at) => {
		const text = theme.fit(facts[at - first] ?? "", inner);
		return `| ${at === first ? theme.paint("strong", text) : text} |`;
	});
	return [rule, ...body, rule];
}

/** The visible edges of one side, in `height` lines around the middle. */
function sideLines(input: GraphInput, side: "in" | "out", width: number, height: number): string[] {
	const { edges, selected, isFocused, theme } = input;
	const own = edges.map((edge, index) => ({ edge, index })).filter(({ edge }) => edge.side === side);
	const at = own.findIndex(({ index }) => index === selected);
	const top = Math.max(0, Math.min(at - height + 1, own.length - height));
	const shown = own.slice(top, top + height).map(({ edge, index }) => {
		const whole = index !== selected ? null : isFocused ? "selected" : "selectedIdle";
		return edgeCells(edge, width, theme, whole);
	});
	const above = Math.floor((height - shown.length) / 2);
	const blank = " ".repeat(width);
	return Array.from({ length: height }, (_, row) => shown[row - above] ?? blank);
}

const LEAST_BOX = 3;

/** The graph as painted lines of at most `width` cells, `height` of them at most. */
export function drawGraph(input: GraphInput): string[] {
	const { edges, width, height } = input;
	const centerWidth = Math.min(WIDEST_CENTER, Math.max(5, Math.floor(width / 4)));
	const sideWidth = Math.max(0, Math.floor((width - centerWidth) / 2));
	const countOf = (side: "in" | "out") => edges.filter((edge) => edge.side === side).length;
	const rows = Math.max(1, Math.min(height - 2, Math.max(LEAST_BOX, countOf("in"), countOf("out"))));
	const blank = " ".repeat(sideWidth);
	const left = [blank, ...sideLines(input, "in", sideWidth, rows), blank];
	const right = ["", ...sideLines(input, "out", sideWidth, rows), ""];
	const lines = boxLines(input, centerWidth, rows).map((line, at) => (left[at] ?? blank) + line + (right[at] ?? ""));
	const above = Math.max(0, Math.floor((height - lines.length) / 2));
	return [...Array.from({ length: above }, () => ""), ...lines].slice(0, height);
}
