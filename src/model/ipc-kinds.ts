/** Properties of the kinds of links. */

import type { IpcKind, IpcRow } from "./snapshot.ts";

const UNDIRECTED: ReadonlySet<IpcKind> = new Set([
	"sysv-shm",
	"sysv-sem",
	"posix-shm",
	"posix-sem",
	"memfd",
	"eventfd",
]);
const WITHOUT_BYTES: ReadonlySet<IpcKind> = new Set(["signal", "fd-pass", "sysv-sem", "posix-sem", "eventfd"]);

/** Shared, not sent: one row stands for both directions. */
export function isUndirected(kind: IpcKind): boolean {
	return UNDIRECTED.has(kind);
}

/** The kind moves no bytes: its rate counts messages. */
export function isWithoutBytes(kind: IpcKind): boolean {
	return WITHOUT_BYTES.has(kind);
}

/** Of several readers of a shared channel it is not known which one got what. */
export const isEstimate = ({ basis }: Pick<IpcRow, "basis">): boolean => basis === "shared";
