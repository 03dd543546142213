/** The differences between what two spans add up to. Pure. */

import { withoutVolatileParts } from "../follow/same-names.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Difference, Figures } from "./comparison.ts";
import { differs } from "./figures.ts";
import { type Name, THING_KINDS, type ThingKind } from "./things.ts";

/** What is in only one of them is compared again by names without the parts that differ from run to run. */
export function differencesOf(a: Snapshot, b: Snapshot): Difference[] {
	return THING_KINDS.flatMap((kind) => differencesOfKind(kind, a, b));
}

interface Thing {
	readonly name: Name;
	readonly rows: object[];
}
type Things = ReadonlyMap<string, Thing>;

function differencesOfKind(kind: ThingKind<object>, a: Snapshot, b: Snapshot): Difference[] {
	const figuresOf = (span: Snapshot, { rows }: Thing) => kind.figures(rows, span.intervalMs / 1000, span);
	const [ones, others] = [thingsOf(kind.rows(a), kind.name), thingsOf(kind.rows(b), kind.name)];
	const general = (row: object): Name =>
		Object.fromEntries(Object.entries(kind.name(row)).map(([part, text]) => [part, withoutVolatileParts(text)]));
	const [left, right] = [thingsOf(rowsNotIn(ones, others), general), thingsOf(rowsNotIn(others, ones), general)];
	const changed = [ones, left].flatMap((things, at) =>
		[...things].flatMap(([key, thing]) => {
			const other = (at === 0 ? others : right).get(key);
			if (other === undefined) return [];
			const [before, after] = [figuresOf(a, thing), figuresOf(b, other)];
			return areSame(before, after) ? [] : [{ change: "changed", name: thing.name, a: before, b: after } as const];
		}),
	);
	const went = notIn(left, right).map(
		(thing) => ({ change: "went", name: thing.name, a: figuresOf(a, thing), b: null }) as const,
	);
	const came = notIn(right, left).map(
		(thing) => ({ change: "came", name: thing.name, a: null, b: figuresOf(b, thing) }) as const,
	);
	return bySize([...came, ...went, ...changed].map((difference) => ({ kind: kind.kind, ...difference })));
}

function thingsOf(rows: readonly object[], name: (row: object) => Name): Things {
	const things = new Map<string, Thing>();
	for (const row of rows) {
		const named = name(row);
		const key = JSON.stringify(named);
		const known = things.get(key);
		if (known === undefined) things.set(key, { name: named, rows: [row] });
		else known.rows.push(row);
	}
	return things;
}

function notIn(things: Things, others: Things): Thing[] {
	return [...things].filter(([key]) => !others.has(key)).map(([, thing]) => thing);
}

function rowsNotIn(things: Things, others: Things): object[] {
	return notIn(things, others).flatMap(({ rows }) => rows);
}

function areSame(a: Figures, b: Figures): boolean {
	return figuresIn(a, b).every((name) => !differs(name, a[name], b[name]));
}

/** Of both. */
export function figuresIn(a: Figures | null, b: Figures | null): string[] {
	return Object.keys({ ...a, ...b });
}

/** The larger first: by the sum, over the figures, of its share of the largest value that this figure has. */
function bySize(differences: readonly Difference[]): Difference[] {
	const largest = new Map<string, number>();
	for (const { a, b } of differences) {
		for (const name of figuresIn(a, b)) {
			largest.set(name, Math.max(largest.get(name) ?? 0, a?.[name] ?? 0, b?.[name] ?? 0));
		}
	}
	const size = ({ a, b }: Difference): number =>
		figuresIn(a, b).reduce((sum, name) => {
			return sum + Math.abs((a?.[name] ?? 0) - (b?.[name] ?? 0)) / (largest.get(name) || 1);
		}, 0);
	const sizes = new Map(differences.map((difference) => [difference, size(difference)]));
	return differences.toSorted((one, other) => (sizes.get(other) ?? 0) - (sizes.get(one) ?? 0));
}
