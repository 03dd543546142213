/** The JSON lines: what scripts can rely on. */

import { constants } from "node:buffer";
import { expect, test } from "vitest";
import type { ProcessRow } from "../../src/model/snapshot.ts";
import { WireHow, WireKind, WireProbeState, WireType } from "../../src/model/wire/layout.gen.ts";
import { jsonPieces } from "../../src/output/json.ts";
import { Scenario } from "../helpers/scenario.ts";
import { schemaErrors } from "../helpers/snapshot-schema.ts";
import { record } from "../helpers/wire-encode.ts";

const who = { pid: 10, start: 0xffff_ffff_ffff_fff0n };
const peer = { pid: 11, start: 5n };

function fullScenario(): Scenario {
	const scenario = new Scenario().process(who, { comm: "eb\x1b\u202e", rss_bytes: 5 }).fork(peer, 10);
	scenario.exec(peer, "eb-b", "/bin/b", ["b", "\x07"]).syscall(who, 39, 5, 1).syscall(peer, 20, 1, 0, 1);
	scenario.add(record(WireType.LATENCY, "wire_latency", scenario.head(who), { nr: 39, count: 1, total_ns: 9 }));
	for (const [one, fmode] of [[who, 2] as const, [peer, 1] as const]) {
		scenario.object(one, { kind: WireKind.PIPE, ino: 5, mode: 0o010600, fmode });
		scenario.object(one, { kind: WireKind.REGULAR, ino: 6, mode: 0o100600 }, "/tmp/\u2028x");
	}
	scenario.io(who, { ino: 5, writes: 3, write_bytes: 30 }).io(peer, { ino: 5, reads: 1, read_bytes: 30 });
	scenario.tcp({ sock: 1, local_port: 80, state: 10, how: WireHow.USED, old_state: 7 }, who);
	scenario.tcp({ sock: 2, family: 10, local_port: 80, remote_port: 9, state: 99, tx_bytes: 7 }, peer);
	const probe = { probe: "syscall", variant: "tp_btf", state: WireProbeState.FALLBACK, reason_len: 3, lost: 2 };
	scenario.add(record(WireType.PROBE, "wire_probe", {}, probe, "why"));
	scenario.add(record(WireType.MAP, "wire_map", {}, { map: "io", used: 1, capacity: 2, overflow: 3 }));
	scenario.add(record(WireType.SYSTEM, "wire_system", {}, { cpus: 2, load100: [5, 10, 200] }));
	return scenario.exit(peer, { signal: 9, duration_ns: 12_300_000 });
}

test("a line with everything in it matches the schema", () => {
	const scenario = fullScenario();
	const snapshot = scenario.tick();
	for (const table of ["processes", "syscalls", "ipc", "files", "tcp", "events"] as const) {
		expect(snapshot[table].length, table).toBeGreaterThan(0);
	}
	const line = JSON.stringify(snapshot);
	expect(line).not.toContain("\n");
	expect([...jsonPieces(snapshot)].join("")).toBe(`${line}\n`);
	expect([...jsonPieces(new Scenario().tick())].join("")).toBe(`${JSON.stringify(new Scenario().tick())}\n`);
	expect(schemaErrors(JSON.parse(line))).toEqual([]);
	expect(schemaErrors(JSON.parse(JSON.stringify(scenario.tick(2))))).toEqual([]);
});

test("the schema rejects what is not documented", () => {
	const snapshot = JSON.parse(JSON.stringify(fullScenario().tick()));
	expect(schemaErrors({ ...snapshot, more: 1 })).not.toEqual([]);
	snapshot.processes[0].comm = "a\x1bb";
	expect(schemaErrors(snapshot)).not.toEqual([]);
});

test("ids of 64 bits stay exact, the first line is seq 0 without rates", () => {
	const snapshot = fullScenario().tick();
	expect(snapshot).toMatchObject({ seq: 0, intervalMs: 0, time: "2026-11-20T17:00:01.000Z" });
	expect(snapshot.processes.map((row) => row.start)).toContain("18446744073709551600");
	expect(snapshot.syscalls.every((row) => row.rate === 0)).toBe(true);
});

test("losses are counted, and are events", () => {
	const snapshot = fullScenario().tick();
	expect(snapshot.health.records.lost).toBe(2);
	expect(snapshot.health.probes).toEqual([
		{ probe: "syscall", state: "fallback", variant: "tp_btf", reason: "why", lost: 2 },
	]);
	expect(snapshot.health.maps).toContainEqual({ map: "io", used: 1, capacity: 2, overflow: 3 });
	expect(snapshot.events.filter((event) => event.type === "loss")).toHaveLength(2);
});

test("more events than fit are counted in one event of type loss", () => {
	const scenario = new Scenario();
	for (let pid = 1; pid <= 1200; pid++) scenario.exit({ pid, start: 1n });
	const { events } = scenario.tick();
	expect(events).toHaveLength(1001);
	expect(events.at(-1)).toMatchObject({ type: "loss", text: "200 more events in this interval are not listed" });
	expect(scenario.tick().events).toEqual([]);
});

test("a line longer than a string can be comes in pieces", () => {
	const snapshot = new Scenario().process(who).tick();
	const long = { ...(snapshot.processes[0] as ProcessRow), args: ["x".repeat(1024 * 1024)] };
	let [length, longest, last] = [0, 0, ""];
	for (const piece of jsonPieces({ ...snapshot, processes: Array(600).fill(long) })) {
		length += piece.length;
		longest = Math.max(longest, piece.length);
		last = piece;
	}
	expect(length).toBeGreaterThan(constants.MAX_STRING_LENGTH);
	expect(longest).toBeLessThan(2 * 1024 * 1024);
	expect(last).toBe("}\n");
});
