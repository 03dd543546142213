/** Makes the receipt of a followed command. */

import type { ProcessRef } from "../model/snapshot.ts";
import { fileType } from "../model/tables/file.ts";
import { isSocket } from "../model/tables/object/kernel-object.ts";
import type { Use } from "../model/tables/object/use.ts";
import type { Process } from "../model/tables/process/process.ts";
import { WireKind } from "../model/wire/layout.gen.ts";
import type { Followed, FollowedLink } from "./followed.ts";
import { findGaps } from "./gaps.ts";
import type {
	Receipt,
	ReceiptDaemon,
	ReceiptFile,
	ReceiptLink,
	ReceiptProcess,
	ReceiptSignal,
	ReceiptSocket,
	Run,
} from "./receipt.ts";
import { RECEIPT_SCHEMA } from "./receipt.ts";
import { BY_LINEAGE } from "./rules.ts";

/** Sent by the kernel for every child that ends, and by timers: the processes show the same. */
const EVERYDAY_SIGNALS: ReadonlySet<string | null> = new Set(["SIGCHLD", "SIGALRM", "SIGVTALRM", "SIGPROF"]);

/** `ownPid`: ebtop itself, not part of what the command did. */
export function buildReceipt(followed: Followed, run: Run, ownPid: number): Receipt {
	const links = [...followed.links.values()].filter((link) => isCaused(link, followed, ownPid));
	const isSignal = (link: FollowedLink) => link.row.kind === "signal";
	const processes = processesOf(followed);
	const sockets = socketsOf(followed, links);
	const ipc = links.filter((link) => !isSignal(link)).map(linkOf);
	const daemons = daemonsOf(
		links.filter((link) => !isSignal(link)),
		followed,
	);
	return {
		schema: RECEIPT_SCHEMA,
		run,
		processes,
		files: sorted(filesOf(followed), ({ path, by }) => [path, by.comm, by.pid]),
		sockets: sorted(sockets, ({ kind, name, by }) => [kind, name, by.comm, by.pid]),
		ipc: sorted(ipc, ({ kind, name, from, to }) => [kind, name, from.comm, to.comm, from.pid, to.pid]),
		signals: sorted(links.filter(isSignal).map(signalOf), ({ signal, from, to }) => [signal, from.comm, to.comm]),
		daemons: sorted(daemons, ({ comm, over, name, pid }) => [comm, over, name, pid]),
		notSure: [],
		gaps: findGaps(followed, { processes, sockets, daemons }),
	};
}

/** Sorts by several columns; stable. */
export function sorted<Item>(items: Item[], columns: (item: Item) => readonly (string | number | null)[]): Item[] {
	const keyed = items.map((item) => ({ item, key: columns(item) }));
	keyed.sort((one, other) => {
		for (const [at, value] of one.key.entries()) {
			const order = compare(value, other.key[at] ?? null);
			if (order !== 0) return order;
		}
		return 0;
	});
	return keyed.map(({ item }) => item);
}

function compare(one: string | number | null, other: string | number | null): number {
	if (one === other) return 0;
	if (one === null || other === null) return one === null ? -1 : 1;
	return one < other ? -1 : 1;
}

/** Data moved, and one of the command's processes was involved. */
function isCaused({ row, from, to }: FollowedLink, { lineage }: Followed, ownPid: number): boolean {
	if (row.basis === "open" || row.from.pid === ownPid || row.to.pid === ownPid) return false;
	if (row.kind === "signal" && row.from.pid === 0 && EVERYDAY_SIGNALS.has(row.name)) return false;
	return (from !== undefined && lineage.has(from)) || (to !== undefined && lineage.has(to));
}

function processesOf({ lineage }: Followed): ReceiptProcess[] {
	const children = new Map<Process | null, Process[]>();
	for (const [child, starter] of lineage.all) {
		const siblings = children.get(starter);
		if (siblings === undefined) children.set(starter, [child]);
		else siblings.push(child);
	}
	const found: ReceiptProcess[] = [];
	const waiting = [...(children.get(null) ?? [])];
	for (let process = waiting.pop(); process !== undefined; process = waiting.pop()) {
		found.push(processOf(process, lineage.all.get(process) ?? null));
		const inOrder = sorted(children.get(process) ?? [], ({ exe, args, comm, pid }) => [exe, args.join(" "), comm, pid]);
		waiting.push(...inOrder.reverse());
	}
	return found;
}

function processOf(process: Process, starter: Process | null): ReceiptProcess {
	const { pid, comm, exe, args, exit } = process;
	return {
		...{ pid, comm, exe, args },
		exit: exit === null ? null : { code: exit.code, signal: exit.signal },
		startedBy: starter?.ref ?? null,
		why: starter === null ? "You ran it." : `${starter.comm} ${starter.pid} forked it.`,
		...BY_LINEAGE,
	};
}

const UNUSED = { opens: 0, readBytes: 0, writeBytes: 0 };
const UNCHANGED = { created: false, deleted: false, renamedTo: null, ...BY_LINEAGE };

function filesOf(followed: Followed): ReceiptFile[] {
	const files = new Map<string, ReceiptFile>();
	for (const use of usesOf(followed)) {
		const type = fileType(use);
		if (type === null) continue;
		const path = use.path ?? use.object.name ?? `?${use.object.inode}`;
		const key = `${use.process.serial} ${path}`;
		const before = files.get(key);
		files.set(key, {
			path,
			type,
			by: use.process.ref,
			opens: use.opens + (before?.opens ?? 0),
			readBytes: use.readBytes + (before?.readBytes ?? 0),
			writeBytes: use.writeBytes + (before?.writeBytes ?? 0),
			...UNCHANGED,
		});
	}
	for (const { path, process, isCreated, isDeleted, renamedTo } of followed.changes.values()) {
		if (!followed.lineage.has(process)) continue;
		const key = `${process.serial} ${path}`;
		const used = files.get(key) ?? { path, type: null, by: process.ref, ...UNUSED, ...UNCHANGED };
		files.set(key, { ...used, created: isCreated, deleted: isDeleted, renamedTo });
	}
	return [...files.values()];
}

/** What the command's processes did with an object; for destinations of a socket only the socket. */
function* usesOf({ uses, lineage }: Followed): Generator<Use> {
	for (const use of uses) {
		if (!use.isEmpty && !use.object.isDestination && lineage.has(use.process)) yield use;
	}
}

const SOCKET_KINDS: Partial<Record<number, ReceiptSocket["kind"]>> = {
	[WireKind.UNIX_STREAM]: "unix-stream",
	[WireKind.UNIX_DGRAM]: "unix-dgram",
	[WireKind.UNIX_SEQPACKET]: "unix-seqpacket",
	[WireKind.TCP]: "tcp",
	[WireKind.UDP]: "udp",
};

function socketsOf(followed: Followed, links: readonly FollowedLink[]): ReceiptSocket[] {
	const peers = peersByInode(links);
	return [...usesOf(followed)]
		.filter(({ object }) => isSocket(object.kind))
		.map((use) => {
			const others = peers.get(`${use.process.serial} ${use.object.inode}`);
			return {
				kind: SOCKET_KINDS[use.object.kind] ?? "other",
				name: socketName(use, followed),
				by: use.process.ref,
				peer: others ?? null,
				readBytes: use.readBytes,
				writeBytes: use.writeBytes,
				...BY_LINEAGE,
			};
		});
}

function socketName(use: Use, { connections }: Followed): string | null {
	const tuple = (use.object.connection ?? connections.get(use))?.tuple ?? null;
	if (tuple === null) return use.object.name;
	const end = (address: string, port: number) => (tuple.family === 6 ? `[${address}]:${port}` : `${address}:${port}`);
	const local = end(tuple.localAddress, tuple.localPort);
	return tuple.remotePort === 0 ? local : `${local} > ${end(tuple.remoteAddress, tuple.remotePort)}`;
}

/** The process with the other end of a socket: channels are identified by the inodes of their sockets. */
function peersByInode(links: readonly FollowedLink[]): Map<string, ProcessRef> {
	const peers = new Map<string, ProcessRef>();
	for (const { row, from, to } of links) {
		for (const inode of row.channel.match(/\d+/g) ?? []) {
			if (from !== undefined) peers.set(`${from.serial} ${inode}`, row.to);
			if (to !== undefined) peers.set(`${to.serial} ${inode}`, row.from);
		}
	}
	return peers;
}

function linkOf({ row }: FollowedLink): ReceiptLink {
	const { kind, name, from, to, messages, bytes } = row;
	return { kind, name, from, to, messages, bytes, ...BY_LINEAGE };
}

function signalOf({ row }: FollowedLink): ReceiptSignal {
	return { signal: row.name ?? "?", from: row.from, to: row.to, count: row.messages, ...BY_LINEAGE };
}

/** Each process that is not the command's and exchanged data with it, by what it went over. */
function daemonsOf(links: readonly FollowedLink[], { lineage }: Followed): ReceiptDaemon[] {
	const daemons = new Map<string, ReceiptDaemon>();
	for (const { row, from, to } of links) {
		const isSender = from !== undefined && lineage.has(from);
		const isReceiver = to !== undefined && lineage.has(to);
		if (isSender && isReceiver) continue;
		const other = isSender ? row.to : row.from;
		const key = `${other.pid} ${row.kind} ${row.name}`;
		const before = daemons.get(key);
		daemons.set(key, {
			pid: other.pid,
			comm: other.comm,
			over: row.kind,
			name: row.name,
			sentBytes: (before?.sentBytes ?? 0) + (isSender ? row.bytes : 0),
			receivedBytes: (before?.receivedBytes ?? 0) + (isSender ? 0 : row.bytes),
		});
	}
	return [...daemons.values()];
}
