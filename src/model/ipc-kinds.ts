/** What the kinds of links have in common. */

import type { IpcKind } from "./snapshot.ts";

const UNDIRECTED: ReadonlySet<IpcKind> = new Set([
	"sysv-shm",
	"sysv-sem",
	"posix-shm",
	"posix-sem",
	"memfd",
	"eventfd",
]);
const WITHOUT_BYTES: ReadonlySet<IpcKind> = new Set(["signal", "fd-pass", "sysv-sem", "posix-sem", "eventfd"]);

/** What is shared, not sent: its one row stands for both ways. */
export function isUndirected(kind: IpcKind): boolean {
	return UNDIRECTED.has(kind);
}

/** It moves no bytes: its rate is of messages. */
export function isWithoutBytes(kind: IpcKind): boolean {
	return WITHOUT_BYTES.has(kind);
}
