import { expect, test } from "vitest";
import { History } from "../../../src/history/history.ts";
import { createSpanReader } from "../../../src/ui/state/read-spans.ts";
import type { Span } from "../../../src/ui/state/ui-state.ts";
import { aSnapshot } from "../../helpers/snapshots.ts";

/** A history of 5 refreshes, each of which takes longer to read than a turn may last. */
function slowHistory() {
	const history = new History();
	for (let seq = 0; seq < 5; seq++) history.add(aSnapshot({ seq, intervalMs: 1000 }));
	const at = (no: number) => {
		for (const begin = performance.now(); performance.now() - begin < 10; );
		return history.at(no);
	};
	return { moments: history.moments, at };
}

function spanOf({ moments }: Pick<History, "moments">): Span {
	const [from, to] = [moments[0], moments.at(-1)];
	if (from === undefined || to === undefined) throw new Error("no moments");
	return { from, to, left: null };
}

test("other work gets its turn while a span is read", async () => {
	const history = slowHistory();
	const { promise, resolve } = Promise.withResolvers<number | undefined>();
	let turns = 0;
	const count = () => {
		turns++;
		setImmediate(count).unref();
	};
	count();
	createSpanReader(history, (_, totals) => resolve(totals?.snapshot.seq))(spanOf(history));
	expect(await promise).toBe(4);
	expect(turns).toBeGreaterThan(2);
});

test("reading stops when a span is left, and the next one is read", async () => {
	const history = slowHistory();
	const done: Span[] = [];
	const { promise, resolve } = Promise.withResolvers<void>();
	const read = createSpanReader(history, (span) => {
		done.push(span);
		resolve();
	});
	const [first, second] = [spanOf(history), spanOf(history)];
	read(first);
	read(null);
	read(second);
	await promise;
	expect(done).toEqual([second]);
	expect(done[0]).toBe(second);
});
