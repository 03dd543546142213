/** What the command exchanged with other processes: links over which data moved, and its sockets. */

import type { ProcessRef } from "../model/snapshot.ts";
import { isSocket } from "../model/tables/object/kernel-object.ts";
import type { Use } from "../model/tables/object/use.ts";
import type { Process } from "../model/tables/process/process.ts";
import { endpoint } from "../model/wire/address.ts";
import { WireKind } from "../model/wire/layout.gen.ts";
import { usesOf } from "./caused.ts";
import type { Followed, FollowedLink } from "./followed.ts";
import type { ReceiptSocket } from "./receipt.ts";
import { BY_LINEAGE } from "./rules.ts";

/**
 * Signals that the kernel sends for every child that ends, and for timers: they add nothing to the list of processes.
 */
const EVERYDAY_SIGNALS: ReadonlySet<string | null> = new Set(["SIGCHLD", "SIGALRM", "SIGVTALRM", "SIGPROF"]);

/** Data moved, and one of the command's processes was involved. */
export function isCaused({ row, from, to }: FollowedLink, { lineage }: Followed, ownPid: number): boolean {
	if (row.basis === "open" || row.from.pid === ownPid || row.to.pid === ownPid) return false;
	if (row.kind === "signal" && row.from.pid === 0 && EVERYDAY_SIGNALS.has(row.name)) return false;
	return (from !== undefined && lineage.has(from)) || (to !== undefined && lineage.has(to));
}

/** The process at the other end of a link of the command, and whether it receives; null if that belongs to the command too. */
export function otherEnd(
	{ row, from, to }: FollowedLink,
	{ lineage }: Followed,
): { ref: ProcessRef; process: Process | undefined; isReceiver: boolean } | null {
	const isReceiver = from !== undefined && lineage.has(from);
	if (isReceiver && to !== undefined && lineage.has(to)) return null;
	return isReceiver ? { ref: row.to, process: to, isReceiver } : { ref: row.from, process: from, isReceiver };
}

const SOCKET_KINDS: Partial<Record<number, ReceiptSocket["kind"]>> = {
	[WireKind.UNIX_STREAM]: "unix-stream",
	[WireKind.UNIX_DGRAM]: "unix-dgram",
	[WireKind.UNIX_SEQPACKET]: "unix-seqpacket",
	[WireKind.TCP]: "tcp",
	[WireKind.UDP]: "udp",
};

export function socketsOf(followed: Followed): ReceiptSocket[] {
	return [...usesOf(followed)]
		.filter(({ object, process }) => isSocket(object.kind) && followed.lineage.has(process))
		.map((use) => ({
			kind: SOCKET_KINDS[use.object.kind] ?? "other",
			name: socketName(use, followed),
			by: use.process.ref,
			peer: followed.peers.get(use)?.ref ?? null,
			readBytes: use.readBytes,
			writeBytes: use.writeBytes,
			...BY_LINEAGE,
		}));
}

function socketName(use: Use, followed: Followed): string | null {
	const { local, remote } = endpointsOf(use, followed);
	if (local === null) return use.object.name;
	return remote === null ? local : `${local} > ${remote}`;
}

/** Null for what is no internet socket or has no such end. */
export function endpointsOf(use: Use, { connections }: Followed): { local: string | null; remote: string | null } {
	const tuple = (use.object.connection ?? connections.get(use))?.tuple ?? null;
	if (tuple === null) return { local: null, remote: null };
	const remote = tuple.remotePort === 0 ? null : endpoint(tuple.remoteAddress, tuple.remotePort);
	return { local: endpoint(tuple.localAddress, tuple.localPort), remote };
}
