import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { answerClock, ClockOfHost } from "../../src/hosts/clock.ts";

const answer = (value: unknown) => Buffer.from(JSON.stringify(value));

/** One exchange: asked and answered here, and the time there. */
function exchange(clock: ClockOfHost, askedMs: number, answeredMs: number, wallMs: number): void {
	const asked = Number(clock.ask(askedMs).slice("clock ".length));
	clock.take(answer({ asked, wallMs }), answeredMs);
}

test("the shortest exchange says how far the other clock is ahead, and how wrong that may be", () => {
	const clock = new ClockOfHost();
	expect(clock.offset).toBeNull();
	exchange(clock, 1000, 1100, 6047);
	expect(clock.offset).toEqual({ offsetMs: 4997, errorMs: 51 });
	exchange(clock, 2000, 2010, 7006);
	exchange(clock, 3000, 3300, 8290);
	expect(clock.offset).toEqual({ offsetMs: 5001, errorMs: 6 });
});

test("only the last exchanges count, so a clock that was set is noticed", () => {
	const clock = new ClockOfHost();
	exchange(clock, 1000, 1000, 61_000);
	for (let at = 0; at < 8; at++) exchange(clock, 2000, 2020, 2010);
	expect(clock.offset).toEqual({ offsetMs: 0, errorMs: 11 });
});

test("answers that were not asked for, or are none, change nothing", () => {
	const clock = new ClockOfHost();
	clock.take(answer({ asked: 1, wallMs: 5 }), 1000);
	clock.ask(1000);
	for (const value of [
		null,
		7,
		[],
		{ asked: 2, wallMs: 5 },
		{ asked: 1 },
		{ asked: 1, wallMs: "5" },
		{ asked: 1, wallMs: 1e300 },
	])
		clock.take(answer(value), 1001);
	clock.take(Buffer.from("{"), 1001);
	expect(clock.offset).toBeNull();
	clock.take(answer({ asked: 1, wallMs: 1002 }), 1002);
	clock.take(answer({ asked: 1, wallMs: 9000 }), 1002);
	expect(clock.offset).toEqual({ offsetMs: 1, errorMs: 2 });
});

test("questions are answered however they arrive; the end of the input is told", async () => {
	const input = new PassThrough();
	const blocks: Uint8Array[] = [];
	const { promise, resolve } = Promise.withResolvers<void>();
	const delays: number[] = [];
	answerClock(input, {
		write: (block) => blocks.push(block),
		setDelay: (seconds) => delays.push(seconds),
		end: resolve,
	});
	for (const text of [
		"clo",
		"ck 1\nnoise\nclock 22",
		"\n",
		"x".repeat(10_000),
		"\nclock 3\ndelay 0.5\nclock -1\n",
		"delay 0\ndelay 1e9\ndelay 10\n",
	])
		input.write(text);
	input.end();
	await promise;
	const asked = blocks.map((block) => JSON.parse(Buffer.from(block.subarray(32)).toString()).asked);
	expect(asked).toEqual([1, 22, 3]);
	expect(delays).toEqual([0.5, 10]);
});
