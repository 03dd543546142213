/** Any bytes: the model does not throw, its rows match the schema, and what is gone is forgotten. */

import { expect, test } from "vitest";
import { WIRE_FIELDS, WIRE_SIZES, WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { schemaErrors } from "../helpers/snapshot-schema.ts";
import { record } from "../helpers/wire-encode.ts";

/** The same sequence of numbers for the same seed. */
function numbers(seed: number): (limit: number) => number {
	let state = seed;
	return (limit) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor((state / 2 ** 32) * limit);
	};
}

const structs = Object.keys(WIRE_FIELDS).filter((name) => !/head|tick|pass/.test(name)) as "wire_process"[];
const types = Object.values(WireType).filter((type) => type !== WireType.TICK);

/** A record with any content, with few different identities so that records refer to the same things. */
function anyRecord(random: (limit: number) => number): Uint8Array {
	const struct = structs[random(structs.length)] ?? "wire_process";
	const bytes = record(types[random(types.length)] ?? 0, struct, {
		pid: random(6),
		start: random(3),
		time: random(2) ? random(2 ** 32) : 0xffff_ffff_ffff_ffffn,
	});
	for (let at = 24; at < WIRE_SIZES[struct]; at++) {
		const choice = random(8);
		if (choice === 0) bytes[at] = random(256);
		else if (choice === 1) bytes[at] = random(5);
	}
	return bytes;
}

test.each([1, 2, 3, 4, 5, 6])("records with any content, seed %i", (seed) => {
	const random = numbers(seed);
	const scenario = new Scenario();
	for (let round = 0; round < 12; round++) {
		for (let count = 0; count < 300; count++) scenario.add(anyRecord(random));
		expect(schemaErrors(JSON.parse(JSON.stringify(scenario.tick())))).toEqual([]);
	}
});

test("random bytes are malformed, not fatal", () => {
	const random = numbers(7);
	const scenario = new Scenario();
	for (let round = 0; round < 200; round++) {
		scenario.model.apply(Uint8Array.from({ length: random(400) }, () => random(256)));
	}
	expect(scenario.tick().health.records.malformed).toBeGreaterThan(0);
});

test("what came and went leaves nothing behind", () => {
	const scenario = new Scenario();
	const base = scenario.tick();
	for (let pid = 1; pid <= 500; pid++) {
		const who = { pid, start: 1n };
		scenario.fork(who, 1).syscall(who, 1, 5);
		scenario.object(who, { ino: 9, kind: 1 }, "/x").object(who, { ino: 10 + pid, kind: 6, fmode: 3 });
		scenario.exit(who);
	}
	expect(scenario.tick().processes).toHaveLength(500);
	const { processes, syscalls, files, ipc, tcp } = scenario.tick(6);
	expect([processes, syscalls, files, ipc, tcp]).toEqual([[], [], [], [], []]);
	expect(base.processes).toEqual([]);
});
