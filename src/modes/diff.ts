/** `ebtop diff A B`: what differs between two recordings, or two spans of them. */

import { statSync } from "node:fs";
import { type Options, parseCommandLine } from "../cli/command-line.ts";
import { usage } from "../cli/values.ts";
import { differencesOf } from "../compare/compare.ts";
import { COMPARISON_SCHEMA, type ComparedSpan, type Comparison } from "../compare/comparison.ts";
import { comparisonText } from "../compare/text.ts";
import { Failure } from "../failure.ts";
import { SpanSums, type SpanTotals } from "../history/span.ts";
import { cut, join } from "../history/state.ts";
import { parseWhen, WHEN_HELP, type When } from "../history/when.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { growth } from "../model/stats/rate.ts";
import { createStore } from "../model/store.ts";
import { printText } from "../output/print-text.ts";
import { beginningAt } from "../run/beginning.ts";
import { endFailure, openRun } from "../run/run.ts";

/** Returns the exit status: 0 if nothing differs, 1 if something does. Rejects with a Failure of status 2. */
export async function diff(words: readonly string[]): Promise<number> {
	const isJson = words.includes("--json");
	const [one, other, ...rest] = words.filter((word) => word !== "--json");
	if (one === undefined || other === undefined || rest.length > 0) {
		throw usage("ebtop diff takes two recordings, or spans of them as FILE@FROM..TO, and --json.");
	}
	try {
		return await compare([parseSpan(one), parseSpan(other)], isJson);
	} catch (error) {
		throw error instanceof Failure ? new Failure(error.message, 2) : error;
	}
}

interface Span {
	/** As it was given. */
	readonly word: string;
	readonly path: string;
	/** Null: from its beginning, to its end. */
	readonly from: When | null;
	readonly to: When | null;
}

async function compare(spans: readonly [Span, Span], isJson: boolean): Promise<number> {
	const [a, b] = [await open(spans[0]), await open(spans[1])];
	await a.lockDown();
	const read = [await a.read(), await b.read()] as const;
	const comparison: Comparison = {
		schema: COMPARISON_SCHEMA,
		a: read[0].span,
		b: read[1].span,
		differences: differencesOf(read[0].totals.snapshot, read[1].totals.snapshot),
	};
	await printText(isJson ? `${JSON.stringify(comparison)}\n` : comparisonText(comparison), isJson ? "json" : "text");
	const problem = read[0].problem ?? read[1].problem;
	if (problem !== null) throw problem;
	return comparison.differences.length === 0 ? 0 : 1;
}

/** A path with an @ in it may be that of a file. */
function parseSpan(word: string): Span {
	const [, path, from, to] = /^(.+)@(.*)\.\.(.*)$/s.exec(word) ?? [];
	const isPath = path === undefined || statSync(word, { throwIfNoEntry: false }) !== undefined;
	if (isPath) return { word, path: word, from: null, to: null };
	return { word, path, from: parseBound(from), to: parseBound(to) };
}

function parseBound(text = ""): When | null {
	if (text === "") return null;
	const when = parseWhen(text);
	if (when !== null) return when;
	throw usage(`"${text}" is not a time: use ${WHEN_HELP}.`);
}

interface Read {
	readonly span: ComparedSpan;
	readonly totals: SpanTotals;
	/** Why not all of it could be read. */
	readonly problem: Failure | null;
}

async function open({ word, path, from, to }: Span): Promise<{ lockDown(): Promise<void>; read(): Promise<Read> }> {
	const options: Options = { ...parseCommandLine(["--replay", path]), at: from };
	const store = createStore();
	const { pipeline, lockDown } = await openRun(options, "read", store);
	const adder = new Adder();
	const isAtEnd = to === null ? () => false : beginningAt(to, path, () => adder.last?.system.uptimeMs ?? 0);
	store.subscribe((snapshot, isAfterGap) => {
		if (adder.isOver) return;
		adder.add(snapshot, isAfterGap);
		if (!isAtEnd(snapshot)) return;
		adder.isOver = true;
		pipeline.stop(false);
	});
	const read = async (): Promise<Read> => {
		pipeline.start();
		const error = await pipeline.ended;
		const problem = error === null ? null : endFailure(error, options);
		const { first, last, sums } = adder;
		if (first === null || last === null || sums === null) throw problem ?? usage(`There is no refresh in ${word}.`);
		const totals = sums.totals();
		if (totals.snapshot.intervalMs === 0)
			throw problem ?? usage(`There is only one refresh in ${word}: nothing was measured.`);
		const span: ComparedSpan = {
			path: word,
			host: last.host,
			from: first.time,
			to: last.time,
			seconds: totals.snapshot.intervalMs / 1000,
			refreshes: adder.refreshes,
			gaps: adder.gaps,
			lost: adder.lost,
			left: totals.left,
		};
		return { span, totals, problem };
	};
	return { lockDown, read };
}

/** Adds up the refreshes of a span. */
class Adder {
	first: Snapshot | null = null;
	last: Snapshot | null = null;
	sums: SpanSums | null = null;
	refreshes = 0;
	gaps = 0;
	lost = 0;
	isOver = false;

	add(snapshot: Snapshot, isAfterGap: boolean): void {
		this.refreshes++;
		if (isAfterGap) this.gaps++;
		const lost = snapshot.health.records.lost;
		const lostBefore = this.last?.health.records.lost ?? (snapshot.seq === 0 ? 0 : lost);
		this.lost += growth(lost, lostBefore);
		this.first ??= snapshot;
		this.last = snapshot;
		if (this.sums === null) {
			// Before the first refresh of a run nothing was counted.
			this.sums = new SpanSums(snapshot.seq === 0 ? withoutRows(snapshot) : snapshot);
			if (snapshot.seq !== 0) return;
		}
		this.sums.add(snapshot, snapshot.events.length);
	}
}

function withoutRows(snapshot: Snapshot): Snapshot {
	const state = Object.fromEntries(
		Object.entries(cut(snapshot)).map(([list, rows]) => [list, list === "head" ? rows : []]),
	);
	return join(state);
}
