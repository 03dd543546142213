/** The graph of all links as text for Graphviz: a node for each process, an edge for each pair and kind. */

import { createMatcher, type Filter } from "../model/filter/index.ts";
import { ownPid } from "../model/host-pids.ts";
import { isUndirected } from "../model/ipc-kinds.ts";
import type { IpcKind, IpcRow, ProcessRef, Snapshot } from "../model/snapshot.ts";
import { FairTable } from "../model/stats/fair-table.ts";

/**
 * A long run sees many links; beyond this number some are dropped, and the graph says so: of the user with the most, of
 * the process with the most, the link not seen the longest.
 */
const EDGE_LIMIT = 5000;
/** Per edge: beyond this the figures of closed channels are merged. */
const CHANNEL_LIMIT = 1000;

interface Edge {
	readonly from: ProcessRef;
	readonly to: ProcessRef;
	readonly kind: IpcKind;
	/** The last link seen on each channel, those not seen the longest first. */
	readonly links: Map<string, IpcRow>;
	/** Sums of channels that are no longer in `links`. */
	past: { channels: number; bytes: number; messages: number };
	readonly key: string;
	/** The process it counts for. */
	readonly holder: string;
	refresh: number;
}

export interface GraphLimits {
	readonly edges: number;
	readonly channels: number;
}

/** Collects the links of all snapshots of a run, including those that no longer exist. */
export class DotGraph {
	readonly #filter: Filter | null;
	readonly #limits: GraphLimits;
	readonly #edges = new Map<string, Edge>();
	readonly #places: FairTable<string, Edge>;
	/** User ids by process, for those that have edges and those in the last snapshot. */
	readonly #users = new Map<string, number>();
	#refresh = 0;

	constructor(filter: Filter | null, limits: GraphLimits = { edges: EDGE_LIMIT, channels: CHANNEL_LIMIT }) {
		this.#filter = filter;
		this.#limits = limits;
		this.#places = new FairTable<string, Edge>({
			limit: limits.edges,
			userOf: (holder) => this.#users.get(holder) ?? 0,
			evict: (edge) => this.#drop(edge),
		});
	}

	add(snapshot: Snapshot): void {
		const matcher = this.#filter === null ? null : createMatcher(this.#filter, snapshot);
		this.#refresh++;
		this.#takeUsers(snapshot);
		for (const row of snapshot.ipc) if (matcher === null || matcher.ipc(row)) this.#addRow(row);
		for (const edge of this.#edges.values()) if (edge.refresh === this.#refresh) this.#fold(edge, snapshot);
	}

	#takeUsers({ processes }: Snapshot): void {
		const holders = new Set(Array.from(this.#edges.values(), ({ holder }) => holder));
		for (const node of this.#users.keys()) if (!holders.has(node)) this.#users.delete(node);
		for (const { pid, comm, uid } of processes) this.#users.set(nodeOf({ pid, comm }), uid);
	}

	#addRow(row: IpcRow): void {
		const key = `${row.kind} ${nodeOf(row.from)} ${nodeOf(row.to)}`;
		const edge = this.#edges.get(key) ?? this.#addEdge(key, row);
		if (edge === null) return;
		edge.refresh = this.#refresh;
		edge.links.delete(row.channel);
		edge.links.set(row.channel, row);
		this.#places.setIdle(edge.holder, edge, true);
	}

	/** Null if there is no room. */
	#addEdge(key: string, { from, to, kind }: IpcRow): Edge | null {
		const holder = nodeOf(from.pid === 0 ? to : from);
		if (!this.#places.admit(holder, false)) return null;
		const past = { channels: 0, bytes: 0, messages: 0 };
		const edge = { from, to, kind, links: new Map(), past, key, holder, refresh: this.#refresh };
		this.#edges.set(key, edge);
		this.#places.add(holder, edge, true);
		return edge;
	}

	#drop(edge: Edge): void {
		this.#edges.delete(edge.key);
		this.#places.remove(edge.holder, edge);
	}

	/** Merges old channels, since two processes may open and close pipes without end. */
	#fold(edge: Edge, snapshot: Snapshot): void {
		let over = edge.links.size - this.#limits.channels;
		if (over <= 0) return;
		const shown = new Set<IpcRow>(snapshot.ipc);
		for (const [channel, row] of edge.links) {
			if (over-- <= 0 || shown.has(row)) break;
			edge.links.delete(channel);
			const { channels, bytes, messages } = edge.past;
			edge.past = { channels: channels + 1, bytes: bytes + row.bytes, messages: messages + row.messages };
		}
	}

	/** The whole graph in the DOT language. */
	text(): string {
		const nodes = new Map<string, string>();
		for (const { from, to } of this.#edges.values()) for (const end of [from, to]) nodes.set(nodeOf(end), labelOf(end));
		const leftOut = this.#places.overflow;
		const label = leftOut > 0 ? [`\tlabel=${quoted(`${leftOut} more edges were left out`)};`] : [];
		return [
			"digraph ebtop {",
			"\trankdir=LR;",
			"\tnode [shape=box];",
			...label,
			...[...nodes].map(([node, text]) => `\t${quoted(node)} [label=${quoted(text)}];`),
			...[...this.#edges.values()].map(edgeLine),
			"}",
			"",
		].join("\n");
	}
}

function edgeLine({ from, to, kind, links, past }: Edge): string {
	const rows = [...links.values()];
	const sum = (count: (row: IpcRow) => number) => rows.reduce((total, row) => total + count(row), 0);
	const names = new Set(rows.map((row) => row.name ?? row.channel));
	const what = names.size + past.channels === 1 ? [...names][0] : `${names.size + past.channels} channels`;
	const [bytes, messages] = [past.bytes + sum((row) => row.bytes), past.messages + sum((row) => row.messages)];
	const attributes = [`label=${quoted(`${kind} ${what}\n${bytes} bytes, ${messages} messages`)}`];
	if (isUndirected(kind)) attributes.push("dir=none");
	if (rows.every((row) => row.basis === "open")) attributes.push("style=dashed");
	return `\t${quoted(nodeOf(from))} -> ${quoted(nodeOf(to))} [${attributes.join(", ")}];`;
}

/** The kernel has pid 0; a pid that was reused by another program is another node. */
const nodeOf = ({ pid, comm }: ProcessRef): string => `${pid} ${comm}`;
const labelOf = ({ pid, comm }: ProcessRef): string => (pid === 0 ? comm : `${comm}\n${ownPid(pid)}`);

/** A quoted string of the DOT language: backslashes are doubled, so that no name can form an escape sequence. */
function quoted(text: string): string {
	return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
