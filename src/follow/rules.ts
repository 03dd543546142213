/** The rules by which something counts as caused by the command, as data. Anything else is not followed. */

/**
 * certain: at least 99 % right; likely: 95 %; guess: about half, never in totals. A class holds against accidents, not
 * against a program that lies on purpose.
 */
export type Class = "certain" | "likely" | "guess";

const ORDER: readonly Class[] = ["certain", "likely", "guess"];

export function isClass(text: string): text is Class {
	return ORDER.some((each) => each === text);
}

/** A chain is as certain as its weakest edge. */
export function weakest(one: Class, other: Class): Class {
	return ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}

export function isMoreCertain(one: Class, other: Class): boolean {
	return ORDER.indexOf(one) < ORDER.indexOf(other);
}

export type RuleName =
	| "lineage"
	| "cgroup"
	| "accept"
	| "stream"
	| "answer"
	| "late-answer"
	| "replier"
	| "turn"
	| "backflow"
	| "stream-unsure"
	| "counter"
	| "agreement"
	| "message"
	| "activation"
	| "signal"
	| "batch"
	| "counter-batch"
	| "wake";

export interface Rule {
	readonly rule: RuleName;
	readonly class: Class;
	readonly says: string;
}

/** Of the files that a rule attributed to the command, where no rule of the chain is weaker: how many were made for it. */
export interface Measured {
	readonly right: number;
	readonly said: number;
	/** The servers of `npm run bench -- follow`. */
	readonly on: string;
}

export const RULES: readonly Rule[] = [
	{
		rule: "lineage",
		class: "certain",
		says: "A process or thread works for the one that started it, even if its parent dies or its user changes.",
	},
	{
		rule: "cgroup",
		class: "certain",
		says: "A process works for the one that made its cgroup, whoever put it there.",
	},
	{
		rule: "accept",
		class: "certain",
		says: "A thread that accepted a connection from the command works for it until it waits for another.",
	},
	{
		rule: "stream",
		class: "certain",
		says: "A thread that read bytes from a pipe or connection works for the one that wrote them.",
	},
	{
		rule: "answer",
		class: "certain",
		says: "A thread that wrote to a connection and then read the answer continues; the one that answered worked for it.",
	},
	{
		rule: "late-answer",
		class: "likely",
		says: "Like answer, if the thread did other things in between and no other request was open on that connection.",
	},
	{
		rule: "replier",
		class: "certain",
		says: "A worker that replied over a connection of the command worked for it since it last waited or replied.",
	},
	{
		rule: "turn",
		class: "certain",
		says: "A thread that read from one connection of the command and replied only to it, between two waits, worked for it.",
	},
	{
		rule: "backflow",
		class: "certain",
		says: "The thread that sent the reply had just read bytes from a worker: the worker worked for the command.",
	},
	{
		rule: "stream-unsure",
		class: "guess",
		says: "Like stream, over a pipe or connection with bytes in transit when the following began.",
	},
	{
		rule: "counter",
		class: "likely",
		says: "Like backflow, through an eventfd: the worker whose turn it was, if no other was done at nearly the same time.",
	},
	{
		rule: "agreement",
		class: "likely",
		says: "A worker that was woken for the command's request, while no other was open, and woke the one that replied.",
	},
	{
		rule: "message",
		class: "likely",
		says: "A D-Bus message belongs to the one whose name and serial number its header has, through the bus and back.",
	},
	{
		rule: "activation",
		class: "likely",
		says: "A service that a D-Bus daemon started works for the one whose call it was passed first.",
	},
	{
		rule: "signal",
		class: "likely",
		says: "A thread that was waiting when a signal of the command came works for it until it waits again.",
	},
	{
		rule: "batch",
		class: "guess",
		says: "The thread had read several unanswered requests, and this is one of them.",
	},
	{
		rule: "counter-batch",
		class: "guess",
		says: "Like counter, if the turn is not certain.",
	},
	{
		rule: "wake",
		class: "guess",
		says: "A worker that waited in futex() works for the thread that woke it.",
	},
];

/** When and on what `MEASURED` was measured. */
export const MEASURED_ON =
	"on 2026-11-28, Linux 6.18, with 3 and 24 clients (agreement: 1 to 3; counter: 1, 3, 24) of 4 workers, 53 requests, one run, on two busy cores (load above 20)";

/** Null: no server of the benchmark needs the rule; a test of its own holds it. */
export const MEASURED: Readonly<Record<RuleName, Measured | null>> = {
	lineage: { right: 430, said: 430, on: "fork deferred shim" },
	cgroup: null,
	accept: { right: 212, said: 212, on: "fork" },
	stream: {
		right: 2206,
		said: 2206,
		on: "tpc prefork loop poolread pipeq deferred shim proxy pipelined goroutine handover oneshot pieces go",
	},
	answer: null,
	"late-answer": null,
	replier: { right: 1708, said: 1708, on: "pool poolread pipeq deferred mux shim relay pipelined stages gopool" },
	turn: { right: 6, said: 6, on: "pieces" },
	backflow: { right: 1042, said: 1042, on: "pipeq deferred mux shim relay" },
	"stream-unsure": { right: 0, said: 20, on: "deferred" },
	counter: { right: 616, said: 618, on: "poolback shmq" },
	agreement: { right: 63, said: 63, on: "stages" },
	message: { right: 530, said: 530, on: "dbus activated" },
	activation: { right: 81, said: 81, on: "activated" },
	signal: { right: 212, said: 212, on: "signalled" },
	batch: { right: 36, said: 407, on: "deferred mux pieces stages poolback" },
	"counter-batch": { right: 8, said: 8, on: "poolback shmq" },
	wake: { right: 27, said: 31, on: "mux stages" },
};

export function classOf(rule: RuleName): Class {
	return RULES.find((known) => known.rule === rule)?.class ?? "guess";
}

/** The certainty of everything that descendants did. */
export const BY_LINEAGE = { class: "certain", rules: ["lineage"] } as const;
