/** What `ebtop diff` reports; `schema/diff.schema.json` is made from it. */

import type { Amount, Count, Text, Time } from "../model/values.ts";

export const COMPARISON_SCHEMA = "ebtop-diff/1";

/** The differences between two spans of recordings. */
export interface Comparison {
	readonly schema: typeof COMPARISON_SCHEMA;
	readonly a: ComparedSpan;
	readonly b: ComparedSpan;
	/** By kind, the largest of each kind first; empty if nothing differs. */
	readonly differences: readonly Difference[];
}

export interface ComparedSpan {
	/** As on the command line. */
	readonly path: Text;
	readonly host: Text;
	readonly from: Time;
	readonly to: Time;
	/** What was measured between them. */
	readonly seconds: Amount;
	readonly refreshes: Count;
	/** How often something of the recording is missing. */
	readonly gaps: Count;
	/** Records that were lost while it was recorded. */
	readonly lost: Count;
	/** Rows that were left out: more than 50,000 of a table. */
	readonly left: Count;
}

export type DifferenceKind =
	| "machine"
	| "program"
	| "file"
	| "link"
	| "call"
	| "connection"
	| "disk"
	| "container"
	| "event";

export interface Difference {
	readonly kind: DifferenceKind;
	/** came: only in b; went: only in a. */
	readonly change: "came" | "went" | "changed";
	/** What it is, for example `{ "comm": "dd", "path": "/var/out" }`; # and <id> stand for what differs from run to run. */
	readonly name: Readonly<Record<string, Text>>;
	/**
	 * …Rate are per second of the span, …Bytes bytes, …Ns nanoseconds, cpuPercent a mean (100 is one CPU), others
	 * numbers of things. Null in the span that does not have it.
	 */
	readonly a: Figures | null;
	readonly b: Figures | null;
}

export type Figures = Readonly<Record<string, Amount>>;
