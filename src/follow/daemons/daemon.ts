/** What is known of a daemon and of its threads. */

import { formatProcess } from "../../model/names/processes.ts";
import type { Process } from "../../model/tables/process/process.ts";
import type { Class } from "../rules.ts";
import type { Batch } from "./counters.ts";
import { type Actor, Segment } from "./segment.ts";
import type { Writer } from "./streams.ts";

/**
 * What a thread does between two waits, while it reads requests from one connection only. Its replies over that are made of
 * what it did, if it replies to no one else: then other requests that it has read do not matter.
 */
export interface Turn {
	readonly socket: string;
	/** What to do if it is so to the end. */
	readonly atEnd: (() => void)[];
	/** Null until its end. */
	isWhole: boolean | null;
	/** How often steps had been lost before. */
	readonly losses: number;
}

export interface Thread extends Actor {
	segment: Segment | null;
	/** That of the last request that it read. */
	request: Segment | null;
	/** Connections from which it read requests, at most two. */
	readonly reads: Set<string>;
	accepts: boolean;
	/** When it was last at a boundary; -Infinity: not known. */
	boundaryNs: number;
	/** The segment that woke it, until its next one begins. */
	wokenBy: Segment | null;
	/** The results that it is replying with. */
	batch: Batch | null;
	/** The connection of the command over which it replied, until it reads or waits: there may be more requests. */
	repliedOver: string | null;
	turn: Turn | null;
}

/** It was made in a segment, or in a cgroup that was made there or by a process of the command. */
export interface Origin {
	readonly from: Writer;
	readonly rule: "lineage" | "cgroup";
}

/** A process that was reached by following, and what it did for others meanwhile. */
export interface Daemon {
	readonly process: Process;
	/** How it came to work for someone, if that was seen. */
	origin: Origin | null;
	/** Its first segment that shows for whom it was made: by what happened to its bytes, or by what it read. */
	told: Segment | null;
	/** The process that forked it, if that is a daemon too. */
	parent: Daemon | null;
	/** It also reads requests from others than the command. */
	servesOthers: boolean;
	/** Requests of others that were reported: a thread reports only the first until it works for the command again. */
	others: number;
	/** Steps that were not sent because there were too many. */
	reduced: number;
	/** The best class for all that it did, since reads of others' requests may be missing. */
	most: Class;
	/** Replies to the command whose maker is unknown. */
	unexplained: number;
	/** It passes on D-Bus messages. */
	isBus: boolean;
	/** A bus made it: for whom, the first call that it gets will tell. */
	birth: Segment | null;
}

/** Set in `tid` if the rest is the number of a goroutine (bpf/lib/follow-goroutine.bpf.h). */
const GOROUTINE = 0x8000_0000;

export function isGoroutine({ tid }: Actor): boolean {
	return tid >= GOROUTINE;
}

export function newThread({ process, tid }: Actor): Thread {
	return {
		process,
		tid,
		segment: null,
		request: null,
		reads: new Set(),
		accepts: false,
		boundaryNs: Number.NEGATIVE_INFINITY,
		wokenBy: null,
		batch: null,
		repliedOver: null,
		turn: null,
	};
}

export function newDaemon(process: Process): Daemon {
	return {
		process,
		origin: null,
		told: null,
		parent: null,
		servesOthers: false,
		others: 0,
		reduced: 0,
		most: "certain",
		unexplained: 0,
		isBus: false,
		birth: null,
	};
}

export function endTurn(thread: Thread, isWhole: boolean): void {
	const { turn } = thread;
	thread.turn = null;
	if (turn === null) return;
	turn.isWhole = isWhole;
	if (isWhole) for (const act of turn.atEnd) act();
}

export function endSegment(thread: Thread, { timeNs }: { readonly timeNs: number }): void {
	thread.segment?.touch(timeNs);
	thread.segment = null;
	thread.boundaryNs = timeNs;
}

export function endReplies(thread: Thread): void {
	thread.repliedOver = null;
	thread.batch?.close();
	thread.batch = null;
}

export function whyOf({ from, rule }: Origin): string {
	return rule === "cgroup" ? `${nameOf(from)} made its cgroup.` : `${nameOf(from)} made it.`;
}

export function nameOf(writer: Writer): string {
	return formatProcess(writer instanceof Segment ? writer.actor.process : writer);
}
