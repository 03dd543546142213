/**
 * Decides which steps of daemons were taken for the command. Follows forward (which threads read the command's bytes,
 * which processes they made) and traces replies back (whose bytes went into the reply): in a pool with busy workers,
 * wakeups say little.
 */

import type { ForkData } from "../../model/event-data.ts";
import type { EventType } from "../../model/event-types.ts";
import { BoundedMap } from "../../model/stats/bounded-map.ts";
import { dataOf, type NewEvent } from "../../model/tables/new-event.ts";
import type { Process } from "../../model/tables/process/process.ts";
import type { Step } from "../../model/tables/step.ts";
import { NO_ID } from "../../model/tables/step.ts";
import { WireStepFlag, WireStepKind } from "../../model/wire/layout.gen.ts";
import { isNaming, takeNaming } from "../naming.ts";
import type { RuleName } from "../rules.ts";
import { Buses } from "./buses.ts";
import { Counter } from "./counters.ts";
import {
	type Daemon,
	endReplies,
	endSegment,
	endTurn,
	nameOf,
	newDaemon,
	newThread,
	type Thread,
	type Turn,
	whyOf,
} from "./daemon.ts";
import { type Actor, type FileEffect, Segment } from "./segment.ts";
import { Asked, type Origin as Sources, Stream, type Writer } from "./streams.ts";

/** How many are kept at most. */
const MOST_KEPT = { segments: 65_536, streams: 16_384, threads: 65_536, daemons: 65_536, files: 262_144 };
/** Questions about processes. */
export interface CommandProcesses {
	isOfCommand(process: Process): boolean;
	newest(pid: number): Process | undefined;
	/** The process of the command itself. */
	command(): Process | undefined;
}

export class Daemons {
	/** In the order in which they were reached. */
	readonly all = new Map<Process, Daemon>();
	/** Segments with files that were dropped, files and daemons for which there was no room. */
	missed = 0;
	/** Of all segments. */
	#files = 0;
	/** Daemons that were already counted in `missed`. */
	readonly #missedDaemons = new WeakSet<Process>();
	#segments: Segment[] = [];
	#refresh = 0;
	/** How often steps were lost. */
	#losses = 0;
	readonly #processes: CommandProcesses;
	readonly #most: typeof MOST_KEPT;
	readonly #threads: BoundedMap<string, Thread>;
	readonly #streams: BoundedMap<string, Stream>;
	readonly #asked: BoundedMap<string, Asked>;
	/** Connections whose other end belongs to the command, and the process that has it. */
	readonly #ours: BoundedMap<string, Process | null>;
	/** Connections whose other end is a daemon that may pass on requests of the command. */
	readonly #relays: BoundedMap<string, true>;
	/** When the last request over such a connection of the command was read. */
	readonly #askedNs: BoundedMap<string, number>;
	/** When something was last written to another accepted connection; -Infinity: only read. */
	readonly #toldNs: BoundedMap<string, number>;
	/** Who made each. */
	readonly #cgroups: BoundedMap<string, Writer>;
	readonly #counters: BoundedMap<string, Counter>;
	readonly #buses: Buses;

	constructor(processes: CommandProcesses, most = MOST_KEPT) {
		this.#processes = processes;
		this.#most = most;
		this.#threads = new BoundedMap(most.threads);
		this.#streams = new BoundedMap(most.streams);
		this.#asked = new BoundedMap(most.streams);
		this.#cgroups = new BoundedMap(most.streams);
		this.#counters = new BoundedMap(most.streams);
		this.#buses = new Buses(most.streams, {
			daemonOf: (process) => this.#daemonOf(process),
			begin: (thread) => this.#begin(thread),
			wroteBytes: (step, writer) => this.#wroteBytes(step, writer),
		});
		this.#relays = new BoundedMap(most.streams);
		this.#ours = new BoundedMap(most.streams);
		this.#askedNs = new BoundedMap(most.streams);
		this.#toldNs = new BoundedMap(most.streams);
	}

	/** Segments that are claimed for the command, of any class. */
	*claimed(): Generator<Segment> {
		for (const segment of this.#segments) if (segment.claim !== null) yield segment;
	}

	/** Processes whose threads did something for the command as far as wake-ups tell, and nothing else says for whom. */
	handingOver(): ReadonlySet<Process> {
		const found = new Set<Process>();
		for (const { claim, files, actor } of this.claimed())
			if (claim?.rule === "wake" && files.size > 0) found.add(actor.process);
		return found;
	}

	/** By process: segments with files that are not claimed, of those that are still kept. */
	otherWork(): ReadonlyMap<Process, number> {
		const found = new Map<Process, number>();
		for (const { claim, files, actor } of this.#segments) {
			if (claim === null && files.size > 0) found.set(actor.process, (found.get(actor.process) ?? 0) + 1);
		}
		return found;
	}

	stepped(step: Step): void {
		if (this.#processes.isOfCommand(step.process)) {
			this.#commandStepped(step);
			return;
		}
		if (!this.#hasRoomFor(step.process)) return;
		const { READ, WRITE, COUNTER_READ, COUNTER_WRITE, WAIT, ACCEPT, CHILD, OPEN } = WireStepKind;
		const { FILE_READ, FILE_WRITE, REDUCED, WAKE, SIGNAL, CGROUP, JOIN } = WireStepKind;
		const thread = this.#threadOf(step);
		if (thread.segment !== null) thread.segment.refresh = this.#refresh;
		if (step.kind === READ) this.#read(thread, step);
		else if (step.kind === WRITE) this.#wrote(thread, step);
		else if (step.kind === COUNTER_READ) this.#readCounter(thread, step);
		else if (step.kind === COUNTER_WRITE) this.#wroteCounter(thread, step);
		else if (step.kind === WAIT) this.#waited(thread, step);
		else if (step.kind === WAKE) this.#woke(thread, step);
		else if (step.kind === SIGNAL) this.#obeyed(thread, step);
		else if (step.kind === ACCEPT) this.#accepted(thread, step);
		else if (step.kind === CHILD) this.#made(thread, step);
		else if (step.kind === REDUCED) this.#reduced(step);
		else if (step.kind === CGROUP) this.#cgroups.set(step.object, this.#segmentOf(thread));
		else if (step.kind === JOIN) this.#joined(step);
		else if (step.kind === OPEN || step.kind === FILE_READ || step.kind === FILE_WRITE) this.#usedFile(thread, step);
		// A wait ends when it is reported: the segment did nothing until then.
		if (step.kind !== WAIT) thread.segment?.touch(step.timeNs);
	}

	/** A refresh is over. `hasLost`: steps were lost, of unknown daemons. */
	refreshed(hasLost: boolean): void {
		if (hasLost) {
			this.#losses++;
			for (const segment of this.#segments)
				if (segment.refresh === this.#refresh || this.#threadIn(segment) !== null) segment.doubt();
			for (const daemon of this.all.values()) daemon.most = "likely";
			this.#ours.clear();
		}
		this.#refresh++;
	}

	/** Steps of a daemon are missing just before this one: its threads may have passed a boundary. */
	#reduced({ process, bytes }: Step): void {
		const daemon = this.#daemonOf(process);
		daemon.reduced += bytes;
		this.#losses++;
		daemon.most = "likely";
		this.#ours.clear();
		for (const segment of this.#segments) {
			const thread = segment.actor.process === process ? this.#threadIn(segment) : null;
			if (thread === null) continue;
			segment.doubt();
			thread.segment = null;
		}
	}

	/** The thread that is still in the segment. */
	#threadIn(segment: Segment): Thread | null {
		const { process, tid } = segment.actor;
		const thread = this.#threads.get(`${process.serial} ${tid}`);
		return thread?.segment === segment ? thread : null;
	}

	happened(event: NewEvent<EventType>): void {
		const { type, process } = event;
		const daemon = process === null ? undefined : this.all.get(process);
		if (daemon === undefined) return;
		if (type === "fork") {
			const child = this.#processes.newest((dataOf(event) as ForkData).childPid);
			if (child !== undefined && child !== process && this.#hasRoomFor(child)) this.#daemonOf(child).parent ??= daemon;
		} else if (isNaming(type)) {
			this.#named(event);
		}
	}

	/** A daemon made, removed or renamed a file. */
	#named(event: NewEvent<EventType>): void {
		const { process, tid } = event;
		if (process === null || tid === undefined) return;
		const segment = this.#segmentOf(this.#threadOf({ process, tid }));
		if (!segment.isOthers) takeNaming(event, (path) => this.#effectOf(segment, path, path));
	}

	#commandStepped(step: Step): void {
		const { kind, object, process } = step;
		if (kind === WireStepKind.CGROUP) this.#cgroups.set(object, process);
		if (kind !== WireStepKind.WRITE || object === NO_ID) return;
		if (step.serial !== 0) this.#buses.wrote(step, process);
		this.#wroteBytes(step, process);
	}

	#threadOf({ process, tid }: Actor): Thread {
		return this.#threads.obtain(`${process.serial} ${tid}`, () => {
			this.#daemonOf(process);
			return newThread({ process, tid });
		});
	}

	#hasRoomFor(process: Process): boolean {
		if (this.all.has(process) || this.all.size < this.#most.daemons) return true;
		if (!this.#missedDaemons.has(process)) this.missed++;
		this.#missedDaemons.add(process);
		return false;
	}

	#daemonOf(process: Process): Daemon {
		const known = this.all.get(process);
		if (known !== undefined) return known;
		const daemon = newDaemon(process);
		this.all.set(process, daemon);
		return daemon;
	}

	#streamOf(key: string, flags: number): Stream {
		return this.#streams.obtain(key, () => new Stream((flags & WireStepFlag.TCP) !== 0));
	}

	/** Whoever reads these bytes, or has read them already, has them from `writer`. */
	#wroteBytes(step: Step, writer: Writer): void {
		if (step.object === NO_ID) return;
		for (const reader of this.#streamOf(step.object, step.flags).wrote(step, writer))
			this.#explain(reader, writer, step);
	}

	#begin(thread: Thread): Segment {
		const segment = new Segment({ process: thread.process, tid: thread.tid }, thread.boundaryNs);
		segment.refresh = this.#refresh;
		thread.segment = segment;
		thread.wokenBy = null;
		this.#segments.push(segment);
		if (this.#segments.length > this.#most.segments) this.#forget();
		return segment;
	}

	/** The segment that the thread is in; a new one after a boundary. */
	#segmentOf(thread: Thread): Segment {
		if (thread.segment !== null) return thread.segment;
		const { wokenBy } = thread;
		const segment = this.#begin(thread);
		if (wokenBy !== null) segment.follow(wokenBy, "wake", `${nameOf(wokenBy)} woke it.`);
		const daemon = this.#daemonOf(thread.process);
		const { origin } = daemon;
		if (origin === null || daemon.servesOthers) return segment;
		if (origin.from instanceof Segment) segment.follow(origin.from, origin.rule, whyOf(origin));
		else segment.take(origin.from, origin.rule, whyOf(origin));
		return segment;
	}

	/** Drops half of the segments, those without a claim first. */
	#forget(): void {
		const half = this.#segments.length >> 1;
		const isKept = (segment: Segment, index: number) =>
			segment.claim !== null || index > half || this.#threadIn(segment) !== null;
		const unclaimed = this.#segments.filter(isKept);
		const kept = new Set(unclaimed.length > this.#most.segments ? unclaimed.slice(half) : unclaimed);
		for (const segment of this.#segments) {
			if (kept.has(segment)) continue;
			const thread = this.#threadIn(segment);
			if (thread !== null) thread.segment = null;
			if (segment.files.size > 0) this.missed++;
			this.#files -= segment.files.size;
			segment.drop();
		}
		for (const segment of kept) segment.prune();
		this.#segments = [...kept];
	}

	#read(thread: Thread, step: Step): void {
		const { object, flags } = step;
		endReplies(thread);
		const isAccepted = (flags & WireStepFlag.ACCEPTED) !== 0;
		const stream = object === NO_ID ? undefined : this.#streamOf(object, flags);
		const origin: Sources = stream?.originOf(step) ?? { writers: [null], isUnsure: false };
		if (isAccepted) this.#readsRequest(thread, step, origin.writers);
		else if (this.#buses.isMessage(thread, origin.writers)) {
			if (this.#buses.continues(thread, origin.writers)) return;
		} else if (this.#isAnswer(thread, step, origin.writers)) return;
		const segment = this.#begin(thread);
		segment.hasRead = true;
		// A bus may still pass on messages that it read before.
		segment.open = this.#daemonOf(thread.process).isBus ? 1 : step.open;
		if (isAccepted) {
			segment.request = step.socket;
			if (thread.request !== null) thread.request.isOvertaken = true;
			thread.request = segment;
			this.#turnTo(thread, step);
		}
		if (stream !== undefined && origin.writers.every((each) => each === null)) {
			segment.isUnexplained = true;
			stream.wait(step, segment);
		} else {
			this.#join(segment, step, origin);
		}
	}

	/** The segment began by reading bytes whose origin is known. */
	#join(segment: Segment, { bytes, flags }: Step, { writers, isUnsure, isConfirmed }: Sources): void {
		if (writers.every((each) => each === null)) {
			segment.isOthers = (flags & WireStepFlag.OURS_OPEN) === 0;
			return;
		}
		const isPlaced = (flags & WireStepFlag.UNSURE) === 0 || isConfirmed === true;
		const placed: RuleName = isPlaced ? "stream" : "stream-unsure";
		const rule = writers.length > 1 || isUnsure || segment.open > 0 ? "batch" : placed;
		for (const each of writers) {
			if (each === null) continue;
			const why = `It read ${bytes} bytes that ${nameOf(each)} wrote.`;
			if (each instanceof Segment) {
				segment.follow(each, rule, why);
				continue;
			}
			segment.take(each, rule, why);
			// A process that was made when the command may have connected, and then read from it: it was made for that.
			const daemon = this.#daemonOf(segment.actor.process);
			const isMade = daemon.origin?.from instanceof Segment && daemon.origin.from.claim !== null;
			if (isMade && rule === "stream" && (flags & WireStepFlag.ACCEPTED) !== 0) daemon.told ??= segment;
		}
	}

	/** The record of the write came after the record of the read. */
	#explain(segment: Segment, writer: Writer, step: Step): void {
		segment.isUnexplained = false;
		this.#join(segment, step, { writers: [writer], isUnsure: false });
		this.#buses.isMessage(segment.actor, [writer]);
		segment.whenExplained?.();
		segment.whenExplained = null;
	}

	/** Whether the bytes answer something that the thread, or another thread of its process, asked before. */
	#isAnswer(thread: Thread, step: Step, writers: readonly (Writer | null)[]): boolean {
		const end = this.#endOf(step);
		if (end === null) return false;
		const known = writers.filter((each): each is Segment => each instanceof Segment);
		end.isAsked ??= true;
		const asker = end.isAsked ? null : end.answer();
		if (asker === null || asker.actor.process !== thread.process) return false;
		if (thread.segment === asker) {
			for (const writer of known) {
				if (writer.causes.length === 0 && !writer.isOthers && asker.claim !== null)
					writer.take(asker, "answer", `It answered ${nameOf(asker)}.`);
			}
			return true;
		}
		if (known.length > 0 || asker.isOthers) return false;
		const segment = this.#begin(thread);
		segment.hasRead = true;
		segment.follow(asker, "late-answer", `It read the answer to a request of ${nameOf(asker)}.`);
		return true;
	}

	#endOf({ object, socket, process }: Step): Asked | null {
		const end = socket === NO_ID ? object : socket;
		if (end === NO_ID) return null;
		// A pipe is one object for both of its ends.
		return this.#asked.obtain(`${process.serial} ${end}`, () => new Asked());
	}

	/** It read a request over a connection that it accepted. */
	#readsRequest(thread: Thread, step: Step, writers: readonly (Writer | null)[]): void {
		const { socket, timeNs, flags } = step;
		if ((flags & WireStepFlag.TCP) === 0) this.#buses.read(step);
		const client = writers.find((each): each is Process => each !== null && !(each instanceof Segment));
		if (client !== undefined) this.#ours.set(socket, client);
		if (writers.some((each) => each instanceof Segment)) this.#relays.obtain(socket, () => true);
		if (this.#ours.has(socket)) this.#askedNs.set(socket, timeNs);
		if (thread.reads.size < 2) thread.reads.add(socket);
		this.#toldNs.obtain(socket, () => Number.NEGATIVE_INFINITY);
		if (!writers.includes(null)) return;
		const daemon = this.#daemonOf(thread.process);
		daemon.servesOthers = true;
		daemon.others++;
	}

	#wrote(thread: Thread, step: Step): void {
		const { socket, flags } = step;
		const isAccepted = (flags & WireStepFlag.ACCEPTED) !== 0;
		if (isAccepted && step.sender !== 0) {
			this.#buses.passed(thread, step);
			return;
		}
		const segment = this.#segmentOf(thread);
		if (!isAccepted && step.serial !== 0) this.#buses.sent(segment, step);
		this.#wroteBytes(step, segment);
		if (isAccepted) {
			this.#usedResult(thread, segment, socket);
			if (this.#ours.has(socket)) this.#replied(thread, segment, socket);
			else {
				// All requests that are known were answered before the command's was read.
				if (!this.#toldNs.has(socket)) segment.share();
				this.#toldNs.set(socket, step.timeNs);
				thread.repliedOver = null;
				if (this.#relays.get(socket) === undefined) this.#refute(segment);
			}
			if (thread.turn?.socket !== socket) endTurn(thread, false);
			endSegment(thread, step);
			return;
		}
		if (step.replySerial !== 0) {
			endSegment(thread, step);
			return;
		}
		const end = this.#endOf(step);
		if (end !== null) end.isAsked ??= false;
		if (end?.isAsked === false) end.ask(segment);
		if (end?.isAsked === true || (segment.isOnlyWoken && (segment.claim?.rule ?? "wake") === "wake"))
			endSegment(thread, step);
	}

	/** It replied to another client than the command. */
	#refute(segment: Segment): void {
		segment.refute();
		for (const { actor } of segment.refuteBack()) {
			const daemon = this.#daemonOf(actor.process);
			if (daemon.told === null) daemon.servesOthers = true;
		}
	}

	/** A request was read: the first since the thread last waited, or one more. */
	#turnTo(thread: Thread, { socket, flags }: Step): void {
		if (thread.turn?.socket === socket) return;
		endTurn(thread, false);
		if ((flags & WireStepFlag.ALONE) !== 0) thread.turn = { socket, atEnd: [], isWhole: null, losses: this.#losses };
	}

	#replied(thread: Thread, segment: Segment, socket: string): void {
		const isMore = thread.repliedOver === socket;
		const { turn } = thread;
		// A thread that reads many connections may reply for another thread.
		const isShared = !isMore && (thread.reads.size > 1 || thread.accepts);
		const client = this.#ours.get(socket) ?? this.#processes.command();
		const isAnswered = this.#isAnswered(segment, socket);
		const act = () => {
			const isOwn = segment.request !== null && !isAnswered;
			const isBusy = isShared && isGuess(segment) && (isOwn || segment.causes.every(({ rule }) => rule === "wake"));
			if (client === undefined || segment.isOthers || (isBusy && (turn === null || turn.isWhole === false)))
				this.#daemonOf(thread.process).unexplained++;
			else if (!isBusy) this.#madeReply(segment, client, "replier", isAnswered);
			else if (turn?.isWhole) this.#madeReply(segment, client, "turn");
			else this.#awaitTurn(turn, segment, client);
		};
		thread.repliedOver = isMore || !isGuess(segment) ? socket : null;
		if (segment.isUnexplained) segment.whenExplained = act;
		else act();
	}

	/** Whether it began with the answer of a backend, to which something was written after the command's request was read. */
	#isAnswered({ request }: Segment, socket: string): boolean {
		const told = request === null || request === socket ? undefined : this.#toldNs.get(request);
		const asked = this.#askedNs.get(socket);
		return told !== undefined && asked !== undefined && told > asked;
	}

	/** It is explained if the thread waits before it does something for others. */
	#awaitTurn(turn: Turn | null, segment: Segment, client: Process): void {
		const daemon = this.#daemonOf(segment.actor.process);
		daemon.unexplained++;
		turn?.atEnd.push(() => {
			if (segment.isOthers) return;
			daemon.unexplained--;
			this.#madeReply(segment, client, "turn");
		});
	}

	#madeReply(segment: Segment, client: Process, rule: "replier" | "turn", isAnswered = false): void {
		segment.take(client, rule, `It replied to ${nameOf(client)}.`);
		for (const told of segment.takeBack(`Its bytes went into the reply to ${nameOf(client)}.`, isAnswered))
			this.#daemonOf(told.actor.process).told ??= told;
	}

	#readCounter(thread: Thread, { object, position, timeNs }: Step): void {
		endReplies(thread);
		const batch = this.#counterOf(object).read(position, timeNs);
		const segment = this.#begin(thread);
		segment.hasRead = true;
		thread.batch = batch;
		const [only] = batch.done;
		if (only !== undefined && batch.size === 1) segment.follow(only.segment, "counter", announcedBy(only.segment));
	}

	#counterOf(object: string): Counter {
		return this.#counters.obtain(object, () => new Counter());
	}

	#wroteCounter(thread: Thread, step: Step): void {
		const { object, position, timeNs } = step;
		const segment = this.#segmentOf(thread);
		this.#counterOf(object).added(segment, position, timeNs);
		if (segment.isOnlyWoken) endSegment(thread, step);
	}

	/** The reply is made of a result that was announced through an eventfd. */
	#usedResult({ batch }: Thread, segment: Segment, socket: string): void {
		const place = batch?.next() ?? 0;
		const result = batch?.done[place]?.segment;
		if (batch === null || result === undefined) return;
		if (!this.#ours.has(socket)) {
			if (this.#relays.get(socket) === undefined) result.refute();
			return;
		}
		segment.causes.length = 0;
		segment.follow(
			result,
			batch.isSure(place, this.#askedNs.get(socket)) ? "counter" : "counter-batch",
			announcedBy(result),
		);
	}

	/** A thread that was waiting runs a handler, and then goes on for the same purpose until it waits again. */
	#obeyed(thread: Thread, { childPid, timeNs }: Step): void {
		const sender = this.#processes.newest(childPid);
		if (sender === undefined) return;
		endReplies(thread);
		thread.boundaryNs = timeNs;
		this.#begin(thread).take(sender, "signal", `${nameOf(sender)} sent it a signal while it was waiting.`);
	}

	/** A thread that waited in futex() goes on. */
	#woke(thread: Thread, { childPid, childTid }: Step): void {
		const process = this.#processes.newest(childPid);
		if (process === undefined || this.#processes.isOfCommand(process) || !this.#hasRoomFor(process)) return;
		this.#threadOf({ process, tid: childTid }).wokenBy = this.#segmentOf(thread);
	}

	/** A thread that serves only one connection continues to work for it. */
	#waited(thread: Thread, step: Step): void {
		endTurn(thread, thread.turn?.losses === this.#losses);
		endReplies(thread);
		thread.boundaryNs = step.timeNs;
		if (thread.reads.size === 1 && !thread.accepts && thread.segment?.claim != null) return;
		thread.segment = null;
	}

	#accepted(thread: Thread, { object, socket, open }: Step): void {
		thread.accepts = true;
		endReplies(thread);
		const segment = this.#begin(thread);
		if (object === NO_ID) {
			segment.isOthers = true;
			this.#ours.delete(socket);
			return;
		}
		const client = this.#processes.command();
		this.#ours.set(socket, null);
		if (client !== undefined)
			segment.take(client, open > 0 ? "batch" : "accept", "It accepted a connection from the command.");
	}

	#made(thread: Thread, { process, childTid, childPid }: Step): void {
		const segment = this.#segmentOf(thread);
		if (childPid !== process.pid) {
			const born = this.#processes.newest(childPid);
			if (born === undefined || !this.#hasRoomFor(born)) return;
			const daemon = this.#daemonOf(born);
			if (this.#daemonOf(process).isBus) daemon.birth = this.#buses.birthBy(thread);
			daemon.origin = { from: daemon.birth ?? segment, rule: "lineage" };
			return;
		}
		const child = this.#threadOf({ process, tid: childTid });
		this.#begin(child).follow(segment, "lineage", madeBy(segment));
	}

	/** The process got into a cgroup. */
	#joined({ process, object }: Step): void {
		const from = this.#cgroups.get(object);
		if (from !== undefined) this.#daemonOf(process).origin ??= { from, rule: "cgroup" };
	}

	#usedFile(thread: Thread, { kind, object, dev, gen, bytes }: Step): void {
		const segment = this.#segmentOf(thread);
		if (segment.isOthers) return;
		const effect = this.#effectOf(segment, `${dev} ${object} ${gen}`, null);
		if (effect === null) return;
		if (kind === WireStepKind.OPEN) effect.opens++;
		else if (kind === WireStepKind.FILE_READ) effect.readBytes += bytes;
		else effect.writeBytes += bytes;
	}

	/** Null: there are too many. */
	#effectOf(segment: Segment, key: string, path: string | null): FileEffect | null {
		const known = segment.files.get(key);
		if (known !== undefined) return known;
		if (this.#files >= this.#most.files) {
			this.missed++;
			return null;
		}
		const effect = {
			...{ key, path, opens: 0, readBytes: 0, writeBytes: 0 },
			...{ isCreated: false, isDeleted: false, renamedTo: null },
		};
		segment.files.set(key, effect);
		this.#files++;
		return effect;
	}
}

function isGuess({ claim }: Segment): boolean {
	return claim === null || claim.class === "guess";
}

function announcedBy(segment: Segment): string {
	return `It read the eventfd that ${nameOf(segment)} had added to.`;
}

function madeBy(segment: Segment): string {
	return `${nameOf(segment)} made it.`;
}
