/** For whom a D-Bus daemon passes on messages, and for whom its clients and the services that it starts work. */

import type { Process } from "../../model/tables/process/process.ts";
import type { Step } from "../../model/tables/step.ts";
import { type Daemon, endReplies, endSegment, nameOf, type Thread } from "./daemon.ts";
import { BUS_ITSELF, Messages, type Passed } from "./messages.ts";
import { type Actor, Segment } from "./segment.ts";
import type { Writer } from "./streams.ts";

/** Between a bus and the service that it starts, with its shells. */
const MOST_PARENTS = 8;

/** What this needs of all that is known of daemons. */
export interface KnownDaemons {
	daemonOf(process: Process): Daemon;
	begin(thread: Thread): Segment;
	/** Whoever reads these bytes has them from `writer`. */
	wroteBytes(step: Step, writer: Writer): void;
}

export class Buses {
	readonly #messages: Messages;
	readonly #daemons: KnownDaemons;

	constructor(most: number, daemons: KnownDaemons) {
		this.#daemons = daemons;
		this.#messages = new Messages(most, (passed) => this.#claim(passed));
	}

	/** A process, perhaps a bus, read from a connection that it accepted. */
	read(step: Step): void {
		this.#messages.read(step);
	}

	/** A process of the command wrote a message. */
	wrote(step: Step, process: Process): void {
		this.#messages.wrote(step, process);
	}

	/** A client of a bus wrote a message. If that is an answer, its work for the one who asked is done. */
	sent(segment: Segment, step: Step): void {
		this.#messages.wrote(step, segment);
		if (step.replySerial === 0 || step.destination === 0) return;
		const asker = this.#messages.askerOf(step);
		const why = asker ? `It answered message ${step.replySerial} of ${nameOf(asker)}.` : "";
		if (asker === null) return;
		if (asker !== undefined && !(asker instanceof Segment)) {
			segment.take(asker, "message", why);
			return;
		}
		const { claim } = segment;
		// It answered another client, whatever else it had read in the same call.
		if (claim === null || claim.class === "guess" || claim.rule === "lineage") segment.disown();
		if (asker !== undefined) {
			segment.follow(asker, "message", why);
			return;
		}
		const daemon = this.#daemons.daemonOf(segment.actor.process);
		daemon.servesOthers = true;
		daemon.others++;
	}

	/** A bus wrote a message: what it did for that is a segment of its own. */
	passed(thread: Thread, step: Step): void {
		const daemon = this.#daemons.daemonOf(thread.process);
		daemon.isBus = true;
		endReplies(thread);
		const segment = this.#daemons.begin(thread);
		segment.isMessage = true;
		const passed = this.#messages.passed(step, segment);
		const isReply = passed.asker !== null && !(passed.asker instanceof Segment);
		if (isReply && passed.writer === null && step.sender !== BUS_ITSELF) {
			passed.isUnexplained = true;
			daemon.unexplained++;
		}
		this.#daemons.wroteBytes(step, segment);
		endSegment(thread, step);
	}

	/** Whether bytes that the process read came over a bus. */
	isMessage({ process }: Actor, writers: readonly (Writer | null)[]): boolean {
		const messages = this.#messagesIn(writers);
		const call = messages.find(({ step }) => step.replySerial === 0 && step.sender !== BUS_ITSELF);
		if (call !== undefined) this.#called(this.#daemons.daemonOf(process), call.segment);
		return messages.length > 0;
	}

	/** Whether the thread got the answer that it was waiting for, over a bus, and goes on. */
	continues(thread: Thread, writers: readonly (Writer | null)[]): boolean {
		return this.#messagesIn(writers).some(({ asker }) => asker !== null && asker === thread.segment);
	}

	/** What a bus did to start a process, whoever asked for it. */
	birthBy(thread: Thread): Segment {
		const current = thread.segment;
		const birth = this.#daemons.begin(thread);
		thread.segment = current;
		return birth;
	}

	#messagesIn(writers: readonly (Writer | null)[]): Passed[] {
		return writers.flatMap((each) => (each instanceof Segment ? (this.#messages.passedIn(each) ?? []) : []));
	}

	/** It got a call over a bus. A bus that started it did so for its first call. */
	#called(daemon: Daemon, call: Segment): void {
		const birth = this.#birthOf(daemon);
		if (birth !== null && birth.causes.length === 0)
			birth.follow(call, "activation", "The first call that the bus passed to it was a message of the command.");
		if (call.claim === null) daemon.servesOthers = true;
	}

	#birthOf(daemon: Daemon): Segment | null {
		let each = daemon;
		for (let hops = 0; hops < MOST_PARENTS; hops++) {
			if (each.birth !== null) return each.birth;
			const from = each.origin?.from;
			if (!(from instanceof Segment)) return null;
			each = this.#daemons.daemonOf(from.actor.process);
		}
		return null;
	}

	/** The writer of a message, or of what it answers, became known. */
	#claim(passed: Passed): void {
		const { bus, segment, writer, asker, step } = passed;
		if (writer !== null && passed.isUnexplained) {
			passed.isUnexplained = false;
			this.#daemons.daemonOf(bus).unexplained--;
		}
		for (const from of [writer, asker]) {
			if (from === null) continue;
			const why = `It passed on message ${step.serial}, which ${nameOf(from)} ${from === writer ? "wrote" : "gets an answer by"}.`;
			if (!(from instanceof Segment)) segment.take(from, "message", why);
			else if (segment.causes.every((cause) => cause.segment !== from)) segment.follow(from, "message", why);
		}
		if (asker === null || segment.claim === null) return;
		for (const told of segment.takeBack(`Its message answered ${nameOf(asker)}.`))
			this.#daemons.daemonOf(told.actor.process).told ??= told;
	}
}
