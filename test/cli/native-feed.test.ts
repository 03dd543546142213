import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type * as Addon from "../../native/index.d.ts";
import { NativeFeed } from "../../src/model/feed/native.ts";
import { slicesOf } from "../../src/model/feed/slices.ts";
import { batchOf, unknownRecord } from "../helpers/wire-encode.ts";

const DRAINED = Uint8Array.of(1);
const SWEPT = Uint8Array.of(2, 2);

/** A session that logs its calls, and fails at `failsAt`. */
function fakeSession(failsAt: { sweep?: number } = {}) {
	const calls: string[] = [];
	let sweeps = 0;
	class Session {
		drain(): Uint8Array {
			calls.push("drain");
			return DRAINED;
		}
		sweep(): Uint8Array {
			calls.push("sweep");
			if (++sweeps === failsAt.sweep) throw new Error("The kernel went away.");
			return SWEPT;
		}
		want(concerns: readonly string[]): void {
			calls.push(`want ${concerns}`);
		}
		close(): void {
			calls.push("close");
		}
	}
	return { calls, session: new Session() as Addon.Session };
}

function startFeed(delaySeconds: number, failsAt: { sweep?: number } = {}) {
	const { calls, session } = fakeSession(failsAt);
	const feed = new NativeFeed(session, "bpf", delaySeconds);
	const ticks: number[] = [];
	const ends: (Error | null)[] = [];
	feed.start(
		(batch) => {
			if (batch === SWEPT) ticks.push(performance.now());
		},
		(error) => ends.push(error),
	);
	return { feed, calls, ticks, ends };
}

beforeEach(() => {
	vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.useRealTimers();
});

describe("the two beats", () => {
	it("sweeps at once, then once per delay, and drains in between", () => {
		const { calls } = startFeed(1);
		expect(calls).toEqual(["sweep"]);
		vi.advanceTimersByTime(1000);
		expect(calls.filter((call) => call === "sweep")).toHaveLength(2);
		expect(calls.filter((call) => call === "drain").length).toBeGreaterThanOrEqual(4);
	});
	it("does not drift", () => {
		const { ticks } = startFeed(0.7);
		vi.advanceTimersByTime(7000);
		const [first = 0] = ticks;
		expect(ticks.map((tick) => Math.round(tick - first))).toEqual([
			0, 700, 1400, 2100, 2800, 3500, 4200, 4900, 5600, 6300, 7000,
		]);
	});
	it("applies a new delay at once, counted from the last tick", () => {
		const { feed, ticks } = startFeed(10);
		vi.advanceTimersByTime(500);
		feed.setDelay(1);
		vi.advanceTimersByTime(1500);
		const [first = 0] = ticks;
		expect(ticks.map((tick) => Math.round(tick - first))).toEqual([0, 1000, 2000]);
	});
	it("has the session measure what is shown, and for ten seconds longer", () => {
		const { feed, calls } = startFeed(1);
		const asked = () => calls.filter((call) => call.startsWith("want"));
		feed.want(["disks"]);
		vi.advanceTimersByTime(1000);
		expect(asked()).toEqual(["want disk"]);
		feed.want([]);
		vi.advanceTimersByTime(9000);
		expect(asked()).toEqual(["want disk"]);
		vi.advanceTimersByTime(3000);
		expect(asked()).toEqual(["want disk", "want "]);
	});
	it("goes on draining while ticks are held", () => {
		const { feed, calls, ticks } = startFeed(1);
		feed.hold(true);
		vi.advanceTimersByTime(5000);
		expect(ticks).toHaveLength(1);
		expect(calls.filter((call) => call === "drain").length).toBeGreaterThanOrEqual(20);
		feed.hold(false);
		vi.advanceTimersByTime(1000);
		expect(ticks).toHaveLength(2);
	});
});

it("reads a full ring in parts, yielding in between, and does not wait for the next beat", () => {
	const { session } = fakeSession();
	const full = batchOf(...new Array(20).fill(unknownRecord(1, 60_000)));
	const asked: (number | undefined)[] = [];
	session.drain = (most) => {
		asked.push(most);
		setImmediate(() => turns++);
		return asked.length <= 7 ? full : DRAINED;
	};
	const feed = new NativeFeed(session, "bpf", 1);
	let [deliveredAt, turns] = [0, 0];
	feed.start(
		(batch) => {
			if (batch.length > 2) deliveredAt = asked.length;
		},
		() => {},
	);
	vi.advanceTimersByTime(220);
	expect(asked).toEqual(new Array(8).fill(1 << 20));
	expect(deliveredAt).toBe(7);
	expect(turns).toBe(8);
});

it("skips the beats that a slow sweep missed, and stays in step", () => {
	const now = performance.now.bind(performance);
	let lostMs = 0;
	vi.spyOn(performance, "now").mockImplementation(() => now() + lostMs);
	const { session } = fakeSession();
	const begins: number[] = [];
	session.sweep = () => {
		begins.push(Math.round(performance.now()));
		lostMs += 1500;
		return SWEPT;
	};
	const feed = new NativeFeed(session, "bpf", 1);
	feed.start(
		() => {},
		() => {},
	);
	vi.advanceTimersByTime(2000);
	feed.stop(false);
	const [first = 0] = begins;
	expect(begins.slice(0, 4).map((begin) => begin - first)).toEqual([0, 2000, 4000, 6000]);
});

it("tells the next sweep the longest duration of a beat with all its work, without the start", () => {
	const now = performance.now.bind(performance);
	let lostMs = 0;
	vi.spyOn(performance, "now").mockImplementation(() => now() + lostMs);
	const { session } = fakeSession();
	const told: (number | undefined)[] = [];
	session.sweep = (busyMs) => {
		told.push(busyMs);
		lostMs += 70;
		return SWEPT;
	};
	const feed = new NativeFeed(session, "bpf", 1);
	feed.start(
		() => {
			if (told.length === 2) setImmediate(() => (lostMs += 13));
		},
		() => {},
	);
	vi.advanceTimersByTime(3500);
	feed.stop(false);
	expect(told[0]).toBe(0);
	expect(told[1]).toBeLessThan(70);
	expect(told[2]).toBeGreaterThanOrEqual(83);
});

describe("a batch that takes long", () => {
	const FLOOD = batchOf(...Array.from({ length: 4001 }, (_, index) => unknownRecord(200, 8 * (1 + (index % 13)))));
	const SLICES = [...slicesOf(FLOOD)];

	/** Each slice takes `sliceMs`; `log` has all that happens, keys that are looked at between two turns included. */
	function flooded(sliceMs: number, mostWaitingBytes?: number) {
		const now = performance.now.bind(performance);
		let lostMs = 0;
		vi.spyOn(performance, "now").mockImplementation(() => now() + lostMs);
		const log: string[] = [];
		const taken: Uint8Array[] = [];
		const { session } = fakeSession();
		session.drain = () => {
			log.push("drain");
			return log.filter((entry) => entry === "drain").length <= 2 ? FLOOD : new Uint8Array();
		};
		const feed = new NativeFeed(session, "bpf", 1, undefined, mostWaitingBytes);
		feed.start(
			(batch) => {
				log.push(batch === SWEPT ? "swept" : "slice");
				if (batch === SWEPT) return;
				taken.push(batch);
				lostMs += sliceMs;
				setImmediate(() => log.push("keys"));
			},
			() => {},
		);
		log.length = 0;
		return { feed, log, bytes: () => Buffer.concat(taken) };
	}

	it("is cut between records without loss, even if it is damaged", () => {
		expect(SLICES).toHaveLength(10);
		for (const batch of [FLOOD, FLOOD.subarray(0, FLOOD.length - 3), new Uint8Array(70_001)]) {
			expect(Buffer.concat([...slicesOf(batch)])).toEqual(Buffer.from(batch));
		}
		const sizes = SLICES.map((slice) => slice.length);
		expect(Math.max(...sizes)).toBeLessThan(33 * 1024);
		expect(SLICES.map((slice) => new DataView(slice.buffer, slice.byteOffset).getUint16(0, true))).toEqual(
			SLICES.map(() => 200),
		);
	});
	it("is delivered in turns, with a look at the keys after each 8 ms", () => {
		const { log, bytes } = flooded(3);
		vi.advanceTimersByTime(200);
		expect(log).toEqual(["drain", "slice", "slice", "slice"]);
		vi.advanceTimersByTime(150);
		const runs = log.join(" ").split(/(?: keys)+ ?/);
		expect(runs.filter((run) => run.includes("slice slice slice slice"))).toEqual([]);
		vi.advanceTimersByTime(200);
		expect(log.filter((entry) => entry === "slice")).toHaveLength(2 * SLICES.length);
		expect(bytes()).toEqual(Buffer.concat([FLOOD, FLOOD]));
	});
	it("waits for its turn while later ones are read; all of it comes before the last tick", () => {
		const { feed, log, bytes } = flooded(0);
		vi.spyOn(globalThis, "setImmediate").mockImplementation(() => ({}) as NodeJS.Immediate); // no turn ever comes
		vi.spyOn(performance, "now").mockImplementation(() => log.length * 10);
		vi.advanceTimersByTime(600);
		expect(log).toEqual(["drain", "slice", "drain", "slice", "drain", "slice"]);
		feed.stop(true);
		expect(log.at(-1)).toBe("swept");
		expect(bytes()).toEqual(Buffer.concat([FLOOD, FLOOD]));
	});
	it("does not read the ring while too much waits, and continues when that is delivered", () => {
		const { log, bytes } = flooded(30, FLOOD.length / 2);
		vi.advanceTimersByTime(200);
		expect(log).toEqual(["drain", "slice"]);
		vi.advanceTimersByTime(800);
		const [first, second] = log.join(" ").split("drain").slice(1);
		const slicesIn = (text = "") => text.split(" ").filter((word) => word === "slice").length;
		expect(slicesIn(first)).toBeGreaterThanOrEqual(SLICES.length / 2);
		expect(first).not.toContain("slice slice");
		expect(slicesIn(second)).toBeGreaterThan(0);
		expect(bytes()).toEqual(Buffer.concat([FLOOD, FLOOD]).subarray(0, bytes().length));
	});
	it("is finished before the next one, also in turns of 8 ms", () => {
		const now = performance.now.bind(performance);
		let lostMs = 0;
		vi.spyOn(performance, "now").mockImplementation(() => now() + lostMs);
		const log: string[] = [];
		const { session } = fakeSession();
		const feed = new NativeFeed(session, "bpf", 1);
		function* work(name: string) {
			for (let step = 1; step <= 5; step++) {
				log.push(`${name} ${step}`);
				lostMs += 5;
				setImmediate(() => log.push("keys"));
				yield;
			}
		}
		feed.start(
			(batch) => work(batch === SWEPT ? "swept" : "drained"),
			() => {},
		);
		log.length = 0;
		vi.advanceTimersByTime(1200);
		feed.stop(true);
		expect(log.filter((entry) => entry.startsWith("swept"))).toEqual(
			[1, 2, 3, 4, 5, 1, 2, 3, 4, 5].map((step) => `swept ${step}`),
		);
		for (const [at, entry] of log.filter((word) => word !== "keys").entries())
			expect(entry.slice(-1)).toBe(`${1 + (at % 5)}`);
		expect(log.join(" ")).toContain("swept 2 keys keys swept 3");
	});
	it("skips the ticks that would only wait behind it", () => {
		const { log } = flooded(0);
		vi.spyOn(globalThis, "setImmediate").mockImplementation(() => ({}) as NodeJS.Immediate);
		vi.spyOn(performance, "now").mockImplementation(() => log.length * 10);
		vi.advanceTimersByTime(20_000);
		const slices = log.lastIndexOf("slice");
		expect(log.slice(0, slices)).not.toContain("swept");
		expect(log.slice(slices)).toContain("swept");
	});
});

describe("the end", () => {
	it("delivers a last tick if one is requested, and closes once", () => {
		const { feed, calls, ends } = startFeed(1);
		feed.stop(true);
		feed.stop(true);
		vi.advanceTimersByTime(5000);
		expect(calls).toEqual(["sweep", "sweep", "close"]);
		expect(ends).toEqual([]);
	});
	it("delivers no last tick otherwise", () => {
		const { feed, calls } = startFeed(1);
		feed.stop(false);
		expect(calls).toEqual(["sweep", "close"]);
	});
	it("closes and reports when the session fails", () => {
		const { calls, ends } = startFeed(1, { sweep: 3 });
		vi.advanceTimersByTime(10_000);
		expect(calls.filter((call) => call !== "drain")).toEqual(["sweep", "sweep", "sweep", "close"]);
		expect(ends).toEqual([new Error("The kernel went away.")]);
	});
});
