/** Signals: links with a count, and events for the important ones. */

import { expect, test } from "vitest";
import { WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const sender = { pid: 10, start: 5n };
const target = { pid: 20, start: 6n };

function kill(scenario: Scenario, signal: number, code = 0, result = 0): Scenario {
	const fields = { signal, code, result, target_pid: 20, target_start: 6n, target_comm: "eb-to" };
	return scenario.add(record(WireType.SIGNAL, "wire_signal", scenario.head(sender), fields));
}

test("every signal sent counts, coalesced ones too", () => {
	const scenario = new Scenario().process(sender, { comm: "eb-from" }).process(target, { comm: "eb-to" });
	for (let count = 0; count < 7; count++) kill(scenario, 10, 0, count > 0 ? 2 : 0);
	const snapshot = kill(scenario, 15).tick();
	const ends = { from: { pid: 10, comm: "eb-from" }, to: { pid: 20, comm: "eb-to" } };
	expect(snapshot.ipc).toMatchObject([
		{ kind: "signal", name: "SIGUSR1", messages: 7, bytes: 0, basis: "observed", ...ends },
		{ kind: "signal", name: "SIGTERM", messages: 1, ...ends },
	]);
	expect(snapshot.events).toHaveLength(8);
	expect(snapshot.events.at(-1)).toMatchObject({ type: "signal", pid: 10, text: "SIGTERM to eb-to 20" });
});

test("signals from the kernel have the kernel as sender; SIGCHLD is not an event", () => {
	const scenario = new Scenario().process(target);
	const snapshot = kill(kill(scenario, 17, 1), 11, 1).tick();
	expect(snapshot.ipc.map((row) => [row.name, row.from.comm])).toEqual([
		["SIGCHLD", "kernel"],
		["SIGSEGV", "kernel"],
	]);
	expect(snapshot.events.map((event) => event.text)).toEqual(["SIGSEGV to eb-proc 20"]);
});

test("the rate is in signals per second, and the link is dropped when an end is forgotten", () => {
	const scenario = new Scenario().process(sender).process(target);
	scenario.tick();
	kill(kill(scenario, 10), 10);
	expect(scenario.tick(0.5).ipc).toMatchObject([{ rate: 4 }]);
	scenario.exit(target);
	expect(scenario.tick().ipc).toMatchObject([{ rate: 0 }]);
	expect(scenario.tick(6).ipc).toEqual([]);
});
