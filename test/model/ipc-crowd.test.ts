/** More processes at one channel than get links of their own: the rest is in one row, and all rows add up. */

import { expect, test } from "vitest";
import type { IpcRow, Snapshot } from "../../src/model/snapshot.ts";
import { WireHow, WireKind } from "../../src/model/wire/layout.gen.ts";
import { Scenario, type Who } from "../helpers/scenario.ts";

const id = { dev: 14, ino: 48122 };
const pipe = { ...id, kind: WireKind.PIPE, mode: 0o010600 };
const queue = { dev: 0, ino: 7, kind: WireKind.SYSV_MSG, mode: 0o600 };
const HOG = 1000;
const reader: Who = { pid: 5000, start: 100n };
const writer = (number: number): Who => ({ pid: 1000 + number, start: 100n });

const sumOf = (rows: readonly IpcRow[], of: "bytes" | "messages" | "rate") =>
	rows.reduce((sum, row) => sum + row[of], 0);
const isOther = ({ from, to }: IpcRow) => from.comm === "other" || to.comm === "other";
const others = ({ ipc }: Snapshot) => ipc.filter(isOther);

function write(scenario: Scenario, who: Who, count: number, bytes: number): Scenario {
	return scenario.object(who, { ...pipe, fmode: 2 }).io(who, { ...id, writes: count, write_bytes: bytes });
}

function read(scenario: Scenario, who: Who, count: number, bytes: number): Scenario {
	return scenario.object(who, { ...pipe, fmode: 1 }).io(who, { ...id, reads: count, read_bytes: bytes });
}

function crowd(scenario: Scenario, count: number, bytesOf: (number: number) => number): void {
	for (let number = 1; number <= count; number++) {
		scenario.process(writer(number), { comm: "eb-hog", holder: HOG });
		write(scenario, writer(number), 1, bytesOf(number));
	}
}

test("writers beyond 64 are in one row from others, and the rows add up to what was read", () => {
	const scenario = new Scenario();
	crowd(scenario, 101, () => 7);
	const snapshot = read(scenario, reader, 101, 707).tick();
	expect(snapshot.ipc).toHaveLength(65);
	expect(others(snapshot)).toMatchObject([
		{ from: { pid: 0, comm: "other" }, to: { pid: reader.pid }, messages: 37, bytes: 37 * 7, others: 37 },
	]);
	expect([sumOf(snapshot.ipc, "messages"), sumOf(snapshot.ipc, "bytes")]).toEqual([101, 707]);
});

test("readers beyond 64 are in one row to others", () => {
	const scenario = write(new Scenario(), reader, 71, 71 * 13);
	for (let number = 1; number <= 71; number++) read(scenario, writer(number), 1, 13);
	const snapshot = scenario.tick();
	expect(others(snapshot)).toMatchObject([{ to: { pid: 0 }, bytes: 7 * 13, others: 7 }]);
	expect(sumOf(snapshot.ipc, "bytes")).toBe(71 * 13);
});

test("with many on both sides the shares still add up to the total of each side", () => {
	const scenario = new Scenario();
	crowd(scenario, 67, (number) => 11 * number);
	const total = (11 * 67 * 68) / 2;
	for (let number = 1; number <= 66; number++) read(scenario, { pid: 7000 + number, start: 1n }, 1, 11);
	read(scenario, reader, 1, total - 66 * 11);
	const { ipc } = scenario.tick();
	expect(ipc).toHaveLength(65 * 65);
	expect(sumOf(ipc, "bytes")).toBe(total);
	expect(sumOf(ipc, "messages")).toBe(67);
	const fromOthers = ipc.filter(({ from }) => from.pid === 0);
	expect(sumOf(fromOthers, "bytes")).toBe(11 * 65 + 11 * 66 + 11 * 67);
});

test("the process that transfers most gets its own link; no count decreases, and earlier bytes add no rate", () => {
	const scenario = new Scenario();
	crowd(scenario, 66, (number) => 100 * (100 - number));
	read(scenario, reader, 66, 200_000);
	const before = scenario.tick();
	expect(others(before)).toMatchObject([{ bytes: 100 * (35 + 34), others: 2 }]);
	// The last one, and one with a link, continue to write.
	write(write(scenario, writer(66), 2, 99_997), writer(1), 2, 9900 + 17);
	const after = scenario.tick();
	const growth = 99_997 - 3400 + 17;
	expect(sumOf(after.ipc, "bytes")).toBe(sumOf(before.ipc, "bytes") + growth);
	expect(sumOf(after.ipc, "rate")).toBe(growth);
	const own = after.ipc.find(({ from }) => from.pid === writer(66).pid);
	expect(own).toMatchObject({ bytes: 99_997 - 3400, messages: 1, rate: 99_997 - 3400 });
	expect(others(after)).toMatchObject([{ bytes: 6900 + 3600, rate: 0, others: 2 }]);
	for (const row of others(before)) expect(others(after)[0]?.bytes).toBeGreaterThan(row.bytes);
	// They stop: nothing has a rate any more, and nothing changes.
	const idle = scenario.tick();
	expect(sumOf(idle.ipc, "rate")).toBe(0);
	expect(sumOf(idle.ipc, "bytes")).toBe(sumOf(after.ipc, "bytes"));
});

test("a user who writes the most, from many processes, takes no link away from others", () => {
	const scenario = new Scenario().process(writer(500), { comm: "eb-small" });
	crowd(scenario, 100, () => 1_000_000);
	write(scenario, writer(500), 3, 5);
	read(scenario, reader, 1, 100_000_005).tick();
	write(scenario, writer(500), 4, 6);
	const { ipc } = scenario.tick();
	expect(ipc.find(({ from }) => from.pid === writer(500).pid)).toMatchObject({ bytes: 6 });
	expect(sumOf(ipc, "bytes")).toBe(100_000_006);
});

test("processes beyond 16 that only have an end open: the link to the others has their number", () => {
	const scenario = new Scenario().object(reader, { ...pipe, fmode: 2, how: WireHow.HELD });
	for (let number = 1; number <= 23; number++)
		scenario.object(writer(number), { ...pipe, fmode: 1, how: WireHow.HELD });
	const snapshot = scenario.tick();
	expect(snapshot.ipc).toHaveLength(17);
	expect(others(snapshot)).toMatchObject([{ from: { pid: reader.pid }, to: { pid: 0 }, basis: "open", others: 7 }]);
	// Something is written, and no reader was seen.
	const moved = write(scenario, reader, 1, 1700).tick();
	expect(moved.ipc).toHaveLength(17);
	expect(sumOf(moved.ipc, "bytes")).toBe(1700);
});

test("processes beyond 32 that share memory: each has a link to the others, with their number", () => {
	const scenario = new Scenario();
	const memory = { dev: 5, ino: 9, kind: WireKind.MEMFD, mode: 0o100600, how: WireHow.MAPPED };
	for (let number = 1; number <= 43; number++) scenario.object(writer(number), memory);
	const snapshot = scenario.tick();
	expect(snapshot.ipc).toHaveLength((33 * 32) / 2);
	expect(others(snapshot)).toHaveLength(32);
	expect(others(snapshot).every((row) => row.others === 11 && row.basis === "open")).toBe(true);
});

test("a message queue counts those beyond 64 too", () => {
	const scenario = new Scenario();
	for (let number = 1; number <= 70; number++)
		scenario.object(writer(number), queue).io(writer(number), { dev: 0, ino: 7, writes: 3, write_bytes: 21 });
	scenario.object(reader, queue).io(reader, { dev: 0, ino: 7, reads: 210, read_bytes: 1470 });
	const snapshot = scenario.tick();
	expect(others(snapshot)).toMatchObject([{ kind: "sysv-msg", messages: 18, bytes: 126, others: 6 }]);
	expect(sumOf(snapshot.ipc, "bytes")).toBe(1470);
});
