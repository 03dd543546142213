/** A viewer goes back to what the service remembers. */

import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { History } from "../../src/history/history.ts";
import { encodePast, readPast } from "../../src/history/past.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { pastBlocks, pastTaker } from "../../src/serve/protocol.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { schemaErrors } from "../helpers/snapshot-schema.ts";
import { anEvent } from "../helpers/snapshots.ts";
import { aService, aSocketPath, aViewer, opened, untilTrue } from "./service.ts";

/** Each has an event of its own. */
function refresh(tick: number): Snapshot {
	return { ...changingSnapshot(tick, 20), events: [anEvent({ id: tick, text: `number ${tick}` })] };
}

/** Refreshes with whom a viewer that came at number `at` differs from the service. */
function differing(viewer: History, service: History, at: number): number[] {
	const numbers = viewer.moments.map(({ no }) => no);
	return numbers.filter((no) => !isDeepStrictEqual(viewer.at(no), service.at(no + at)));
}

describe("the past of a service", () => {
	/** More than one stretch has. */
	const refreshes = 400;

	it("is what a viewer can go back to, in every field, with every event", async () => {
		const path = aSocketPath();
		const service = opened(await aService(path));
		for (let tick = 0; tick < refreshes; tick++) service.publish(refresh(tick));
		await service.history.settled();
		const viewer = opened(await aViewer(path, { history: new History() }));
		await untilTrue(() => viewer.history.moments.length === refreshes);
		for (let tick = refreshes; tick < refreshes + 10; tick++) {
			service.publish(refresh(tick));
			await untilTrue(() => viewer.seen.at(-1)?.snapshot.seq === tick);
		}
		expect(viewer.history.moments.map(({ no }) => no)).toEqual(
			service.history.moments.map(({ no }) => no - refreshes + 1),
		);
		const { atMs = 0, gaplessMs = 0 } = service.history.moments[refreshes - 1] ?? {};
		const shifted = service.history.moments.map((moment) => ({
			...moment,
			no: moment.no - refreshes + 1,
			atMs: moment.atMs - atMs,
			gaplessMs: moment.gaplessMs - gaplessMs,
		}));
		expect(viewer.history.moments).toEqual(shifted);
		expect(differing(viewer.history, service.history, refreshes - 1)).toEqual([]);
		expect(viewer.history.latest?.events).toEqual(service.history.latest?.events);
		expect(viewer.history.latest?.events.length).toBeGreaterThan(0);
	});
	it("comes as far back as the viewer keeps, and no further", async () => {
		const path = aSocketPath();
		const service = opened(await aService(path));
		for (let tick = 0; tick < refreshes; tick++) service.publish(refresh(tick));
		const viewer = opened(await aViewer(path, { history: new History({ spanMs: 100_000 }) }));
		await untilTrue(() => viewer.history.moments.length > 1);
		service.publish(refresh(refreshes));
		await untilTrue(() => viewer.seen.length === 2);
		const { reachMs } = viewer.history;
		expect(reachMs).toBeGreaterThanOrEqual(100_000);
		expect(reachMs).toBeLessThan(refreshes * 1000);
		const none = opened(await aViewer(path));
		await untilTrue(() => none.seen.length === 1);
		expect(none.seen[0]?.snapshot.events).toEqual(refresh(refreshes).events);
	});
	it("goes as the viewer's own refreshes do, the oldest first", async () => {
		const path = aSocketPath();
		const service = opened(await aService(path));
		for (let tick = 0; tick < refreshes; tick++) service.publish(refresh(tick));
		const viewer = opened(await aViewer(path, { history: new History({ spanMs: 200_000 }) }));
		await untilTrue(() => viewer.history.moments.length > 256);
		for (let tick = refreshes; tick < refreshes + 600; tick++) service.publish(refresh(tick));
		await untilTrue(() => viewer.seen.at(-1)?.snapshot.seq === refreshes + 599);
		expect(viewer.history.moments[0]?.no).toBeGreaterThan(0);
		expect(viewer.history.reachMs).toBeLessThan(500_000);
	});
});

describe("bytes that are no past", () => {
	/** A history of 30 refreshes, as bytes. */
	async function sound(): Promise<Buffer> {
		const history = new History();
		for (let tick = 0; tick < 30; tick++) history.add(changingSnapshot(tick, 5));
		for await (const { stretch, moments } of history.packed(29, 1e9)) {
			return encodePast(
				stretch,
				moments.map((moment) => ({ ...moment, no: moment.no - 29, atMs: moment.atMs - 29_000 })),
			);
		}
		throw new Error("the history is empty");
	}
	const receive = (history: History, bytes: Buffer): boolean => {
		const past = readPast(bytes);
		return past !== null && history.receive(past);
	};
	const aHistory = (): History => {
		const history = new History();
		history.add(changingSnapshot(29, 5));
		return history;
	};
	const read = (history: History): (Snapshot | null)[] => [...history.moments].map(({ no }) => history.at(no));

	it("are refused, or read as snapshots that match the schema, or are dropped when they are read", async () => {
		const bytes = await sound();
		const whole = aHistory();
		expect(receive(whole, bytes)).toBe(true);
		expect(read(whole)).toHaveLength(30);
		let [refused, dropped, kept] = [0, 0, 0];
		for (let at = 0; at < bytes.length; at += 13) {
			const changed = Buffer.from(bytes);
			changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
			const history = aHistory();
			if (!receive(history, changed)) refused++;
			const snapshots = read(history);
			if (snapshots.includes(null)) dropped++;
			else kept++;
			for (const snapshot of snapshots.slice(0, 2)) if (snapshot !== null) expect(schemaErrors(snapshot)).toEqual([]);
			expect(history.at(0)).not.toBe(null);
			expect(history.moments.every(({ no }) => history.at(no) !== null)).toBe(true);
		}
		expect(Math.min(refused, dropped, kept)).toBeGreaterThan(0);
	});
	it("that do not go on before the first refresh are refused", async () => {
		const bytes = await sound();
		expect(receive(new History(), bytes)).toBe(false);
		const full = aHistory();
		expect([receive(full, bytes), receive(full, bytes)]).toEqual([true, false]);
		expect(full.moments).toHaveLength(30);
		const small = new History({ mostBytes: 1000 });
		small.add(changingSnapshot(29, 5));
		expect(receive(small, bytes)).toBe(false);
		expect(small.isCutByBytes).toBe(true);
	});
	it("in more pieces than a history may have are not kept", () => {
		const taken: number[] = [];
		const take = pastTaker((past) => taken.push(past.length));
		const feed = (bytes: number) => {
			for (const block of pastBlocks(Buffer.alloc(bytes))) take(block.subarray(32));
		};
		feed(1);
		feed(300_000);
		feed((64 << 20) + 1);
		feed(7);
		expect(taken).toEqual([1, 300_000, 7]);
	});
});
