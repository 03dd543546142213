/**
 * Links between machines: a connection whose two ends are seen on two of them, known by its addresses and ports. Bytes are
 * those that the sender's kernel counts. Not joined: loopback and link-local addresses, which each machine has for itself, what a
 * router translates in between, and what could be of several machines.
 */

import type { IpcRow, LinkEnd, TcpRow } from "../model/snapshot.ts";
import type { Time } from "../model/values.ts";
import { endpoint, isLoopback } from "../model/wire/address.ts";

const isOwnOfEach = (address: string): boolean => isLoopback(address) || address.startsWith("fe80:");

interface Ends {
	readonly local: string;
	readonly remote: string;
}

/** Null for what is no connection to elsewhere, or has no owner. */
function endsOf(row: TcpRow): Ends | null {
	const { pid, remotePort, localAddress, localPort, remoteAddress } = row;
	if (pid === 0 || remotePort === 0 || isOwnOfEach(localAddress) || isOwnOfEach(remoteAddress)) return null;
	return { local: endpoint(localAddress, localPort), remote: endpoint(remoteAddress, remotePort) };
}

interface Moved {
	readonly bytes: number;
	readonly lastSeen: Time | null;
}

export class JoinedLinks {
	/** Of each direction that was in the last picture. */
	#moved = new Map<string, Moved>();

	/** The links between these rows of all machines. */
	of(rows: readonly TcpRow[], time: Time): readonly IpcRow[] {
		const found = findPairs(rows);
		const moved = new Map<string, Moved>();
		const links = found.flatMap(([client, server]) => {
			const label = `tcp:${endpoint(client.localAddress, client.localPort)}-${endpoint(client.remoteAddress, client.remotePort)}`;
			const both = [linkOf(label, client, server), linkOf(label, server, client)];
			const used = both.filter(({ bytes }) => bytes > 0);
			return (used.length > 0 ? used : both.slice(0, 1)).map((link) => {
				const key = `${link.from.pid} ${link.to.pid} ${label}`;
				const before = this.#moved.get(key);
				const lastSeen = link.bytes > (before?.bytes ?? 0) ? time : (before?.lastSeen ?? null);
				moved.set(key, { bytes: link.bytes, lastSeen });
				return { ...link, lastSeen };
			});
		});
		this.#moved = moved;
		return links;
	}
}

/** Client and server of each connection that is seen from both ends, each on one machine only. */
function findPairs(rows: readonly TcpRow[]): (readonly [TcpRow, TcpRow])[] {
	const seen = new Map<string, TcpRow | null>();
	for (const row of rows) {
		const ends = endsOf(row);
		if (ends === null) continue;
		const key = `${ends.local} ${ends.remote}`;
		const known = seen.get(key);
		// A machine may show an old and a new connection of the same ports.
		if (known === undefined || known?.host === row.host) seen.set(key, row);
		else seen.set(key, null);
	}
	const pairs: (readonly [TcpRow, TcpRow])[] = [];
	for (const [key, row] of seen) {
		const [local = "", remote = ""] = key.split(" ");
		const other = seen.get(`${remote} ${local}`);
		if (!row || !other || row.host === other.host || local > remote) continue;
		pairs.push(row.role === "server" || other.role === "client" ? [other, row] : [row, other]);
	}
	return pairs;
}

const endOf = ({ pid, comm, host }: TcpRow): LinkEnd => ({ pid, comm, ...(host === undefined ? {} : { host }) });

function linkOf(channel: string, from: TcpRow, to: TcpRow): IpcRow {
	return {
		...(from.host === undefined ? {} : { host: from.host }),
		kind: "tcp",
		channel,
		name: null,
		from: endOf(from),
		to: endOf(to),
		messages: 0,
		bytes: from.txBytes,
		rate: from.txRate,
		basis: from.txBytes > 0 ? "observed" : "open",
		lastSeen: null,
	};
}
