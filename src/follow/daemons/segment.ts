/** What one thread does between two boundaries: it is claimed for the command as a whole, or not at all. */

import type { Process } from "../../model/tables/process/process.ts";
import type { Naming } from "../naming.ts";
import { type Class, classOf, isMoreCertain, type RuleName, weakest } from "../rules.ts";

/** The thread that did something. */
export interface Actor {
	readonly process: Process;
	readonly tid: number;
}

/** Why a segment was done for the command. */
export interface Claim {
	readonly class: Class;
	readonly rule: RuleName;
	/** Where the claim comes from: a segment of a daemon, or a process of the command. */
	readonly from: Segment | Process;
	readonly why: string;
}

/** What a segment did with one file. */
export interface FileEffect extends Naming {
	readonly key: string;
	/** Known only for files that were made, removed or renamed; otherwise null. */
	readonly path: string | null;
	opens: number;
	readBytes: number;
	writeBytes: number;
}

interface Edge {
	readonly segment: Segment;
	readonly rule: RuleName;
	readonly why: string;
}

/** Longer chains are not followed. */
const MOST_HOPS = 16;

export class Segment {
	readonly actor: Actor;
	claim: Claim | null = null;
	/** It is known to be for another client. */
	isOthers = false;
	/** It passed on a message, whose header alone says for whom. */
	isMessage = false;
	/** It began with a read. */
	hasRead = false;
	/** The writer of these bytes is not known yet. */
	isUnexplained = false;
	/** While the writer was unknown, it replied to a process of the command: what then will be known of that reply. */
	whenExplained: (() => void) | null = null;
	/** Requests that its thread had read before, and not answered. */
	open = 0;
	/** Its thread has read another request since. */
	isOvertaken = false;
	/** The accepted connection that it began to read from. */
	request: string | null = null;
	/** It began after this. */
	readonly sinceNs: number;
	/** When its first and its last step were made; NaN before them. */
	firstNs = Number.NaN;
	lastNs = Number.NaN;
	/** The refresh in which its last step was reported. */
	refresh = 0;
	readonly files = new Map<string, FileEffect>();
	/** The best class that its claim can have. */
	#most: Class = "certain";
	/** The segments whose bytes it read, or that made it. */
	readonly causes: Edge[] = [];
	/** The segments that work for the same client as this one. */
	#followers: Edge[] = [];
	#isDropped = false;
	/** What it did went to another client: no guess is made any more, whatever becomes known of what it read. */
	#isDisowned = false;

	constructor(actor: Actor, sinceNs: number) {
		this.actor = actor;
		this.sinceNs = sinceNs;
	}

	/** Nothing but a wake-up says for whom it works. */
	get isOnlyWoken(): boolean {
		return !this.hasRead && this.causes.every(({ rule }) => rule === "wake");
	}

	/** The rules of the claim, from the command on. */
	get chain(): RuleName[] {
		const rules: RuleName[] = [];
		let claim = this.claim;
		while (claim !== null && rules.length <= MOST_HOPS) {
			rules.unshift(claim.rule);
			claim = claim.from instanceof Segment ? claim.from.claim : null;
		}
		return rules;
	}

	touch(timeNs: number): void {
		if (Number.isNaN(this.firstNs)) this.firstNs = timeNs;
		this.lastNs = timeNs;
	}

	/** It works for the same client as `cause`, now or as soon as that is known. */
	follow(cause: Segment, rule: RuleName, why: string): void {
		this.causes.push({ segment: cause, rule, why });
		cause.#followers.push({ segment: this, rule, why });
		if (cause.isOthers && classOf(rule) !== "guess") this.isOthers = true;
		if (cause.claim !== null) this.take(cause, rule, why);
	}

	/** Claims it for the command, as certain as `rule` and `from` are. */
	take(from: Segment | Process, rule: RuleName, why: string, hops = 0): void {
		const sure = this.#sureness(from, rule);
		if (hops > MOST_HOPS || (this.claim !== null && !isMoreCertain(sure, this.claim.class))) return;
		if ((this.isMessage || this.#isDisowned) && sure === "guess") return;
		if (from instanceof Segment && isBefore(this, from)) return;
		this.claim = { class: sure, rule, from, why };
		this.isOthers = false;
		for (const { segment, rule: edge, why: says } of this.#followers) segment.take(this, edge, says, hops + 1);
	}

	/** It turns out to be for another client: so it was not the job that it was woken for. */
	refute(): void {
		if (this.claim?.rule === "wake") this.disown();
	}

	/** It replied to another client: so guesses that the segments whose bytes it used were for the command are wrong. */
	refuteBack(): Segment[] {
		const refuted = this.causes.filter(({ segment, rule }) => BACK[rule] && segment.claim?.class === "guess");
		for (const { segment } of refuted) segment.disown();
		return refuted.map(({ segment }) => segment);
	}

	/** Its thread also had a request of which nothing was known: it may have worked for both. */
	share(): void {
		if (this.claim?.rule !== "stream" || this.claim.class === "guess") return;
		this.claim = { ...this.claim, rule: "batch", class: "guess" };
		this.#weakenRest();
	}

	/** It is for another client, whatever was thought of it. */
	disown(): void {
		this.isOthers = true;
		this.#isDisowned = true;
		const waiting: Segment[] = [this];
		for (let segment = waiting.pop(); segment !== undefined; segment = waiting.pop()) {
			segment.claim = null;
			for (const { segment: next } of segment.#followers) if (next.claim?.from === segment) waiting.push(next);
		}
	}

	/** Steps of it, even its end, may be missing: neither it nor any claim that depends on it is certain any more. */
	doubt(): void {
		this.#most = "likely";
		this.#weaken();
	}

	/** It is not kept any more, nor what it came from: a chain has no end. */
	drop(): void {
		this.#isDropped = true;
		this.files.clear();
		this.causes.length = 0;
		this.#followers.length = 0;
		if (this.claim?.from instanceof Segment) this.claim = { ...this.claim, from: this.claim.from.actor.process };
	}

	/** Other segments were dropped. */
	prune(): void {
		if (this.#followers.some(({ segment }) => segment.#isDropped))
			this.#followers = this.#followers.filter(({ segment }) => !segment.#isDropped);
	}

	#sureness(from: Segment | Process, rule: RuleName): Class {
		const before = from instanceof Segment ? (from.claim?.class ?? "certain") : "certain";
		return weakest(weakest(classOf(rule), before), this.#most);
	}

	/** Uses a list instead of recursion, since chains may be longer than the stack allows. */
	#weaken(): void {
		this.#weakenAll([this]);
	}

	/** Those whose claims depend on it. */
	#weakenRest(): void {
		const depend = [...this.#followers, ...this.causes].map(({ segment }) => segment);
		this.#weakenAll(depend.filter(({ claim }) => claim?.from === this));
	}

	#weakenAll(waiting: Segment[]): void {
		for (let segment = waiting.pop(); segment !== undefined; segment = waiting.pop()) {
			const { claim } = segment;
			if (claim === null) continue;
			const sure = segment.#sureness(claim.from, claim.rule);
			if (!isMoreCertain(claim.class, sure)) continue;
			segment.claim = { ...claim, class: sure };
			for (const { segment: next } of [...segment.#followers, ...segment.causes])
				if (next.claim?.from === segment) waiting.push(next);
		}
	}

	/** The name of the rule when it is applied backwards to `cause`. */
	#backRule({ claim }: Segment, rule: RuleName, isAnswered: boolean): RuleName | undefined {
		if (isAnswered && this.causes.length === 1) return "backflow";
		// A wake-up by one that works for the command led to it, and another one from it to the reply. But if there were
		// other jobs, another worker may have taken this one, and the woken one another.
		const [from, own] = [claim?.from, this.claim?.rule];
		const isOnlyJob = from instanceof Segment && from.open === 0 && !from.isOvertaken;
		if (isOnlyJob && rule === "wake" && claim?.rule === "wake" && own === "replier") return "agreement";
		return BACK[rule];
	}

	/**
	 * It replied to the command: so the segments whose bytes it used worked for the command too. Returns all that were
	 * claimed. `isAnswered`: what it read is the answer to a request that was passed on after the command's.
	 */
	takeBack(why: string, isAnswered = false, hops = 0): Segment[] {
		if (hops > MOST_HOPS) return [];
		return this.causes.flatMap(({ segment, rule }) => {
			const back = this.#backRule(segment, rule, isAnswered);
			if (back === undefined || segment.isMessage || segment.isOthers || segment.claim?.class === "certain") return [];
			segment.take(this, back, why);
			return [segment, ...segment.takeBack(why, false, hops + 1)];
		});
	}
}

/** The name of a rule when it is applied backwards. */
const BACK: Partial<Record<RuleName, RuleName>> = {
	stream: "backflow",
	"stream-unsure": "counter-batch",
	message: "message",
	counter: "counter",
	batch: "counter-batch",
	"counter-batch": "counter-batch",
};

/** Whether the claim of `from` depends on `segment`: a claim must not depend on itself. */
function isBefore(segment: Segment, from: Segment): boolean {
	let claim: Claim | null = from.claim;
	for (let hops = 0; claim?.from instanceof Segment && hops <= 4 * MOST_HOPS; hops++) {
		if (claim.from === segment) return true;
		claim = claim.from.claim;
	}
	return from === segment;
}
