/** The rules by which something counts as caused by the command, as data. What matches no rule is not followed. */

/**
 * certain: at least 99 % right; likely: 95 %; guess: about half, never in totals. A class is a promise against accident, not
 * against a program that lies on purpose.
 */
export type Class = "certain" | "likely" | "guess";

const ORDER: readonly Class[] = ["certain", "likely", "guess"];

/** A chain is as sure as its weakest edge. */
export function weakest(one: Class, other: Class): Class {
	return ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}

export function isSurer(one: Class, other: Class): boolean {
	return ORDER.indexOf(one) < ORDER.indexOf(other);
}

export type RuleName =
	| "lineage"
	| "accept"
	| "stream"
	| "answer"
	| "late-answer"
	| "replier"
	| "backflow"
	| "stream-unsure"
	| "counter"
	| "batch"
	| "counter-batch";

export interface Rule {
	readonly rule: RuleName;
	readonly class: Class;
	readonly says: string;
}

export const RULES: readonly Rule[] = [
	{
		rule: "lineage",
		class: "certain",
		says: "A process or thread does what it does for whoever started it, whatever becomes of its parent or its user.",
	},
	{
		rule: "accept",
		class: "certain",
		says: "A thread that accepted a connection of the command's goes on for it until it waits for another.",
	},
	{
		rule: "stream",
		class: "certain",
		says: "A thread that read the very bytes of a pipe or connection goes on for whoever wrote them.",
	},
	{
		rule: "answer",
		class: "certain",
		says: "A thread that wrote to a connection and then read from it goes on; who answered it worked for it.",
	},
	{
		rule: "late-answer",
		class: "likely",
		says: "As answer, where the thread did other things before, and nobody else had asked over that connection.",
	},
	{
		rule: "replier",
		class: "certain",
		says: "A worker that replied on a connection of the command's did for it what it did since it last waited or replied.",
	},
	{
		rule: "backflow",
		class: "certain",
		says: "The reply was sent on by a thread that had just read the bytes in which a worker told what it had done.",
	},
	{
		rule: "stream-unsure",
		class: "guess",
		says: "As stream, over a pipe or connection in which something was under way when the following began.",
	},
	{
		rule: "counter",
		class: "likely",
		says: "As backflow, through an eventfd to which one worker alone had written.",
	},
	{
		rule: "batch",
		class: "guess",
		says: "The thread had read several requests that were not answered, and this is one of them.",
	},
	{
		rule: "counter-batch",
		class: "guess",
		says: "As counter, where several workers had written.",
	},
];

export function classOf(rule: RuleName): Class {
	return RULES.find((known) => known.rule === rule)?.class ?? "guess";
}

/** Of all that descendants did. */
export const BY_LINEAGE = { class: "certain", rules: ["lineage"] } as const;
