/** Makes the receipt of a followed command. */

import type { Process } from "../model/tables/process/process.ts";
import { type Caused, causedBy, exitOf } from "./caused.ts";
import { edgesOf } from "./daemons/owned.ts";
import { isCaused, otherEnd, socketsOf } from "./exchanged.ts";
import type { Followed, FollowedLink } from "./followed.ts";
import { cutGaps, findGaps, runningGaps } from "./gaps.ts";
import type {
	Certainty,
	Receipt,
	ReceiptDaemon,
	ReceiptFile,
	ReceiptGuess,
	ReceiptLink,
	ReceiptProcess,
	ReceiptSignal,
	Run,
} from "./receipt.ts";
import { RECEIPT_SCHEMA } from "./receipt.ts";
import { BY_LINEAGE } from "./rules.ts";
import { sorted } from "./sorted.ts";

/** `ownPid`: ebtop itself, which is not part of what the command did. `cutBy`: the signal that ended only ebtop. */
export function buildReceipt(followed: Followed, run: Run, ownPid: number, cutBy: string | null = null): Receipt {
	const links = [...followed.links.values()].filter((link) => isCaused(link, followed, ownPid));
	const isSignal = (link: FollowedLink) => link.row.kind === "signal";
	const caused = causedBy(followed);
	const { sure: processes, guessed: guessedProcesses } = split(caused.processes.map(({ listed }) => listed));
	const { sure: files, guessed: guessedFiles } = split(caused.files.map(({ listed }) => listed));
	const sockets = socketsOf(followed);
	const ipc = links.filter((link) => !isSignal(link)).map(linkOf);
	const daemons = daemonsOf(
		links.filter((link) => !isSignal(link)),
		followed,
		caused,
	);
	const edges = edgesOf(followed.daemons).map(({ from, to, ...edge }) => ({ from: from.ref, to: to.ref, ...edge }));
	return {
		schema: RECEIPT_SCHEMA,
		run,
		processes,
		files: sorted(files, ({ path, by }) => [path, by.comm, by.pid]),
		sockets: sorted(sockets, ({ kind, name, by }) => [kind, name, by.comm, by.pid]),
		ipc: sorted(ipc, ({ kind, name, from, to }) => [kind, name, from.comm, to.comm, from.pid, to.pid]),
		signals: sorted(links.filter(isSignal).map(signalOf), ({ signal, from, to }) => [signal, from.comm, to.comm]),
		daemons: sorted(daemons, ({ comm, over, name, pid }) => [comm, over, name, pid]),
		edges: sorted(edges, ({ from, to, rule, why }) => [from.comm, to.comm, rule, why]),
		notSure: sorted(
			[...guessedProcesses.map(guessedProcess), ...guessedFiles.map(guessedFile)],
			({ kind, name, by }) => [kind, name, by.comm, by.pid],
		),
		gaps: [...cutGaps(cutBy), ...findGaps(followed, ownPid), ...runningGaps(processes)],
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

function linkOf({ row }: FollowedLink): ReceiptLink {
	const { kind, name, from, to, messages, bytes } = row;
	return { kind, name, from, to, messages, bytes, ...BY_LINEAGE };
}

function signalOf({ row }: FollowedLink): ReceiptSignal {
	return { signal: row.name ?? "?", from: row.from, to: row.to, count: row.messages, ...BY_LINEAGE };
}

/** Every other process with which the command exchanged data, and over which channel. */
function daemonsOf(links: readonly FollowedLink[], followed: Followed, caused: Caused): ReceiptDaemon[] {
	const daemons = new Map<string, ReceiptDaemon>();
	for (const link of links) {
		const other = otherEnd(link, followed);
		if (other === null) continue;
		const { row } = link;
		const { ref, process, isReceiver } = other;
		const key = `${process?.serial ?? `pid ${ref.pid}`} ${row.kind} ${row.name}`;
		const before = daemons.get(key);
		daemons.set(key, {
			pid: ref.pid,
			comm: ref.comm,
			over: row.kind,
			name: row.name,
			sentBytes: (before?.sentBytes ?? 0) + (isReceiver ? row.bytes : 0),
			receivedBytes: (before?.receivedBytes ?? 0) + (isReceiver ? 0 : row.bytes),
			exit: exitOf(process),
			...doneBy(process, followed.daemons, caused),
		});
	}
	return [...daemons.values()];
}

/** What one daemon did for the command, and its children: what is sure. */
function doneBy(process: Process | undefined, { all }: Followed["daemons"], { processes, files }: Caused) {
	const daemon = process && all.get(process);
	const starters = new Map(processes.map((each) => [each.process, each.starter]));
	const isMine = (who: Process | null): boolean => {
		for (let each: Process | null | undefined = who; each != null; each = starters.get(each))
			if (each === process) return true;
		return false;
	};
	const made = processes.filter((each) => isMine(each.starter) && each.listed.class !== "guess");
	const did = files.filter((each) => isMine(each.process) && each.listed.class !== "guess");
	const sum = (of: (file: ReceiptFile) => number) => did.reduce((all, { listed }) => all + of(listed), 0);
	return {
		isFollowed: daemon !== undefined,
		processes: made.length,
		files: did.length,
		readBytes: sum(({ readBytes }) => readBytes),
		writeBytes: sum(({ writeBytes }) => writeBytes),
		others: daemon?.others ?? 0,
	};
}
