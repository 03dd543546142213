// Runs the command given by its arguments, follows it, and prints what ebtop and simpler rules find in the same steps:
// {"RULE": [paths of files that were created]}. A separate program, since it drops its capabilities.

import { parseCommandLine } from "../../src/cli/command-line.ts";
import { causedBy } from "../../src/follow/caused.ts";
import { Followed } from "../../src/follow/followed.ts";
import { classOf, isMoreCertain } from "../../src/follow/rules.ts";
import type { FileCreateData, ForkData } from "../../src/model/event-data.ts";
import type { EventType } from "../../src/model/event-types.ts";
import { Model } from "../../src/model/model.ts";
import type { ModelObserver } from "../../src/model/observer.ts";
import { createStore } from "../../src/model/store.ts";
import { dataOf, type NewEvent } from "../../src/model/tables/new-event.ts";
import type { Process } from "../../src/model/tables/process/process.ts";
import type { Step } from "../../src/model/tables/step.ts";
import { WireStepFlag, WireStepKind } from "../../src/model/wire/layout.gen.ts";
import { makeCommand } from "../../src/run/launch.ts";
import { openFeed } from "../../src/run/open-feed.ts";
import { Pipeline } from "../../src/run/pipeline.ts";

/** By which rule a baseline attributes a file to the command. */
class Baselines {
	readonly paths: Record<"same thread" | "wake chain" | "time window" | "peer for ever", string[]> = {
		"same thread": [],
		"wake chain": [],
		"time window": [],
		"peer for ever": [],
	};
	/**
	 * Streams that the command wrote to, connections over which it sent requests, threads that read its request last.
	 */
	readonly #asked = new Set<string>();
	readonly #open = new Map<Process, Set<string>>();
	readonly #threads = new Map<string, string>();
	/** Threads that the thread which read a request woke, and those that these woke, until they wait again. */
	readonly #chain = new Set<string>();
	/** Such threads before they go on. */
	readonly #called = new Set<string>();
	readonly #met = new Set<Process>();
	/** Children of daemons count as these, except by the rule of the thread, which has its own. */
	readonly #parents = new Map<Process, Process>();

	stepped({ process, tid, kind, object, socket, flags, childPid, childTid }: Step, isOfCommand: boolean): void {
		const { READ, WRITE, CHILD, WAIT, WAKE } = WireStepKind;
		if (isOfCommand) {
			if (kind === WRITE) this.#asked.add(object);
			return;
		}
		const thread = `${process.serial} ${tid}`;
		const isAccepted = (flags & WireStepFlag.ACCEPTED) !== 0;
		if (kind === READ && this.#asked.has(object)) {
			this.#met.add(process);
			this.#threads.set(thread, socket);
			this.#chain.add(thread);
			const open = this.#open.get(process) ?? new Set();
			this.#open.set(process, open.add(socket));
		} else if (kind === READ && isAccepted) {
			this.#threads.delete(thread);
			this.#chain.delete(thread);
		} else if (kind === WAIT) {
			this.#chain.delete(thread);
			if (this.#called.delete(thread)) this.#chain.add(thread);
		} else if (kind === WAKE) {
			const sleeper = newest(childPid);
			if (sleeper !== undefined && this.#chain.has(thread)) this.#called.add(`${sleeper.serial} ${childTid}`);
		} else if (kind === WRITE) {
			if (isAccepted) this.#chain.delete(thread);
			this.#open.get(process)?.delete(socket);
			if (this.#threads.get(thread) === socket) this.#threads.delete(thread);
		} else if (kind === CHILD) {
			const child = childPid === process.pid ? process : newest(childPid);
			const request = this.#threads.get(thread);
			if (child !== undefined && request !== undefined) this.#threads.set(`${child.serial} ${childTid}`, request);
			if (child !== undefined && this.#chain.has(thread)) this.#chain.add(`${child.serial} ${childTid}`);
		}
	}

	forked(parent: Process, childPid: number): void {
		const child = newest(childPid);
		if (child !== undefined) this.#parents.set(child, parent);
	}

	made(path: string, process: Process, tid: number): void {
		if (this.#threads.has(`${process.serial} ${tid}`)) this.paths["same thread"].push(path);
		if (this.#chain.has(`${process.serial} ${tid}`)) this.paths["wake chain"].push(path);
		if (this.#isOrComesFrom(process, (each) => (this.#open.get(each)?.size ?? 0) > 0))
			this.paths["time window"].push(path);
		if (this.#isOrComesFrom(process, (each) => this.#met.has(each))) this.paths["peer for ever"].push(path);
	}

	#isOrComesFrom(process: Process, isMeant: (process: Process) => boolean): boolean {
		for (let each: Process | undefined = process; each !== undefined; each = this.#parents.get(each))
			if (isMeant(each)) return true;
		return false;
	}
}

let newest: (pid: number) => Process | undefined = () => undefined;

const command = makeCommand(process.argv.slice(2));
const options = parseCommandLine([
	"--follow",
	String(command.pid),
	"--require-bpf",
	"--delay",
	"0.5",
	"--panes",
	"files,ipc",
]);
const { feed, lockDown } = await openFeed(options, "fast");
const followed = new Followed([command.pid]);
const baselines = new Baselines();
const both: ModelObserver = {
	begin(tables) {
		followed.begin(tables);
		newest = (pid) => tables.processes.newest(pid);
	},
	happened(event: NewEvent<EventType>) {
		followed.happened(event);
		const { type, process: who, tid } = event;
		if (type === "fork" && who !== null) baselines.forked(who, (dataOf(event) as ForkData).childPid);
		if (type !== "file-create" || who === null || tid === undefined || followed.lineage.has(who)) return;
		baselines.made((dataOf(event) as FileCreateData).path, who, tid);
	},
	stepped(step) {
		followed.stepped(step);
		baselines.stepped(step, followed.lineage.has(step.process));
	},
	ticked: (tables, tick) => followed.ticked(tables, tick),
};
const model = new Model(feed.info, {}, both);
const pipeline = new Pipeline({ feed, model, store: createStore(), recorder: null, atEnd: null, count: null });
pipeline.start();
lockDown();
const { error, code } = await command.run();
await new Promise((resolve) => setTimeout(resolve, 300));
pipeline.stop(true);
const failure = await pipeline.ended;
if (failure !== null) throw failure;
if (error !== 0 || code !== 0) throw new Error(`the command ended with ${code ?? error}`);
const made = causedBy(followed)
	.files.map(({ listed }) => listed)
	.filter(({ created }) => created);
const ofClass = (...classes: readonly string[]) =>
	made.filter((file) => classes.includes(file.class)).map(({ path }) => path);
const said = {
	certain: ofClass("certain"),
	"certain and likely": ofClass("certain", "likely"),
	"with guesses": ofClass("certain", "likely", "guess"),
	...baselines.paths,
};
const byRule: Record<string, string[]> = {};
for (const { path, rules } of made) {
	const weakest = rules.map(classOf).reduce((one, next) => (isMoreCertain(one, next) ? next : one), "certain");
	for (const rule of new Set(rules)) if (classOf(rule) === weakest) byRule[rule] = [...(byRule[rule] ?? []), path];
}
const report = JSON.stringify({ said, byRule, lost: followed.health?.records.lost ?? null });
process.stdout.write(report, () => process.exit(0));
