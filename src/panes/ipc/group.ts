/** The views of links: one by one, by pair, by kind, by object, as a graph. */

import { isEstimate } from "../../model/ipc-kinds.ts";
import { formatProcess } from "../../model/names/processes.ts";
import type { IpcKind, IpcRow, ProcessRef } from "../../model/snapshot.ts";

export const IPC_VIEWS = ["links", "pairs", "kinds", "objects", "graph"] as const;
export type IpcView = (typeof IPC_VIEWS)[number];
export type GroupedView = Exclude<IpcView, "links" | "graph">;

/** Several links shown as one row. */
export interface IpcGroup {
	readonly id: string;
	/** What they have in common. */
	readonly title: string;
	readonly kinds: readonly IpcKind[];
	/** All participants, each once. */
	readonly processes: readonly ProcessRef[];
	readonly links: readonly IpcRow[];
	readonly messages: number;
	readonly bytes: number;
	/** The part from the first process to the second, if there are only two. */
	readonly forwardBytes: number;
	readonly rate: number;
	/** The latest `lastSeen` of them. */
	readonly lastSeen: string | null;
	/** Its numbers are, if it is of two processes that share a channel with others. */
	readonly isEstimate: boolean;
	/** In the graph: the direction of its data, seen from the process in the middle. */
	readonly side: "in" | "out" | null;
}

export function isGroup(row: IpcRow | IpcGroup): row is IpcGroup {
	return "links" in row;
}

/** A group of `links`, which must not be empty. */
export function groupOf(id: string, title: string, links: readonly IpcRow[], side: IpcGroup["side"] = null): IpcGroup {
	const processes = new Map<number, ProcessRef>();
	for (const { from, to } of links) for (const end of [from, to]) processes.set(end.pid, end);
	const ordered = [...processes.values()].sort((a, b) => a.pid - b.pid);
	const sum = (of: (link: IpcRow) => number) => links.reduce((total, link) => total + of(link), 0);
	return {
		id,
		title,
		kinds: [...new Set(links.map((link) => link.kind))],
		processes: ordered,
		links,
		messages: sum((link) => link.messages),
		bytes: sum((link) => link.bytes),
		forwardBytes: sum((link) => (link.from.pid === ordered[0]?.pid ? link.bytes : 0)),
		rate: sum((link) => link.rate),
		lastSeen: latest(links),
		isEstimate: ordered.length <= 2 && links.some(isEstimate),
		side,
	};
}

function latest(links: readonly IpcRow[]): string | null {
	let last: string | null = null;
	for (const { lastSeen } of links) if (lastSeen !== null && (last === null || lastSeen > last)) last = lastSeen;
	return last;
}

function pairKey({ from, to }: IpcRow): string {
	return from.pid < to.pid ? `${from.pid}-${to.pid}` : `${to.pid}-${from.pid}`;
}

const KEYS: Record<GroupedView, (link: IpcRow) => string> = {
	pairs: pairKey,
	kinds: (link) => link.kind,
	objects: (link) => `${link.kind} ${link.name ?? link.channel}`,
};

const TITLES: Record<GroupedView, (link: IpcRow) => string> = {
	pairs: ({ from, to }) =>
		[from, to]
			.sort((a, b) => a.pid - b.pid)
			.map(formatProcess)
			.join(" - "),
	kinds: (link) => link.kind,
	objects: (link) => link.name ?? link.channel,
};

/** `links` grouped for `view`, in the order in which the first of each group comes. */
export function groupLinks(links: readonly IpcRow[], view: GroupedView): IpcGroup[] {
	const members = new Map<string, IpcRow[]>();
	for (const link of links) {
		const key = KEYS[view](link);
		const known = members.get(key);
		if (known) known.push(link);
		else members.set(key, [link]);
	}
	return Array.from(members, ([key, group]) => groupOf(`${view} ${key}`, TITLES[view](group[0] as IpcRow), group));
}
