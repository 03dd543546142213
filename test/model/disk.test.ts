/** Block I/O: rows by process, device and operation; sums per process; what is past the bound. */

import { expect, test } from "vitest";
import { createMatcher, parseFilter } from "../../src/model/filter/index.ts";
import { WireDiskOperation, WireNameKind, WireProbeState, WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const who = { pid: 812, start: 12_039_912_000n };
const { READ, WRITE, FLUSH } = WireDiskOperation;
const VDA = (254 << 20) | 16;

type Fields = Parameters<typeof record<"wire_disk">>[3];

function add(scenario: Scenario, fields: Fields, of = who): Scenario {
	const filled = { dev: VDA, name: "vda", operation: READ, ...fields };
	return scenario.add(record(WireType.DISK, "wire_disk", scenario.head(of), filled));
}

const watched = (limits = {}) => {
	const scenario = new Scenario(limits);
	const probe = { probe: "disk", variant: "tp_btf", state: WireProbeState.ON };
	return scenario.add(record(WireType.PROBE, "wire_probe", scenario.head(), probe)).process(who, { comm: "eb-disk" });
};

test("counts are totals, rates bytes per second, of flushes requests", () => {
	const scenario = watched();
	scenario.tick();
	add(scenario, {
		count: 7,
		bytes: 7 * 4096,
		queued_total_ns: 70,
		queued_max_ns: 13,
		served_total_ns: 7007,
		served_max_ns: 2003,
	});
	add(scenario, { operation: FLUSH, count: 5 });
	const { disks, processes } = scenario.tick(2);
	const none = { totalNs: 0, avgNs: 0, p50Ns: 0, p99Ns: 0, maxNs: 0, buckets: [] };
	const own = { pid: 812, comm: "eb-disk", device: "254:16", name: "vda", cgroup: null, dirtier: null };
	expect(disks).toEqual([
		{
			...own,
			...{ operation: "read", count: 7, bytes: 7 * 4096, rate: 14_336 },
			queued: { ...none, totalNs: 70, avgNs: 10, maxNs: 13 },
			served: { ...none, totalNs: 7007, avgNs: 1001, maxNs: 2003 },
		},
		{ ...own, operation: "flush", count: 5, bytes: 0, rate: 2.5, queued: none, served: none },
	]);
	expect(processes).toMatchObject([
		{ diskReadBytes: 7 * 4096, diskWriteBytes: 0, diskReadRate: 14_336, diskWriteRate: 0 },
	]);
	expect(scenario.tick().disks.map(({ rate }) => rate)).toEqual([0, 0]);
});

test("if it is not measured, the sums of a process are null", () => {
	const { processes, disks } = new Scenario().process(who).tick();
	expect(processes).toMatchObject([{ diskReadBytes: null, diskWriteBytes: null, diskReadRate: null }]);
	expect(disks).toEqual([]);
});

test("what a kernel thread writes for processes in the root cgroup names each", () => {
	const scenario = watched();
	add(scenario, { operation: WRITE, count: 3, bytes: 12_288, for_pid: 17, for_comm: "eb-one" });
	add(scenario, { operation: WRITE, count: 5, bytes: 20_480, for_pid: 19, for_comm: "eb-\x1bother" });
	add(scenario, { operation: WRITE, count: 7, bytes: 28_672, for_pid: 17, for_comm: "eb-one" });
	expect(scenario.tick().disks.map(({ dirtier, bytes }) => [dirtier, bytes])).toEqual([
		[{ pid: 17, comm: "eb-one" }, 28_672],
		[{ pid: 19, comm: "eb-\\x1bother" }, 20_480],
	]);
});

test("what a kernel thread writes for a cgroup names it", () => {
	const scenario = watched();
	const path = "/system.slice/eb.service";
	const name = { id: 4242n, kind: WireNameKind.CGROUP, len: path.length };
	scenario.add(record(WireType.NAME, "wire_name", scenario.head(), name, path));
	add(scenario, { operation: WRITE, count: 3, bytes: 12_288, cgroup: 4242n });
	add(scenario, { operation: WRITE, count: 1, bytes: 512 });
	const { disks, processes } = scenario.tick();
	expect(disks.map(({ cgroup, bytes }) => [cgroup, bytes])).toEqual([
		[path, 12_288],
		[null, 512],
	]);
	expect(processes).toMatchObject([{ diskWriteBytes: 12_800 }]);
});

test("a request is an event: with its cgroup, how it failed, and as a flush, which has no sector", () => {
	const scenario = watched();
	const path = "/system.slice/eb.service";
	const name = { id: 4242n, kind: WireNameKind.CGROUP, len: path.length };
	scenario.add(record(WireType.NAME, "wire_name", scenario.head(), name, path));
	const times = { queued_ns: 17_000, served_ns: 1_300_000 };
	for (const fields of [
		{ operation: WRITE, sector: 2048, bytes: 12_288, is_sent: 1, cgroup: 4242n, ...times },
		{ operation: READ, sector: 8, bytes: 512, is_sent: 1, error: 3, ...times },
		{ operation: READ, sector: 8, bytes: 512, is_sent: 1, error: -5, ...times },
		{ operation: READ, sector: 8, bytes: 512, is_sent: 1, error: 99, ...times },
		{ operation: FLUSH, ...times },
	])
		scenario.add(
			record(WireType.DISK_REQUEST, "wire_disk_request", scenario.head(who), { dev: VDA, name: "vda", ...fields }),
		);
	const snapshot = scenario.tick();
	const { events } = snapshot;
	const own = { device: "254:16", name: "vda", queuedMs: 0.017, servedMs: 1.3, cgroup: null, error: null };
	const read = { ...own, operation: "read", sector: 8, bytes: 512 };
	expect(events.map(({ pid, data }) => [pid, data])).toEqual(
		[
			{ ...own, operation: "write", sector: 2048, bytes: 12_288, cgroup: path },
			{ ...read, error: "ENOSPC" },
			{ ...read, error: "EIO" },
			{ ...read, error: "status 99" },
			{ ...own, operation: "flush", sector: null, bytes: 0, queuedMs: null },
		].map((data) => [812, data]),
	);
	expect(events.map(({ text }) => text)).toEqual([
		`vda: write of 12288 at sector 2048, queued 0.017, served 1.3 ms, for ${path}`,
		"vda: read of 512 at sector 8, queued 0.017, served 1.3 ms, ENOSPC",
		"vda: read of 512 at sector 8, queued 0.017, served 1.3 ms, EIO",
		"vda: read of 512 at sector 8, queued 0.017, served 1.3 ms, status 99",
		"vda: flush, served 1.3 ms",
	]);
	const slow = parseFilter("device = vda and bytes > 1k and latency > 1ms");
	const matcher = slow.ok ? createMatcher(slow.filter, snapshot) : null;
	expect(events.map((row) => matcher?.events(row))).toEqual([true, false, false, false, false]);
});

test("half and all but one of a hundred are within the histogram's bucket", () => {
	const scenario = watched();
	const served_buckets = Array.from({ length: 40 }, (_, bucket) => (bucket === 10 ? 97 : bucket === 20 ? 3 : 0));
	add(scenario, { count: 100, bytes: 1, served_total_ns: 1e6, served_max_ns: 1_500_000, served_buckets });
	const [row] = scenario.tick().disks;
	expect(row?.served.p50Ns).toBeGreaterThanOrEqual(1024);
	expect(row?.served.p50Ns).toBeLessThan(2048);
	expect(row?.served.p99Ns).toBeGreaterThanOrEqual(2 ** 20);
	expect(row?.served.buckets).toEqual(served_buckets.slice(0, 21));
});

test("rows go with their process", () => {
	const scenario = add(watched(), { count: 1, bytes: 512 });
	expect(scenario.exit(who).tick().disks).toHaveLength(1);
	scenario.tick(6);
	expect(scenario.tick(6).disks).toEqual([]);
});

test("past the bound, the longest idle rows of the user with the most are evicted, and health counts them", () => {
	const scenario = watched({ disks: 3 });
	for (let minor = 0; minor < 5; minor++) add(scenario, { dev: minor, name: `eb${minor}`, count: 1, bytes: 512 });
	const { disks, health, processes } = scenario.tick();
	expect(disks.map(({ name }) => name).sort()).toEqual(["eb2", "eb3", "eb4"]);
	expect(health.maps).toContainEqual({ map: "disks", used: 3, capacity: 3, overflow: 2 });
	expect(processes).toMatchObject([{ pid: 812, diskReadBytes: 5 * 512 }]);
});

test("what is past the bound still counts for its process, once, whether its row returns or not", () => {
	const scenario = watched({ disks: 2 });
	const read = (minor: number, count: number) =>
		add(scenario, { dev: minor, name: `eb${minor}`, count, bytes: count * 512 });
	for (let minor = 0; minor < 5; minor++) read(minor, 1);
	scenario.tick();
	read(0, 3);
	const { disks, processes } = read(0, 7).tick();
	expect(disks.find(({ name }) => name === "eb0")).toMatchObject({ count: 7, bytes: 7 * 512, rate: 4 * 512 });
	expect(processes).toMatchObject([{ diskReadBytes: 4 * 512 + 7 * 512, diskReadRate: 6 * 512 }]);
	expect(read(0, 8).tick().processes).toMatchObject([{ diskReadBytes: 12 * 512, diskReadRate: 512 }]);
});

test("what found no room in the kernel's table counts for its process too", () => {
	const scenario = add(watched(), { count: 2, bytes: 1024 });
	const spill = (disk_read_bytes: number, disk_write_bytes: number) =>
		scenario.add(record(WireType.SPILL, "wire_spill", scenario.head(who), { disk_read_bytes, disk_write_bytes }));
	spill(4096, 0);
	expect(scenario.tick().processes).toMatchObject([{ diskReadBytes: 5120, diskWriteBytes: 0 }]);
	spill(8192, 512);
	expect(scenario.tick().processes).toMatchObject([
		{ diskReadBytes: 9216, diskWriteBytes: 512, diskReadRate: 4096, diskWriteRate: 512 },
	]);
});

test("without devices, the sums of a process come from the source", () => {
	const scenario = new Scenario().process(who);
	const sum = (read_bytes: number, write_bytes: number) =>
		scenario.add(record(WireType.DISK_SUM, "wire_disk_sum", scenario.head(who), { read_bytes, write_bytes }));
	sum(0, 0);
	expect(scenario.tick().processes).toMatchObject([{ diskReadBytes: 0, diskWriteBytes: 0 }]);
	sum(8192, 4096);
	const { processes, disks } = scenario.tick(2);
	expect(processes).toMatchObject([
		{ diskReadBytes: 8192, diskWriteBytes: 4096, diskReadRate: 4096, diskWriteRate: 2048 },
	]);
	expect(disks).toEqual([]);
});
