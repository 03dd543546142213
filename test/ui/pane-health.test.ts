import { expect, test } from "vitest";
import type { ProbeHealth } from "../../src/model/snapshot.ts";
import { paneHealth } from "../../src/panes/health.ts";
import { PANES } from "../../src/panes/index.ts";
import { aHealth } from "../helpers/snapshots.ts";

const probe = (name: string, over: Partial<ProbeHealth> = {}): ProbeHealth => ({
	probe: name,
	state: "on",
	variant: "tp_btf",
	reason: null,
	lost: 0,
	...over,
});
const health = (...probes: ProbeHealth[]) =>
	paneHealth({ probes: ["file", "io-uring"], maps: ["io"], unmeasured: "" }, aHealth({ probes }));

test("all is well", () => {
	expect(health(probe("file"), probe("tcp", { state: "off" }))).toEqual({
		isStarting: false,
		offReason: null,
		fallbackReason: null,
		lost: 0,
		overflow: 0,
	});
});

test("a pane is off with the reason when each of its probes is", () => {
	const off = { state: "off", variant: null, reason: "This kernel has no BTF." } as const;
	expect(health(probe("file", off), probe("io-uring", off)).offReason).toBe("This kernel has no BTF.");
	expect(health(probe("file", off), probe("io-uring")).offReason).toBeNull();
});

test("a fallback is reported with the reason", () => {
	expect(health(probe("file", { state: "fallback", reason: "No fentry here." })).fallbackReason).toBe(
		"No fentry here.",
	);
	expect(health(probe("file", { state: "fallback", variant: "kprobe" })).fallbackReason).toBe("It runs on kprobe.");
});

test("losses are added up, those of other panes left out", () => {
	expect(
		health(probe("file", { lost: 3 }), probe("io-uring", { lost: 4 }), probe("filesystem", { lost: 9 })).lost,
	).toBe(7);
});

test("a full map counts for the pane that uses it", () => {
	const maps = [
		{ map: "io", used: 8, capacity: 8, overflow: 5 },
		{ map: "syscall", used: 8, capacity: 8, overflow: 7 },
	];
	expect(paneHealth({ probes: ["file"], maps: ["io"], unmeasured: "" }, aHealth({ maps })).overflow).toBe(5);
});

test("a pane whose probes were not requested says how to get them", () => {
	const disk = { probes: ["disk"], maps: ["disk"], unmeasured: "Start ebtop with --disk." };
	expect(paneHealth(disk, aHealth()).offReason).toBe("Start ebtop with --disk.");
	expect(paneHealth(disk, aHealth({ probes: [probe("disk")] })).offReason).toBeNull();
	const elsewhere = aHealth({ probes: [probe("none of a pane")] });
	const reasons = PANES.map((pane) => paneHealth(pane, elsewhere).offReason);
	expect(reasons.filter((reason) => !/^[A-Z].* ebtop.* with --[^.]+\.$/.test(reason ?? ""))).toEqual([]);
});

test("a pane whose probes are on standby is starting", () => {
	const { isStarting, offReason } = health(probe("file", { state: "standby" }));
	expect([isStarting, offReason]).toEqual([true, null]);
});
