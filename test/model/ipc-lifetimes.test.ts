/** Processes that never existed at the same time have no link, even over the same FIFO. */

import { expect, test } from "vitest";
import { WireKind } from "../../src/model/wire/layout.gen.ts";
import { Scenario, type Who } from "../helpers/scenario.ts";

const fifo = { dev: 14, ino: 48122, kind: WireKind.FIFO, mode: 0o010600 };
const id = { dev: 14, ino: 48122 };
const who = (pid: number, startSeconds: number): Who => ({ pid, start: BigInt(startSeconds) * 1_000_000_000n });

function writes(scenario: Scenario, process: Who, bytes: number): Scenario {
	return scenario.object(process, { ...fifo, fmode: 2 }).io(process, { ...id, writes: 1, write_bytes: bytes });
}

function reads(scenario: Scenario, process: Who, bytes: number): Scenario {
	return scenario.object(process, { ...fifo, fmode: 1 }).io(process, { ...id, reads: 1, read_bytes: bytes });
}

const short = (scenario: Scenario) =>
	scenario
		.tick()
		.ipc.map((row) => [row.from.pid, row.to.pid, row.bytes, row.basis])
		.sort();

test("one pair after the other over one FIFO: no link between them", () => {
	const scenario = new Scenario();
	const [first, second] = [who(1, 999), who(2, 999)];
	reads(writes(scenario, first, 101), second, 101);
	scenario.wait(0.1).exit(first).exit(second).wait(1);
	const seconds = 1001;
	reads(writes(scenario, who(3, seconds), 211), who(4, seconds), 211);
	expect(short(scenario)).toEqual([
		[1, 2, 101, "observed"],
		[3, 4, 211, "observed"],
	]);
});

test("a writer that was gone before its reader began is still its peer, if there is no other", () => {
	const scenario = new Scenario();
	writes(scenario, who(1, 999), 307).wait(0.1).exit(who(1, 999)).wait(1);
	reads(scenario, who(2, 1001), 307);
	expect(short(scenario)).toEqual([[1, 2, 307, "observed"]]);
});

test("a writer that stays is linked with each of several successive readers", () => {
	const scenario = new Scenario();
	reads(writes(scenario, who(1, 990), 30), who(2, 999), 10)
		.wait(0.1)
		.exit(who(2, 999))
		.wait(1);
	reads(scenario, who(3, 1001), 20);
	expect(short(scenario)).toEqual([
		[1, 2, 10, "observed"],
		[1, 3, 20, "observed"],
	]);
});
