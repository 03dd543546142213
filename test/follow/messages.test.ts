/** What is done over a D-Bus daemon is attributed by the headers of its messages, on steps as the kernel would send them. */

import { describe, expect, test } from "vitest";
import { Daemons } from "../../src/follow/daemons/daemons.ts";
import { BUS_ITSELF } from "../../src/follow/daemons/messages.ts";
import { ownershipOf } from "../../src/follow/daemons/owned.ts";
import type { RuleName } from "../../src/follow/rules.ts";
import { Process } from "../../src/model/tables/process/process.ts";
import type { Step } from "../../src/model/tables/step.ts";
import { WireStepFlag, WireStepKind } from "../../src/model/wire/layout.gen.ts";

const command = new Process(10, 1, 0);
const bus = new Process(20, 1, 0);
const service = new Process(30, 1, 0);
const client = new Process(40, 1, 0);
const { READ, WRITE, FILE_WRITE, CHILD } = WireStepKind;
/** Hashes of the unique names of the command, of the service, and of another client. */
const MINE = 101;
const SERVICE = 103;
const OTHER = 107;

/** The command's socket is "mine", the service's "served"; the bus's ends are "bus-mine" and "bus-served". */
class Story {
	readonly daemons: Daemons;
	#nowNs = 0;
	readonly #written = new Map<string, number>();
	readonly #read = new Map<string, number>();

	constructor() {
		const all = [command, bus, service, client];
		this.daemons = new Daemons({
			isOfCommand: (process) => process === command,
			newest: (pid) => all.find((process) => process.pid === pid),
			command: () => command,
		});
	}

	step(process: Process, kind: number, fields: Partial<Step>): this {
		this.#nowNs += 1_000_000;
		const none = { flags: 0, open: 0, object: "0", socket: "0", position: 0, bytes: 8, mark: 0, dev: 0, gen: 0 };
		const message = { serial: 0, replySerial: 0, sender: 0, destination: 0 };
		const rest = { childTid: 0, childPid: 0, process, tid: process.pid, kind, timeNs: this.#nowNs };
		this.daemons.stepped({ ...none, ...message, ...rest, ...fields });
		return this;
	}

	#move(positions: Map<string, number>, object: string, bytes: number): { position: number; bytes: number } {
		const position = positions.get(object) ?? 0;
		positions.set(object, position + bytes);
		return { position, bytes };
	}

	writes(process: Process, object: string, message: Partial<Step>): this {
		return this.step(process, WRITE, { object, socket: object, ...this.#move(this.#written, object, 8), ...message });
	}

	/** `count` messages. */
	reads(process: Process, object: string, socket: string, count = 1): this {
		const flags = process === bus ? WireStepFlag.ACCEPTED : 0;
		return this.step(process, READ, { object, socket, flags, ...this.#move(this.#read, object, 8 * count) });
	}

	passes(object: string, message: Partial<Step>): this {
		return this.writes(bus, object, { flags: WireStepFlag.ACCEPTED, ...message });
	}

	greets(process: Process, object: string, name: number): this {
		this.writes(process, object, { serial: 1 }).reads(bus, object, `bus-${object}`);
		return this.passes(`bus-${object}`, { serial: 1, replySerial: 1, sender: BUS_ITSELF, destination: name });
	}

	makes(file: string): this {
		return this.step(service, FILE_WRITE, { object: file, dev: 8 });
	}

	answers(serial: number, replySerial: number, destination: number): this {
		return this.writes(service, "served", { serial, replySerial, destination });
	}

	/** Files that are attributed to the command, with the rules. */
	get found(): Record<string, readonly RuleName[]> {
		const found: Record<string, readonly RuleName[]> = {};
		for (const segment of this.daemons.claimed())
			for (const { key } of segment.files.values()) found[key.split(" ")[1] ?? ""] = segment.chain;
		return found;
	}
}

describe("over a bus", () => {
	const call = { serial: 2, sender: MINE };
	const others = { serial: 2, sender: OTHER };

	test("a service works for the one whose message it read, although the bus had read others before", () => {
		const story = new Story().greets(command, "mine", MINE).writes(command, "mine", { serial: 2 });
		story.reads(bus, "other", "bus-other").reads(bus, "mine", "bus-mine");
		story.passes("bus-served", others).passes("bus-served", call);
		story.reads(service, "bus-served", "served").makes("theirs").answers(7, 2, OTHER);
		story.reads(service, "bus-served", "served").makes("ours").answers(8, 2, MINE).makes("later");
		expect(story.found).toEqual({ ours: ["message", "stream"] });
	});

	test("also if the record of the message comes after that of what the bus passed on", () => {
		const story = new Story().greets(command, "mine", MINE).reads(bus, "mine", "bus-mine").passes("bus-served", call);
		story.reads(service, "bus-served", "served").makes("ours").writes(command, "mine", { serial: 2 });
		expect(story.found).toEqual({ ours: ["message", "stream"] });
	});

	test("the answers of a service that read several calls at once say which was when", () => {
		const story = new Story().greets(command, "mine", MINE).writes(command, "mine", { serial: 2 });
		story.reads(service, "served", "none").reads(bus, "served", "bus-served").reads(bus, "mine", "bus-mine");
		story.passes("bus-served", others).passes("bus-served", call);
		story.reads(service, "bus-served", "served", 2).makes("theirs").answers(7, 2, OTHER);
		story.makes("ours").answers(8, 2, MINE).makes("next").answers(9, 3, OTHER);
		expect(story.found).toEqual({ ours: ["message"] });
		// Not even a guess, although an answer to the command was made where its message was read too.
		story.passes("bus-served", { serial: 5, sender: OTHER }).reads(service, "bus-served", "served").makes("last");
		expect(Object.keys(story.found)).toEqual(["ours"]);
	});

	test.each(["before", "after"])(
		"what a service answered another client is no guess, if the command's message is known %s it",
		(when) => {
			const story = new Story().greets(command, "mine", MINE).greets(client, "other", OTHER);
			if (when === "before") story.writes(command, "mine", { serial: 2 });
			story.writes(client, "other", { serial: 2 }).reads(bus, "other", "bus-other").reads(bus, "mine", "bus-mine");
			story.reads(service, "served", "none").reads(bus, "served", "bus-served");
			story.passes("bus-served", others).passes("bus-served", call);
			story.reads(service, "bus-served", "served", 2).makes("theirs").answers(7, 2, OTHER);
			if (when === "after") story.writes(command, "mine", { serial: 2 });
			story.makes("ours").answers(8, 2, MINE);
			expect(story.found).toEqual({ ours: ["message"] });
		},
	);

	test("a worker of a service that wrote the answer worked for the command", () => {
		const story = new Story().greets(command, "mine", MINE).writes(command, "mine", { serial: 2 });
		story.reads(bus, "mine", "bus-mine").passes("bus-served", call).reads(service, "bus-served", "served");
		const worker = { tid: 31, object: "result", dev: 8 };
		story.step(service, FILE_WRITE, worker);
		story.writes(service, "served", { tid: 31, serial: 8, replySerial: 2, destination: MINE });
		story.reads(bus, "served", "bus-served");
		const answer = { serial: 8, replySerial: 2, sender: SERVICE, destination: MINE };
		story.passes("bus-mine", answer);
		expect(story.found).toEqual({ result: ["message", "message"] });
		expect(story.daemons.all.get(bus)?.unexplained).toBe(0);
	});

	test("an answer whose writer was not seen is counted", () => {
		const story = new Story().greets(command, "mine", MINE).writes(command, "mine", { serial: 2 });
		story.reads(bus, "mine", "bus-mine");
		story.passes("bus-mine", { serial: 8, replySerial: 2, sender: SERVICE, destination: MINE });
		expect(story.daemons.all.get(bus)?.unexplained).toBe(1);
	});

	test.each([
		{ who: "the command", first: call, next: others, owned: true },
		{ who: "another client", first: others, next: call, owned: false },
	])("a service that the bus started works for $who, which called it first", ({ first, next, owned }) => {
		const story = new Story().greets(command, "mine", MINE).writes(command, "mine", { serial: 2 });
		story.reads(bus, "mine", "bus-mine").reads(bus, "other", "bus-other");
		story.step(bus, CHILD, { childPid: service.pid, childTid: service.pid }).makes("started");
		story.greets(service, "served", SERVICE).reads(service, "bus-served", "served").makes("ready");
		story.passes("bus-served", first).reads(service, "bus-served", "served").makes("job").answers(5, 2, first.sender);
		expect(ownershipOf(service, story.daemons)?.rules ?? null).toEqual(
			owned ? ["message", "activation", "lineage"] : null,
		);
		const { started, ready } = story.found;
		expect([started?.at(-1), ready === undefined]).toEqual(owned ? ["lineage", false] : [undefined, true]);
		story.passes("bus-served", next).reads(service, "bus-served", "served").makes("second").answers(6, 2, next.sender);
		expect(ownershipOf(service, story.daemons)).toBeNull();
		expect([story.found.job?.at(-1), story.found.second?.at(-1)]).toEqual(
			owned ? ["stream", undefined] : [undefined, "stream"],
		);
	});
});
