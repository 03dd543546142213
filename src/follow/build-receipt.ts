/** Makes the receipt of a followed command. */

import { formatProcess } from "../model/names/processes.ts";
import type { ProcessRef } from "../model/snapshot.ts";
import { fileType } from "../model/tables/file.ts";
import { isSocket } from "../model/tables/object/kernel-object.ts";
import type { Use } from "../model/tables/object/use.ts";
import type { Process } from "../model/tables/process/process.ts";
import { WireKind } from "../model/wire/layout.gen.ts";
import { type DaemonFile, daemonFiles, edgesOf, ownedProcesses, ownershipOf } from "./daemons/owned.ts";
import type { Followed, FollowedLink } from "./followed.ts";
import { findGaps } from "./gaps.ts";
import type {
	Certainty,
	Receipt,
	ReceiptDaemon,
	ReceiptFile,
	ReceiptGuess,
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
	const caused = causedBy(followed);
	const { sure: processes, guessed: guessedProcesses } = split(caused.processes);
	const { sure: files, guessed: guessedFiles } = split(caused.files);
	const sockets = socketsOf(followed, links);
	const ipc = links.filter((link) => !isSignal(link)).map(linkOf);
	const daemons = daemonsOf(
		links.filter((link) => !isSignal(link)),
		followed,
		{ processes, files },
	);
	return {
		schema: RECEIPT_SCHEMA,
		run,
		processes,
		files: sorted(files, ({ path, by }) => [path, by.comm, by.pid]),
		sockets: sorted(sockets, ({ kind, name, by }) => [kind, name, by.comm, by.pid]),
		ipc: sorted(ipc, ({ kind, name, from, to }) => [kind, name, from.comm, to.comm, from.pid, to.pid]),
		signals: sorted(links.filter(isSignal).map(signalOf), ({ signal, from, to }) => [signal, from.comm, to.comm]),
		daemons: sorted(daemons, ({ comm, over, name, pid }) => [comm, over, name, pid]),
		edges: sorted(edgesOf(followed.daemons), ({ from, to, rule, why }) => [from.comm, to.comm, rule, why]),
		notSure: sorted(
			[...guessedProcesses.map(guessedProcess), ...guessedFiles.map(guessedFile)],
			({ kind, name, by }) => [kind, name, by.comm, by.pid],
		),
		gaps: findGaps(followed, { processes, sockets, daemons }),
	};
}

function split<Item extends Certainty>(items: readonly Item[]): { sure: Item[]; guessed: Item[] } {
	return {
		sure: items.filter((item) => item.class !== "guess"),
		guessed: items.filter((item) => item.class === "guess"),
	};
}

function guessedProcess({ pid, comm, exe, startedBy, class: sure, rules }: ReceiptProcess): ReceiptGuess {
	return { kind: "process", name: exe ?? comm, by: startedBy ?? { pid, comm }, class: sure, rules };
}

function guessedFile({ path, by, class: sure, rules }: ReceiptFile): ReceiptGuess {
	return { kind: "file", name: path, by, class: sure, rules };
}

/** By several columns; of equal ones the order stays. */
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

/** All that is the command's or may be: guesses too. */
export function causedBy(followed: Followed): { processes: ReceiptProcess[]; files: ReceiptFile[] } {
	return { processes: [...processesOf(followed), ...madeProcesses(followed)], files: filesOf(followed) };
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
		why: starter === null ? "You ran it." : `${formatProcess(starter)} forked it.`,
		...BY_LINEAGE,
	};
}

/** Those that a daemon made for the command. */
function madeProcesses({ daemons }: Followed): ReceiptProcess[] {
	const made = ownedProcesses(daemons).map(({ process, starter, ...owned }) => {
		const { pid, comm, exe, args, exit } = process;
		return {
			...{ pid, comm, exe, args },
			exit: exit === null ? null : { code: exit.code, signal: exit.signal },
			startedBy: starter.ref,
			...owned,
		};
	});
	return sorted(made, ({ exe, args, comm, pid }) => [exe, args.join(" "), comm, pid]);
}

const UNUSED = { opens: 0, readBytes: 0, writeBytes: 0 };
const UNCHANGED = { created: false, deleted: false, renamedTo: null };

function filesOf(followed: Followed): ReceiptFile[] {
	const files = new Map<string, ReceiptFile>();
	for (const use of usesOf(followed)) {
		const type = fileType(use);
		if (type === null) continue;
		const path = use.path ?? use.object.name ?? `?${use.object.inode}`;
		const key = `${use.process.serial} ${path}`;
		const before = files.get(key);
		const { opens, readBytes, writeBytes } = followed.countsOf(use);
		files.set(key, {
			path,
			type,
			by: use.process.ref,
			opens: opens + (before?.opens ?? 0),
			readBytes: readBytes + (before?.readBytes ?? 0),
			writeBytes: writeBytes + (before?.writeBytes ?? 0),
			...UNCHANGED,
			...(certaintyOf(use.process, followed) ?? BY_LINEAGE),
		});
	}
	for (const { path, process, isCreated, isDeleted, renamedTo } of followed.changes.values()) {
		const certainty = certaintyOf(process, followed);
		if (certainty === null) continue;
		const key = `${process.serial} ${path}`;
		const used = files.get(key) ?? { path, type: null, by: process.ref, ...UNUSED, ...UNCHANGED, ...certainty };
		files.set(key, { ...used, created: isCreated, deleted: isDeleted, renamedTo });
	}
	for (const file of daemonFiles(followed.daemons, followed.uses)) addDaemonFile(files, file);
	return [...files.values()];
}

/** What a thread of a daemon did with a file: the same file twice, by threads or classes, is told of each class once. */
function addDaemonFile(
	files: Map<string, ReceiptFile>,
	{ process, path, type, effect, ...certainty }: DaemonFile,
): void {
	const key = `${process.serial} ${path} ${certainty.class}`;
	const before = files.get(key) ?? { path, type, by: process.ref, ...UNUSED, ...UNCHANGED };
	files.set(key, {
		...before,
		type: before.type ?? type,
		opens: before.opens + effect.opens,
		readBytes: before.readBytes + effect.readBytes,
		writeBytes: before.writeBytes + effect.writeBytes,
		created: before.created || effect.isCreated,
		deleted: before.deleted || effect.isDeleted,
		renamedTo: effect.renamedTo ?? before.renamedTo,
		class: certainty.class,
		rules: certainty.rules,
	});
}

/** Of all that a process did; null where that is not the command's as a whole. */
function certaintyOf(process: Process, { lineage, daemons }: Followed): Certainty | null {
	if (lineage.has(process)) return BY_LINEAGE;
	const owned = ownershipOf(process, daemons);
	return owned && { class: owned.class, rules: owned.rules };
}

/** What the command's processes had to do with an object, of destinations of a socket the socket alone. */
function* usesOf(followed: Followed): Generator<Use> {
	for (const use of followed.uses) {
		if (!use.isEmpty && !use.object.isDestination && certaintyOf(use.process, followed) !== null) yield use;
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
		.filter(({ object, process }) => isSocket(object.kind) && followed.lineage.has(process))
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

/** Each process beyond the command's own that something was sent to or came from, by what it went over. */
function daemonsOf(
	links: readonly FollowedLink[],
	{ lineage, daemons: met }: Followed,
	done: Pick<Receipt, "processes" | "files">,
): ReceiptDaemon[] {
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
			...doneBy(other.pid, isSender ? to : from, met, done),
		});
	}
	return [...daemons.values()];
}

/** What one daemon did for the command, and its children. */
function doneBy(
	pid: number,
	process: Process | undefined,
	{ all }: Followed["daemons"],
	{ processes, files }: Pick<Receipt, "processes" | "files">,
) {
	const daemon = process && all.get(process);
	const mine = new Set([pid]);
	for (const { pid: child, startedBy } of processes) if (startedBy !== null && mine.has(startedBy.pid)) mine.add(child);
	const did = files.filter(({ by }) => mine.has(by.pid));
	const sum = (of: (file: ReceiptFile) => number) => did.reduce((all, file) => all + of(file), 0);
	return {
		isFollowed: daemon !== undefined,
		processes: mine.size - 1,
		files: did.length,
		readBytes: sum(({ readBytes }) => readBytes),
		writeBytes: sum(({ writeBytes }) => writeBytes),
		others: daemon?.others ?? 0,
	};
}
