/** The ways to look at links: one by one, all between two processes, all of a kind, all on one object, as a graph. */

import type { IpcKind, IpcRow } from "../../../model/snapshot.ts";

export const IPC_VIEWS = ["links", "pairs", "kinds", "objects", "graph"] as const;
export type IpcView = (typeof IPC_VIEWS)[number];

/** Several links shown as one row. */
export interface IpcGroup {
	readonly id: string;
	readonly title: string;
	readonly kinds: readonly IpcKind[];
	readonly links: readonly IpcRow[];
	readonly messages: number;
	readonly bytes: number;
	readonly rate: number;
}
