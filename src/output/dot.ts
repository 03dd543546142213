/** The graph of who talks to whom as text for Graphviz: a node for each process, an edge for each pair and kind. */

import { createMatcher, type Filter } from "../model/filter/index.ts";
import { isUndirected } from "../model/ipc-kinds.ts";
import type { IpcKind, IpcRow, ProcessRef, Snapshot } from "../model/snapshot.ts";

/** A run of days sees many links; beyond this the oldest are left out, and the graph says so. */
const EDGE_LIMIT = 5000;

interface Edge {
	readonly from: ProcessRef;
	readonly to: ProcessRef;
	readonly kind: IpcKind;
	/** By channel: the last that was seen of each. */
	readonly links: Map<string, IpcRow>;
}

/** Gathers the links of all snapshots of a run, those that came and went included. */
export class DotGraph {
	readonly #filter: Filter | null;
	readonly #edges = new Map<string, Edge>();
	#leftOut = 0;

	constructor(filter: Filter | null) {
		this.#filter = filter;
	}

	add(snapshot: Snapshot): void {
		const matcher = this.#filter === null ? null : createMatcher(this.#filter, snapshot);
		for (const row of snapshot.ipc) if (matcher === null || matcher.ipc(row)) this.#addRow(row);
	}

	#addRow(row: IpcRow): void {
		const key = `${row.kind} ${nodeOf(row.from)} ${nodeOf(row.to)}`;
		let edge = this.#edges.get(key);
		if (edge === undefined) {
			edge = { from: row.from, to: row.to, kind: row.kind, links: new Map() };
			this.#edges.set(key, edge);
			if (this.#edges.size > EDGE_LIMIT) this.#dropOldest();
		}
		edge.links.set(row.channel, row);
	}

	#dropOldest(): void {
		const oldest = this.#edges.keys().next().value;
		if (oldest !== undefined) this.#edges.delete(oldest);
		this.#leftOut++;
	}

	/** The whole graph in the DOT language. */
	text(): string {
		const nodes = new Map<string, string>();
		for (const { from, to } of this.#edges.values()) for (const end of [from, to]) nodes.set(nodeOf(end), labelOf(end));
		const label = this.#leftOut > 0 ? [`\tlabel=${quoted(`${this.#leftOut} older edges were left out`)};`] : [];
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

function edgeLine({ from, to, kind, links }: Edge): string {
	const rows = [...links.values()];
	const sum = (count: (row: IpcRow) => number) => rows.reduce((total, row) => total + count(row), 0);
	const names = new Set(rows.map((row) => row.name ?? row.channel));
	const what = names.size === 1 ? [...names][0] : `${names.size} channels`;
	const [bytes, messages] = [sum((row) => row.bytes), sum((row) => row.messages)];
	const attributes = [`label=${quoted(`${kind} ${what}\n${bytes} bytes, ${messages} messages`)}`];
	if (isUndirected(kind)) attributes.push("dir=none");
	if (rows.every((row) => row.basis === "open")) attributes.push("style=dashed");
	return `\t${quoted(nodeOf(from))} -> ${quoted(nodeOf(to))} [${attributes.join(", ")}];`;
}

/** The kernel has pid 0; a pid that was used again by another program is another node. */
const nodeOf = ({ pid, comm }: ProcessRef): string => `${pid} ${comm}`;
const labelOf = ({ pid, comm }: ProcessRef): string => (pid === 0 ? comm : `${comm}\n${pid}`);

/** A quoted string of the DOT language: a backslash is doubled, so that no name can form an escape of its own. */
function quoted(text: string): string {
	return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
