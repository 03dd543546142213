/**
 * Messages over D-Bus, by their headers: who wrote each, which the bus passed on, and which answers which. Serial numbers are
 * unique for each connection, and the bus adds the sender's unique name to what it passes on.
 */

import { BoundedMap } from "../../model/stats/bounded-map.ts";
import type { Process } from "../../model/tables/process/process.ts";
import { NO_ID, type Step } from "../../model/tables/step.ts";
import type { Segment } from "./segment.ts";
import type { Writer } from "./streams.ts";

/** As the sender of a message. */
export const BUS_ITSELF = 1;

/** For one name: messages of other clients wait for ever. */
const MOST_WAITING = 64;

/** A message that a bus passed on, or wrote itself. */
export interface Passed {
	readonly bus: Process;
	readonly segment: Segment;
	readonly step: Step;
	/** Who wrote it, and who wrote the message that it answers; null: not known, or there is none. */
	writer: Writer | null;
	asker: Writer | null;
	/** It is one of the replies to the command whose maker is unknown. */
	isUnexplained: boolean;
}

export class Messages {
	/** By stream and serial number. */
	readonly #written: BoundedMap<string, Writer>;
	/** The stream from the other end of a bus's connection, by bus and socket. */
	readonly #streams: BoundedMap<string, string>;
	/** The bus that reads a stream. */
	readonly #buses: BoundedMap<string, Process>;
	/** The stream from the connection with a unique name, by bus and name. */
	readonly #named: BoundedMap<string, string>;
	/** The stream with an answer to a unique name, by the rest of its header; null: several. */
	readonly #answers: BoundedMap<string, string | null>;
	/** What lacks its writer, by the name of the sender or by stream and serial number. */
	readonly #waiting: BoundedMap<string, Passed[]>;
	readonly #passed = new WeakMap<Segment, Passed>();
	readonly #found: (passed: Passed) => void;

	/** `found`: the writer of a message, or of what it answers, became known. */
	constructor(most: number, found: (passed: Passed) => void) {
		this.#found = found;
		this.#written = new BoundedMap(most);
		this.#streams = new BoundedMap(most);
		this.#buses = new BoundedMap(most);
		this.#named = new BoundedMap(most);
		this.#answers = new BoundedMap(most);
		this.#waiting = new BoundedMap(most);
	}

	/** The message that was written in the segment. */
	passedIn(segment: Segment): Passed | undefined {
		return this.#passed.get(segment);
	}

	/** A process, perhaps a bus, read from a connection that it accepted. */
	read({ process, socket, object }: Step): void {
		if (object === NO_ID) return;
		this.#streams.set(`${process.serial} ${socket}`, object);
		this.#buses.set(object, process);
	}

	/** A client of a bus wrote a message. */
	wrote({ object, serial, replySerial, destination }: Step, writer: Writer): void {
		this.#written.set(`${object} ${serial}`, writer);
		if (replySerial !== 0 && destination !== 0) {
			const key = `${serial} ${replySerial} ${destination}`;
			const known = this.#answers.get(key);
			this.#answers.set(key, known === undefined || known === object ? object : null);
		}
		this.#resolve(`${object} ${serial}`);
	}

	/** Who is answered by a message that a client writes; undefined: nobody that is followed, null: it cannot be told. */
	askerOf({ object, replySerial, destination }: Step): Writer | null | undefined {
		const bus = this.#buses.get(object);
		if (bus === undefined) return null;
		const stream = this.#named.get(`${bus.serial} ${destination}`);
		return stream === undefined ? undefined : this.#written.get(`${stream} ${replySerial}`);
	}

	/** A bus wrote a message in `segment`. */
	passed(step: Step, segment: Segment): Passed {
		const { process: bus, socket, sender, destination, serial, replySerial } = step;
		const passed: Passed = { bus, segment, step, writer: null, asker: null, isUnexplained: false };
		this.#passed.set(segment, passed);
		const receiver = this.#streams.get(`${bus.serial} ${socket}`);
		if (destination !== 0 && receiver !== undefined) this.#learn(bus, destination, receiver);
		const answer = this.#answers.get(`${serial} ${replySerial} ${destination}`);
		if (answer != null && sender !== BUS_ITSELF && this.#buses.get(answer) === bus) this.#learn(bus, sender, answer);
		this.#complete(passed);
		return passed;
	}

	#learn(bus: Process, name: number, stream: string): void {
		const key = `${bus.serial} ${name}`;
		if (this.#named.has(key)) return;
		this.#named.set(key, stream);
		this.#resolve(key);
	}

	#resolve(key: string): void {
		const waiting = this.#waiting.get(key);
		if (waiting === undefined) return;
		this.#waiting.delete(key);
		for (const passed of waiting) this.#complete(passed);
	}

	#complete(passed: Passed): void {
		const { bus, step } = passed;
		const { sender, destination, serial, replySerial } = step;
		if (passed.writer === null && sender !== BUS_ITSELF) passed.writer = this.#writerOf(passed, bus, sender, serial);
		if (passed.asker === null && replySerial !== 0)
			passed.asker = this.#writerOf(passed, bus, destination, replySerial);
		if (passed.writer !== null || passed.asker !== null) this.#found(passed);
	}

	#writerOf(passed: Passed, bus: Process, name: number, serial: number): Writer | null {
		if (name === 0) return null;
		const named = `${bus.serial} ${name}`;
		const stream = this.#named.get(named);
		const key = `${stream} ${serial}`;
		const writer = stream === undefined ? undefined : this.#written.get(key);
		if (writer === undefined) this.#waitFor(stream === undefined ? named : key, passed);
		return writer ?? null;
	}

	#waitFor(key: string, passed: Passed): void {
		const waiting = this.#waiting.obtain(key, () => []);
		waiting.push(passed);
		if (waiting.length > MOST_WAITING) waiting.shift();
	}
}
