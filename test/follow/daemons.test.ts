/** Which steps of a daemon are attributed to the command, on steps as the kernel would send them. */

import { describe, expect, test } from "vitest";
import { Daemons } from "../../src/follow/daemons/daemons.ts";
import { edgesOf, ownershipOf } from "../../src/follow/daemons/owned.ts";
import type { Class, RuleName } from "../../src/follow/rules.ts";
import { Process } from "../../src/model/tables/process/process.ts";
import type { Step } from "../../src/model/tables/step.ts";
import { WireStepFlag, WireStepKind } from "../../src/model/wire/layout.gen.ts";

const command = new Process(10, 1, 0);
const server = new Process(20, 1, 0);
const child = new Process(30, 1, 0);
const ACCEPTED = WireStepFlag.ACCEPTED;

/** Short notation for steps; each is a millisecond later than the one before. */
class Story {
	readonly daemons: Daemons;
	#nowNs = 0;

	constructor(most?: ConstructorParameters<typeof Daemons>[1]) {
		const all = [command, server, child];
		const processes = {
			isOfCommand: (process: Process) => process === command,
			newest: (pid: number) => all.find((process) => process.pid === pid),
			command: () => command,
		};
		this.daemons = most === undefined ? new Daemons(processes) : new Daemons(processes, most);
	}

	step(process: Process, tid: number, kind: number, fields: Partial<Step> = {}, afterNs = 1_000_000): this {
		this.#nowNs += afterNs;
		const none = { flags: 0, open: 0, object: "0", socket: "0", position: 0, bytes: 8, mark: 0, dev: 0, gen: 0 };
		const message = { serial: 0, replySerial: 0, sender: 0, destination: 0 };
		const rest = { ...message, childTid: 0, childPid: 0, process, tid, kind, timeNs: this.#nowNs };
		this.daemons.stepped({ ...none, ...rest, ...fields });
		return this;
	}

	asks(position: number): this {
		return this.step(command, 10, WireStepKind.WRITE, { object: "ask", position });
	}

	hears(tid: number, position: number, open = 0): this {
		return this.step(server, tid, WireStepKind.READ, { object: "ask", socket: "s", flags: ACCEPTED, position, open });
	}

	hearsOther(tid: number): this {
		return this.step(server, tid, WireStepKind.READ, { socket: "other", flags: ACCEPTED });
	}

	replies(tid: number): this {
		return this.step(server, tid, WireStepKind.WRITE, { object: "reply", socket: "s", flags: ACCEPTED });
	}

	waits(tid: number): this {
		return this.step(server, tid, WireStepKind.WAIT);
	}

	writes(tid: number, file: string, process = server): this {
		return this.step(process, tid, WireStepKind.FILE_WRITE, { object: file, dev: 8 });
	}

	/** Files, and the confidence that they are the command's. */
	get classes(): Record<string, Class> {
		const found: Record<string, Class> = {};
		for (const { claim, files } of this.daemons.claimed())
			for (const { key } of files.values()) if (claim !== null) found[key.split(" ")[1] ?? ""] = claim.class;
		return found;
	}

	/** Files, and the rules that attribute them to the command; other files are left out. */
	get found(): Record<string, readonly RuleName[]> {
		const found: Record<string, readonly RuleName[]> = {};
		for (const segment of this.daemons.claimed())
			for (const { key } of segment.files.values()) found[key.split(" ")[1] ?? ""] = segment.chain;
		return found;
	}
}

describe("what a daemon does is the command's", () => {
	test("if its thread read the command's bytes, until it waits for other connections too", () => {
		const story = new Story().asks(0).hearsOther(21).hears(21, 0).writes(21, "a").replies(21).waits(21).writes(21, "b");
		expect(story.found).toEqual({ a: ["stream"] });
		expect([...story.daemons.otherWork()]).toEqual([[server, 1]]); // b
	});

	test("not if it read bytes of another client, or earlier bytes", () => {
		const story = new Story().asks(0).hears(21, 8).writes(21, "a").hearsOther(21).writes(21, "b");
		expect(story.found).toEqual({});
	});

	test("as a guess if the thread has read another request that is still open", () => {
		const story = new Story().asks(0).hears(21, 0, 1).writes(21, "a");
		const [segment] = story.daemons.claimed();
		expect([story.found, segment?.claim?.class]).toEqual([{ a: ["batch"] }, "guess"]);
	});

	test("as a guess too if it then writes for all of them together, and replies", () => {
		const story = new Story().asks(0).hearsOther(21).hears(21, 0, 1).writes(21, "log").replies(21);
		expect(story.classes).toEqual({ log: "guess" });
		const accepted = { object: "ask", socket: "s" };
		const met = new Story()
			.asks(0)
			.hearsOther(21)
			.step(server, 21, WireStepKind.ACCEPT, { ...accepted, open: 1 });
		met.writes(21, "log").waits(21).hears(21, 0).writes(21, "a");
		expect(met.classes).toEqual({ log: "guess", a: "certain" });
	});

	test("if a loop that has read half of another request replied only to it before it waited again", () => {
		const first = { object: "ask", socket: "s", flags: ACCEPTED | WireStepFlag.ALONE, open: 1 };
		const begun = () => new Story().asks(0).hearsOther(21).waits(21).step(server, 21, WireStepKind.READ, first);
		const unexplained = ({ daemons }: Story) => daemons.all.get(server)?.unexplained;
		const story = begun().writes(21, "a").replies(21);
		expect([story.classes, unexplained(story)]).toEqual([{ a: "guess" }, 1]);
		expect(story.waits(21).writes(21, "b").found).toEqual({ a: ["turn"] });
		expect(unexplained(story)).toBe(0);
		const toOther = (told: Story) =>
			told.step(server, 21, WireStepKind.WRITE, { socket: "other", flags: ACCEPTED }).waits(21);
		expect(toOther(begun().writes(21, "log").replies(21)).classes).toEqual({ log: "guess" });
		expect(begun().writes(21, "a").hearsOther(21).replies(21).waits(21).classes).toEqual({ a: "guess" });
		const lost = begun().writes(21, "a").replies(21);
		lost.daemons.refreshed(true);
		expect(lost.waits(21).classes).toEqual({ a: "guess" });
	});

	test("only as a guess if it then replied to a client of whose request nothing is known", () => {
		const old = { socket: "old", flags: ACCEPTED };
		const story = new Story().hearsOther(21).waits(21).asks(0).hears(21, 0).writes(21, "a");
		expect(story.classes).toEqual({ a: "certain" });
		expect(story.step(server, 21, WireStepKind.WRITE, old).replies(21).waits(21).classes).toEqual({ a: "guess" });
		const known = new Story().asks(0).step(server, 21, WireStepKind.READ, old).waits(21).hears(21, 0).writes(21, "a");
		expect(known.step(server, 21, WireStepKind.WRITE, old).classes).toEqual({ a: "certain" });
	});

	test("not even as a guess if its bytes went into a reply to another client", () => {
		const made = { childTid: child.pid, childPid: child.pid };
		const result = { object: "results", position: 0 };
		const story = new Story().asks(0).hearsOther(21).hears(21, 0, 1).step(server, 21, WireStepKind.CHILD, made);
		story.writes(30, "a", child).step(child, 30, WireStepKind.WRITE, result);
		expect(ownershipOf(child, story.daemons)?.class).toBe("guess");
		story.step(server, 21, WireStepKind.READ, result);
		story.step(server, 21, WireStepKind.WRITE, { socket: "other", flags: ACCEPTED });
		expect([ownershipOf(child, story.daemons), story.found]).toEqual([null, {}]);
	});

	test("also through a pipe that was in use, if several results in a row are where they must be", () => {
		const at = (index: number) => ({ object: "results", position: 8 * index, mark: 3 + 2 * index });
		const story = new Story().asks(0).hears(21, 0).waits(21);
		for (let index = 0; index < 4; index++) {
			story.writes(30 + index, `${index}`).step(server, 30 + index, WireStepKind.WRITE, at(index));
			story.step(server, 21, WireStepKind.READ, { ...at(index), flags: WireStepFlag.UNSURE }).replies(21);
		}
		expect(story.classes).toEqual({ 0: "guess", 1: "guess", 2: "certain", 3: "certain" });
	});

	test("if a worker that reads no connection replied to it, since that worker's last reply or wait", () => {
		const story = new Story()
			.asks(0)
			.hears(21, 0)
			.writes(22, "a")
			.waits(22)
			.writes(22, "b")
			.replies(22)
			.writes(22, "c");
		expect(story.found).toEqual({ b: ["replier"] });
	});

	test("if a worker's bytes went into the reply, however late the record of that write comes", () => {
		const result = { object: "results", position: 0 };
		const early = new Story().asks(0).hears(21, 0).waits(21).writes(22, "a");
		early.step(server, 22, WireStepKind.WRITE, result).step(server, 21, WireStepKind.READ, result).replies(21);
		expect(early.found).toEqual({ a: ["replier", "backflow"] });
		const late = new Story().asks(0).hears(21, 0).waits(21).writes(22, "a");
		late.step(server, 21, WireStepKind.READ, result).replies(21).step(server, 22, WireStepKind.WRITE, result);
		expect(late.found).toEqual({ a: ["replier", "backflow"] });
	});

	test("if the thread read another client's request too before it made a child for the command", () => {
		const other = { socket: "other", flags: ACCEPTED | WireStepFlag.OURS_OPEN, open: 1 };
		const made = { childTid: child.pid, childPid: child.pid };
		const result = { object: "results", position: 0 };
		const story = new Story().asks(0).hears(21, 0).step(server, 21, WireStepKind.READ, other);
		story.step(server, 21, WireStepKind.CHILD, made).step(child, 30, WireStepKind.WRITE, result);
		expect(ownershipOf(child, story.daemons)).toBeNull();
		story.step(server, 21, WireStepKind.READ, result).replies(21);
		expect(ownershipOf(child, story.daemons)).toMatchObject({ class: "certain", rules: ["replier", "backflow"] });
	});

	test("by what was written if two writes ended in the other order", () => {
		const said = (mark: number, position: number) => ({ object: "results", mark, position });
		const story = new Story().asks(0).hears(21, 0).waits(21).writes(22, "a").writes(23, "b");
		story.step(server, 22, WireStepKind.WRITE, said(5, 0)).step(server, 23, WireStepKind.WRITE, said(7, 8));
		story.step(server, 21, WireStepKind.READ, said(7, 0)).replies(21);
		expect(story.found).toEqual({ b: ["replier", "backflow"] });
	});

	test("not what a thread does after it read the next request, although no record reports that read", () => {
		const over = (object: string) => ({ object, socket: "pair" });
		const story = new Story().asks(0).hears(21, 0).step(child, 30, WireStepKind.READ, { socket: "pair" });
		story.step(child, 30, WireStepKind.WRITE, over("results"));
		story.step(server, 21, WireStepKind.WRITE, { ...over("jobs"), socket: "near" });
		story.step(child, 30, WireStepKind.READ, over("jobs")).writes(30, "a", child);
		story.step(child, 30, WireStepKind.WRITE, { ...over("results"), position: 8 });
		story.step(child, 30, WireStepKind.READ, { ...over("jobs"), position: 8 }).writes(30, "b", child);
		expect(story.found).toEqual({ a: ["stream", "stream"] });
	});

	test("if it replies again over the same connection before it reads or waits: there were several requests", () => {
		const story = new Story()
			.hearsOther(21)
			.asks(0)
			.hears(21, 0)
			.writes(21, "a")
			.replies(21)
			.writes(21, "b")
			.replies(21);
		expect(story.waits(21).writes(21, "c").replies(21).found).toEqual({ a: ["stream"], b: ["replier"] });
		const other = new Story().hearsOther(21).asks(0).hears(21, 0).replies(21).writes(21, "b");
		other.step(server, 21, WireStepKind.WRITE, { socket: "other", flags: ACCEPTED }).replies(21);
		expect(other.found).toEqual({});
	});

	test("if a backend did it that had connected to it, although what that sends looks like requests", () => {
		const story = new Story().hearsOther(21);
		const passesOn = (position: number) => {
			const [jobs, results] = ["jobs", "results"].map((object) => ({ object, position }));
			const over = { socket: "backend", flags: ACCEPTED, open: 1 };
			story.asks(position).hears(21, position, position > 0 ? 1 : 0);
			story.step(server, 21, WireStepKind.WRITE, { ...jobs, ...over }).step(child, 30, WireStepKind.READ, jobs);
			story.writes(30, `${position}`, child).step(child, 30, WireStepKind.WRITE, results);
			story.step(server, 21, WireStepKind.READ, { ...results, ...over }).replies(21);
		};
		passesOn(0);
		passesOn(8);
		expect(story.classes).toEqual({ 0: "certain", 8: "certain" });
		expect(story.found).toEqual({ 0: ["replier", "backflow"], 8: ["replier", "backflow"] });
	});

	test("likely if it sent a signal to a thread that was waiting, until that waits again", () => {
		const story = new Story()
			.writes(21, "a")
			.waits(21)
			.step(server, 21, WireStepKind.SIGNAL, { childPid: command.pid });
		story.writes(21, "b").waits(21).writes(21, "c");
		expect([story.found, story.classes]).toEqual([{ b: ["signal"] }, { b: "likely" }]);
	});

	describe("by an eventfd with which workers announce results", () => {
		const done = { object: "counter", position: 1 };
		/** Both workers begin after the request was read. */
		const working = () => new Story().asks(0).hears(21, 0).waits(21).waits(22).waits(23);
		const read = (story: Story, position: number) =>
			story.step(server, 21, WireStepKind.COUNTER_READ, { object: "counter", position });
		const announced = (story: Story, tid: number) =>
			story.writes(tid, `${tid}`).step(server, tid, WireStepKind.COUNTER_WRITE, done);

		test("likely if only one was done", () => {
			const story = read(announced(working(), 22), 1).replies(21);
			expect([story.found, story.classes]).toEqual([{ 22: ["replier", "counter"] }, { 22: "likely" }]);
		});

		test("likely in the order of the replies, also to others", () => {
			const story = read(announced(announced(working(), 22), 23), 2);
			story.step(server, 21, WireStepKind.WRITE, { socket: "other", flags: ACCEPTED }).replies(21);
			expect([story.found, story.classes]).toEqual([{ 23: ["replier", "counter"] }, { 23: "likely" }]);
		});

		test("likely if the record of the addition comes shortly after that of the read, and not if it is of the next one", () => {
			const late = read(working().writes(22, "22"), 1);
			late.step(server, 22, WireStepKind.COUNTER_WRITE, done, 1000).replies(21);
			expect(late.classes).toEqual({ 22: "likely" });
			const missing = read(working(), 1).replies(21).asks(8).hears(21, 8).waits(22);
			expect(read(announced(missing, 22), 1).replies(21).classes).toEqual({ 22: "likely" });
		});

		test("a guess if the worker began before, or if the replies were not one for each result before", () => {
			const early = read(announced(new Story().waits(22).asks(0).hears(21, 0).waits(21), 22), 1).replies(21);
			expect(early.classes).toEqual({ 22: "guess" });
			const uneven = read(announced(announced(working(), 22), 23), 2).waits(21);
			read(announced(announced(uneven.waits(22).waits(23), 22), 23), 2).replies(21);
			expect(uneven.classes).toEqual({ 22: "guess" });
		});

		test("a guess if another was done at nearly the same time", () => {
			const story = working().writes(22, "22").writes(23, "23");
			story.step(server, 22, WireStepKind.COUNTER_WRITE, done, 1000);
			story.step(server, 23, WireStepKind.COUNTER_WRITE, done, 1000);
			expect(read(story, 2).replies(21).classes).toEqual({ 22: "guess" });
		});
	});

	test("a guess if it was only woken, until it waits again or replies to another client", () => {
		const woken = { childTid: 22, childPid: server.pid };
		const story = new Story().asks(0).hears(21, 0).step(server, 21, WireStepKind.WAKE, woken);
		story.waits(22).writes(22, "a").waits(22).writes(22, "b");
		expect([story.found, story.classes]).toEqual([{ a: ["stream", "wake"] }, { a: "guess" }]);
		const other = new Story().asks(0).hears(21, 0).step(server, 21, WireStepKind.WAKE, woken).waits(22).writes(22, "a");
		other.step(server, 22, WireStepKind.WRITE, { socket: "other", flags: ACCEPTED });
		expect(other.found).toEqual({});
	});

	test("likely if it was woken for it, and then woke the one that replied", () => {
		const wakes = (tid: number) => ({ childTid: tid, childPid: server.pid });
		const begun = () => new Story().asks(0).hears(21, 0).step(server, 21, WireStepKind.WAKE, wakes(22)).waits(22);
		const story = begun().writes(22, "a").step(server, 22, WireStepKind.WAKE, wakes(23)).waits(23).writes(23, "b");
		expect(story.classes).toEqual({ a: "guess", b: "guess" });
		expect([...story.daemons.handingOver()]).toEqual([server]);
		expect(story.replies(23).classes).toEqual({ a: "likely", b: "certain" });
		expect(story.found.a).toEqual(["replier", "agreement"]);
		expect(story.daemons.handingOver().size).toBe(0);
		const busy = begun().hearsOther(21).writes(22, "a").step(server, 22, WireStepKind.WAKE, wakes(23));
		expect(busy.waits(23).replies(23).classes).toEqual({ a: "guess" });
		// Woken by one that works for others.
		const other = new Story().asks(0).hears(21, 0).writes(22, "a").step(server, 22, WireStepKind.WAKE, wakes(23));
		expect(other.waits(23).writes(23, "b").replies(23).classes).toEqual({ b: "certain" });
	});

	test("all that a process does that was made for it, until that serves others", () => {
		const made = { childTid: child.pid, childPid: child.pid };
		const story = new Story().asks(0).hears(21, 0).step(server, 21, WireStepKind.CHILD, made).writes(30, "a", child);
		expect(ownershipOf(child, story.daemons)).toMatchObject({ class: "certain", rules: ["stream", "lineage"] });
		story.step(child, 30, WireStepKind.READ, { socket: "other", flags: ACCEPTED });
		expect(ownershipOf(child, story.daemons)).toBeNull();
	});

	test("likely at most, with all that rests on it, where steps were lost meanwhile, and certain again afterwards", () => {
		const result = { object: "results", position: 0 };
		const story = new Story().asks(0).hearsOther(21).hears(21, 0).writes(21, "a").waits(21);
		story.daemons.refreshed(false);
		story.writes(22, "b").step(server, 22, WireStepKind.WRITE, result);
		story.daemons.refreshed(false);
		story.step(server, 21, WireStepKind.READ, result).replies(21);
		expect(story.classes).toEqual({ a: "certain", b: "certain" });
		story.daemons.refreshed(true);
		expect(story.classes).toEqual({ a: "certain", b: "likely" });
		story.asks(8).hears(21, 8).writes(21, "c");
		expect(story.classes).toEqual({ a: "certain", b: "likely", c: "certain" });
	});

	test("likely at most, and only what is known, if one did too much at a time", () => {
		const story = new Story().asks(0).hears(21, 0).writes(21, "a").hearsOther(22).asks(8);
		story.step(server, 22, WireStepKind.REDUCED, { bytes: 7 }).writes(21, "b").hears(22, 8).writes(22, "c");
		expect(story.classes).toEqual({ a: "likely", c: "certain" });
	});

	test("what a process made for it does is likely at most once steps are missing: it may serve others", () => {
		const made = { childTid: child.pid, childPid: child.pid };
		const story = new Story().asks(0).hears(21, 0).step(server, 21, WireStepKind.CHILD, made).waits(21);
		story.daemons.refreshed(false);
		expect(ownershipOf(child, story.daemons)?.class).toBe("certain");
		story.step(child, 30, WireStepKind.REDUCED, { bytes: 5 });
		expect(ownershipOf(child, story.daemons)?.class).toBe("likely");
	});

	test("if it answered a thread that asked it for the command; likely what another thread does that reads the answer", () => {
		const asked = () =>
			new Story().asks(0).hears(21, 0).step(server, 21, WireStepKind.WRITE, { object: "jobs", socket: "backend" });
		const answered = asked().writes(30, "a", child).step(child, 30, WireStepKind.WRITE, { object: "results" });
		answered.step(server, 21, WireStepKind.READ, { object: "results", socket: "backend" }).writes(21, "b");
		expect(answered.found).toEqual({ a: ["stream", "answer"], b: ["stream"] });
		const late = asked().waits(21).step(server, 22, WireStepKind.READ, { socket: "backend" }).writes(22, "c");
		expect([late.found, late.classes]).toEqual([{ c: ["stream", "late-answer"] }, { c: "likely" }]);
	});

	test("all of a process that may have been made for it, and then read from it, until that serves others", () => {
		const made = { childTid: child.pid, childPid: child.pid };
		const met = { object: "ask", socket: "s", open: 1 };
		const story = new Story()
			.asks(0)
			.step(server, 21, WireStepKind.ACCEPT, met)
			.step(server, 21, WireStepKind.CHILD, made);
		expect(ownershipOf(child, story.daemons)?.class).toBe("guess");
		story.step(child, 30, WireStepKind.READ, { object: "ask", socket: "s", flags: ACCEPTED });
		expect(ownershipOf(child, story.daemons)).toMatchObject({ class: "certain", rules: ["stream"] });
		story.step(child, 30, WireStepKind.READ, { socket: "other", flags: ACCEPTED });
		expect(ownershipOf(child, story.daemons)).toBeNull();
	});

	test("of each of two processes with the same pid for itself", () => {
		const next = new Process(server.pid, 2, 0);
		const story = new Story().asks(0).hears(21, 0).writes(21, "a").asks(8);
		const over = { object: "ask", socket: "s", flags: ACCEPTED, position: 8 };
		story.step(next, 21, WireStepKind.READ, over).writes(21, "b", next).writes(22, "c", next);
		expect(edgesOf(story.daemons).map(({ to }) => to)).toEqual([server, next]);
		expect(story.found).toEqual({ a: ["stream"], b: ["stream"] });
	});

	test("what a process does in a cgroup that was made for it, whoever put it there", () => {
		const cgroup = { object: "7" };
		const story = new Story().asks(0).hears(21, 0).step(server, 21, WireStepKind.CGROUP, cgroup);
		story.step(child, 30, WireStepKind.JOIN, cgroup).step(command, 10, WireStepKind.CGROUP, { object: "8" });
		expect(ownershipOf(child, story.daemons)).toMatchObject({ class: "certain", rules: ["stream", "cgroup"] });
		story.step(child, 30, WireStepKind.READ, { socket: "other", flags: ACCEPTED });
		expect(ownershipOf(child, story.daemons)).toBeNull();
		const own = new Story().step(command, 10, WireStepKind.CGROUP, cgroup).step(child, 30, WireStepKind.JOIN, cgroup);
		expect(ownershipOf(child, own.daemons)).toMatchObject({ class: "certain", rules: ["cgroup"] });
	});

	test("unknown if a table is full, and that is counted", () => {
		const most = { segments: 8, streams: 2, threads: 4, daemons: 1, files: 64 };
		const story = new Story(most);
		for (let index = 0; index < 23; index++) story.writes(22, `${index}`).waits(22);
		expect(story.daemons.missed).toBeGreaterThan(8);
		const full = new Story({ ...most, files: 3 });
		for (let index = 0; index < 5; index++) full.writes(22, `${index}`);
		expect(full.writes(30, "a", child).writes(30, "b", child).daemons.missed).toBe(2 + 1);
		expect([...full.daemons.all.keys()]).toEqual([server]);
	});

	test("kept without what it came from once there is too much, however long the chain", () => {
		const most = { segments: 8, streams: 8, threads: 8, daemons: 8, files: 64 };
		const story = new Story(most).asks(0).hears(21, 0);
		const pass = (from: number, to: number, position: number) =>
			story
				.writes(from, `${position}`)
				.step(server, from, WireStepKind.WRITE, { object: "ring", position })
				.step(server, to, WireStepKind.READ, { object: "ring", position });
		for (let index = 0; index < 40; index++) pass(21 + (index % 2), 21 + ((index + 1) % 2), 8 * index);
		const lengths = [...story.daemons.claimed()].map(({ chain }) => chain.length);
		expect(Math.max(...lengths)).toBeLessThanOrEqual(2 * most.segments);
		expect(lengths.length).toBeLessThanOrEqual(most.segments + 1);
		expect(story.daemons.missed).toBeGreaterThan(20);
		expect(Object.values(story.classes)).toEqual(lengths.slice(1).map(() => "certain"));
	});
});
