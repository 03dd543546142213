/** What one thread does between two boundaries, and for whom: the unit that is the command's or is not. */

import type { Process } from "../../model/tables/process/process.ts";
import type { Naming } from "../naming.ts";
import { type Class, classOf, isSurer, type RuleName, weakest } from "../rules.ts";

/** Who did something. */
export interface Actor {
	readonly process: Process;
	readonly tid: number;
}

/** Why a segment is the command's. */
export interface Claim {
	readonly class: Class;
	readonly rule: RuleName;
	/** Whose it is by that: a daemon's thread, or a process of the command's. */
	readonly from: Segment | Process;
	readonly why: string;
}

/** What a segment did with one file. */
export interface FileEffect extends Naming {
	readonly key: string;
	/** Where it is known already: of what was made, removed or renamed. */
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

/** Chains that are longer are not followed. */
const MOST_HOPS = 16;

export class Segment {
	readonly actor: Actor;
	claim: Claim | null = null;
	/** It is known to be somebody else's. */
	isOthers = false;
	/** It began with bytes that were read. */
	hasRead = false;
	/** Who wrote those is not known yet. */
	isUnexplained = false;
	/** A process of the command's that it replied to before that is known. */
	repliedTo: Process | null = null;
	/** Number of the refresh in which a step of it was last told of. */
	refresh = 0;
	readonly files = new Map<string, FileEffect>();
	/** How sure it can be at most. */
	#most: Class = "certain";
	/** Those whose bytes it read, or who made it. */
	readonly causes: Edge[] = [];
	/** Those that go on for whomever this one is for. */
	readonly #followers: Edge[] = [];

	constructor(actor: Actor) {
		this.actor = actor;
	}

	/** `rule` and all before it, from the command on. */
	get chain(): RuleName[] {
		const rules: RuleName[] = [];
		let claim = this.claim;
		while (claim !== null && rules.length <= MOST_HOPS) {
			rules.unshift(claim.rule);
			claim = claim.from instanceof Segment ? claim.from.claim : null;
		}
		return rules;
	}

	/** It goes on for whomever `cause` is for, now or as soon as that is known. */
	follow(cause: Segment, rule: RuleName, why: string): void {
		this.causes.push({ segment: cause, rule, why });
		cause.#followers.push({ segment: this, rule, why });
		if (cause.isOthers && classOf(rule) !== "guess") this.isOthers = true;
		if (cause.claim !== null) this.take(cause, rule, why);
	}

	/** It is the command's, as surely as `rule` and `from` are. */
	take(from: Segment | Process, rule: RuleName, why: string, hops = 0): void {
		const sure = this.#sureness(from, rule);
		if (hops > MOST_HOPS || (this.claim !== null && !isSurer(sure, this.claim.class))) return;
		if (from instanceof Segment && isBefore(this, from)) return;
		this.claim = { class: sure, rule, from, why };
		this.isOthers = false;
		for (const { segment, rule: edge, why: says } of this.#followers) segment.take(this, edge, says, hops + 1);
	}

	/** Steps of it may be missing, its end among them: it is certain no more, nor is what rests on it. */
	doubt(): void {
		this.#most = "likely";
		this.#weaken();
	}

	#sureness(from: Segment | Process, rule: RuleName): Class {
		const before = from instanceof Segment ? (from.claim?.class ?? "certain") : "certain";
		return weakest(weakest(classOf(rule), before), this.#most);
	}

	/** A list of its own, since what rests on one another may be longer than the stack is deep. */
	#weaken(): void {
		const waiting: Segment[] = [this];
		for (let segment = waiting.pop(); segment !== undefined; segment = waiting.pop()) {
			const { claim } = segment;
			if (claim === null) continue;
			const sure = segment.#sureness(claim.from, claim.rule);
			if (!isSurer(claim.class, sure)) continue;
			segment.claim = { ...claim, class: sure };
			for (const { segment: next } of [...segment.#followers, ...segment.causes])
				if (next.claim?.from === segment) waiting.push(next);
		}
	}

	/** Its reply was the command's: so were those whose bytes made it. Gives all that are known to be so by that. */
	takeBack(why: string, hops = 0): Segment[] {
		if (hops > MOST_HOPS) return [];
		return this.causes.flatMap(({ segment, rule }) => {
			const back = BACK[rule];
			if (back === undefined || segment.isOthers || segment.claim?.class === "certain") return [];
			segment.take(this, back, why);
			return [segment, ...segment.takeBack(why, hops + 1)];
		});
	}
}

/** What a rule is called where it is gone along backwards. */
const BACK: Partial<Record<RuleName, RuleName>> = {
	stream: "backflow",
	"stream-unsure": "counter-batch",
	counter: "counter",
	batch: "counter-batch",
	"counter-batch": "counter-batch",
};

/** Whether `from` has its claim by `segment`: a claim may not rest on itself. */
function isBefore(segment: Segment, from: Segment): boolean {
	let claim: Claim | null = from.claim;
	for (let hops = 0; claim?.from instanceof Segment && hops <= 4 * MOST_HOPS; hops++) {
		if (claim.from === segment) return true;
		claim = claim.from.claim;
	}
	return from === segment;
}
