/**
 * Block I/O: which process sent which requests to which device, on the test's own loop device, compared with the
 * kernel's counts.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmdirSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getSystemErrorName } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { EVENT_GROUPS } from "../../src/model/event-types.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import type { TestSessionOptions } from "../helpers/drained-session.ts";
import { describeLive, LiveSession, testNew } from "../helpers/live-session.ts";
import { DEVICE_BYTES, LoopDevice, whyNoLoopDevice } from "../helpers/loop-device.ts";
import { RecordSession } from "../helpers/record-session.ts";
import { TestCgroup } from "../helpers/test-cgroup.ts";
import { textOf } from "../helpers/wire-read.ts";
import { compileWorkload, until } from "../helpers/workload.ts";

const WRITE_BYTES = 12288;
const READ_BYTES = 8192;
const DISCARD_BYTES = 16384;
/** From one of the workload's requests to the next. */
const SECTORS_APART = 65536 / 512;
const DEVICE_PAGES = DEVICE_BYTES / 4096;
const { READ, WRITE, DISCARD, FLUSH } = wire.WireDiskOperation;

const why = whyNoLoopDevice();

/** Before Linux 6.5 there is no other way, which may not see flushes; here it must find the rest. */
const OLD = { disk: "tp_btf-insert", "disk-issue": "tp_btf-first", "disk-done": "tp_btf-part" };

describeLive("block I/O", () => {
	describe.skipIf(why !== null)(why === null ? "on a loop device" : `on a loop device (skipped: ${why})`, () => {
		let device: LoopDevice;
		beforeAll(() => {
			device = new LoopDevice();
		});
		afterAll(() => device?.remove());

		const sessions: { close(): void }[] = [];
		afterEach(() => {
			for (const session of sessions.splice(0)) session.close();
		});

		/** Runs the workload and returns the counts of each of its operations. */
		async function asked(options: TestSessionOptions, ...work: readonly (string | number)[]) {
			const session = new RecordSession({ concerns: ["process", "disk"], ...options });
			sessions.push(session);
			session.sweep();
			const before = device.counts();
			const run = await session.run("disk", device.path, ...work.map(String));
			const after = device.counts();
			session.sweep();
			const [major = 0, minor = 0] = device.number.split(":").map(Number);
			const own = () =>
				session.all("wire_disk").filter(({ pid, dev }) => pid === run.pid && dev === major * 2 ** 20 + minor);
			const last = () => new Map(own().map((record) => [record.operation, record]));
			return { session, last, before, after };
		}

		for (const [variant, force] of [
			["this kernel's best variant", undefined],
			["the variant of older kernels", OLD],
		] as const) {
			test(`${variant}: each request belongs to the process that made it`, async () => {
				const { session, last, before, after } = await asked(force ? { force } : {}, "direct", 7, 11, 3, 5);
				const sums = Object.fromEntries(
					[...last()].map(([operation, { count, bytes }]) => [operation, [count, bytes]]),
				);
				expect(sums).toMatchObject({
					[WRITE]: [7, 7 * WRITE_BYTES],
					[READ]: [11, 11 * READ_BYTES],
					[DISCARD]: [3, 3 * DISCARD_BYTES],
				});
				const used = textOf(Buffer.from(session.probe("disk").list("variant")));
				if (used === "tp_btf") expect(sums[FLUSH]).toEqual([5, 0]);
				expect(after.reads - before.reads).toBe(11);
				expect(after.readBytes - before.readBytes).toBe(11 * READ_BYTES);
				expect(after.writeBytes - before.writeBytes).toBe(7 * WRITE_BYTES);
				expect(after.discardBytes - before.discardBytes).toBe(3 * DISCARD_BYTES);
				expect(session.probe("disk").lost).toBe(0);
				expect(session.map("disk-requests").overflow).toBe(0);
			});
		}

		test("are counted while wanted, and requests under way while not wanted block nothing", async () => {
			const session = new RecordSession({ concerns: ["process"], standby: ["disk"] });
			sessions.push(session);
			const direct = (flushes: number) => session.run("disk", device.path, "direct", "7", "11", "3", String(flushes));
			session.sweep();
			await direct(5);
			session.sweep();
			expect(session.all("wire_disk")).toEqual([]);
			const running = direct(997);
			for (let round = 0; round < 20; round++) {
				session.want(round % 2 === 0 ? ["disk"] : []);
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
			await running;
			session.want(["disk"]);
			const { pid } = await direct(5);
			session.sweep();
			const last = session.all("wire_disk").findLast((record) => record.pid === pid && record.operation === WRITE);
			expect(last?.count).toBe(7);
			session.want([]);
			session.sweep();
			expect(session.map("disk-requests").used).toBe(0);
		});

		testNew("what page faults read through a mapping counts for its file, in folios of any size", async () => {
			const session = new RecordSession({ concerns: ["process", "file", "disk"] });
			sessions.push(session);
			for (const [how, pages] of [
				["mapped", 37],
				["mapped-all", DEVICE_PAGES],
			] as const) {
				const { pid } = await session.run("disk", device.path, how, String(pages));
				session.sweep();
				const file = session.objects(pid).find(({ name }) => name === device.path)?.object;
				const counts = session
					.all("wire_io")
					.filter((io) => io.pid === pid && io.ino === file?.ino && io.dev === file.dev && io.gen === file.gen);
				expect(counts.at(-1)?.mapped_bytes).toBe(pages * 4096);
				expect(counts.at(-1)?.read_bytes).toBe(0);
			}
		});

		test("what a kernel thread writes back is for the cgroup whose process wrote to the file", async () => {
			const folder = mkdtempSync(join(tmpdir(), "eb-mount-"));
			const cgroups = [37, 41].map((pages) => ({ pages, cgroup: new TestCgroup(`eb-dirty-${process.pid}-${pages}`) }));
			execFileSync("mkfs.ext4", ["-q", "-O", "^has_journal", device.path]);
			execFileSync("mount", [device.path, folder]);
			const session = new LiveSession({ concerns: ["process", "disk"] });
			try {
				for (const { pages, cgroup } of cgroups) {
					const write = `echo $$ > ${cgroup.folder}/cgroup.procs; head -c ${pages * 4096} /dev/zero > ${folder}/${pages}`;
					execFileSync("sh", ["-c", write]);
					execFileSync("sync", ["--file-system", folder]);
				}
				const written = (path: string) => (snapshot: Snapshot) =>
					snapshot.disks
						.filter((row) => row.device === device.number && row.operation === "write" && row.cgroup === path)
						.map(({ comm, bytes }) => [comm.replace(/\/.*/, ""), bytes]);
				for (const { pages, cgroup } of cgroups) {
					await session.expect(written(cgroup.path), [["kworker", pages * 4096]]);
				}
				expect(session.losses()).toEqual([]);
			} finally {
				session.close();
				execFileSync("umount", [folder]);
				rmdirSync(folder);
				for (const { cgroup } of cgroups) await cgroup.remove();
			}
		});

		test("or for the process that did, if it is in the root cgroup", async () => {
			const folder = mkdtempSync(join(tmpdir(), "eb-mount-"));
			const roots = ["", "unified/", "memory/", "pids/", "devices/"].map(
				(name) => `/sys/fs/cgroup/${name}cgroup.procs`,
			);
			const leave = roots.filter((file) => existsSync(file)).map((file) => `echo $$ > ${file}; `);
			execFileSync("mkfs.ext4", ["-q", "-O", "^has_journal", device.path]);
			execFileSync("mount", [device.path, folder]);
			const session = new LiveSession({ concerns: ["process", "disk"] });
			try {
				const pids = [37, 41].map((pages) => {
					const write = `exec head -c ${pages * 4096} /dev/zero > ${folder}/${pages}`;
					const { pid } = spawnSync("sh", ["-c", leave.join("") + write]);
					execFileSync("sync", ["--file-system", folder]);
					return pid;
				});
				const written = ({ disks }: Snapshot) =>
					disks
						.flatMap(({ device: number, comm, operation, cgroup, dirtier, bytes }) =>
							number === device.number && dirtier !== null && pids.includes(dirtier.pid)
								? [{ comm: comm.replace(/\/.*/, ""), operation, cgroup, dirtier, bytes }]
								: [],
						)
						.sort((a, b) => a.bytes - b.bytes);
				await session.expect(
					written,
					[37, 41].map((pages, at) => ({
						...{ comm: "kworker", operation: "write", cgroup: null },
						...{ dirtier: { pid: pids[at], comm: "head" }, bytes: pages * 4096 },
					})),
				);
				expect(session.losses()).toEqual([]);
			} finally {
				session.close();
				execFileSync("umount", [folder]);
				rmdirSync(folder);
			}
		});

		test("the time that requests waited and were served adds up", async () => {
			const { last } = await asked({}, "together", 13);
			const writes = last().get(WRITE);
			const sum = (buckets: readonly number[]) => buckets.reduce((total, count) => total + count, 0);
			expect(sum(writes?.list("queued_buckets") ?? [])).toBe(13);
			expect(sum(writes?.list("served_buckets") ?? [])).toBe(13);
			expect(writes?.served_total_ns).toBeGreaterThan(0);
			expect(writes?.served_max_ns).toBeLessThanOrEqual(writes?.served_total_ns ?? 0);
		});

		test("requests that a process did not wait for count for it after its end", async () => {
			const only = { pids: [process.pid] };
			const { session, last } = await asked(only, "ahead", 61);
			await until("all that it asked for", () => {
				session.sweep();
				return last().get(READ)?.bytes === 61 * 4096 && session.map("disk-requests").used === 0;
			});
			expect(session.probe("disk").lost).toBe(0);
		});

		for (const [variant, force] of [
			["this kernel's best variant", undefined],
			["the variant of older kernels", OLD],
		] as const) {
			test(`each request is an event, ${variant}`, () => {
				const session = new LiveSession({
					concerns: ["process"],
					events: EVENT_GROUPS.disk,
					...(force ? { force } : {}),
				});
				sessions.push(session);
				const { pid } = spawnSync(compileWorkload("disk"), [device.path, "direct", "7", "11", "3", "5"]);
				const { events, health } = session.refresh();
				const own = events.flatMap((row) => (row.type === "disk-request" && row.pid === pid ? [row] : []));
				const all = (operation: string, count: number, bytes: number) =>
					Array.from({ length: count }, (_, at) => [operation, at * SECTORS_APART, bytes]);
				const flushes = own.filter(({ data }) => data.operation === "flush").map(({ data }) => data);
				expect(
					own
						.filter(({ data }) => data.operation !== "flush")
						.map(({ data: { operation, sector, bytes } }) => [operation, sector, bytes]),
				).toEqual([
					...all("write", 7, WRITE_BYTES),
					...all("read", 11, READ_BYTES),
					...all("discard", 3, DISCARD_BYTES),
				]);
				const named = { device: device.number, name: device.name, cgroup: null, error: null };
				for (const { comm, data } of own) {
					expect([comm, data]).toMatchObject(["disk", named]);
					expect(data.servedMs).toBeGreaterThan(0);
					if (data.operation !== "flush") expect(data.queuedMs).toBeGreaterThanOrEqual(0);
				}
				if (health.probes.find(({ probe }) => probe === "disk")?.variant === "tp_btf") expect(flushes).toHaveLength(5);
				for (const flush of flushes) expect(flush).toMatchObject({ sector: null, bytes: 0, queuedMs: null });
				expect(session.losses()).toEqual([]);
			});

			test(`the event of a request that failed says why, ${variant}`, () => {
				const folder = mkdtempSync(join(tmpdir(), "eb-full-"));
				execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", folder]);
				const file = join(folder, "disk");
				writeFileSync(file, "");
				truncateSync(file, DEVICE_BYTES);
				writeFileSync(join(folder, "rest"), Buffer.alloc(65536));
				const full = new LoopDevice(file);
				const session = new LiveSession({
					concerns: ["process"],
					events: EVENT_GROUPS.disk,
					...(force ? { force } : {}),
				});
				sessions.push(session);
				try {
					const { pid, status } = spawnSync(compileWorkload("disk"), [full.path, "failing", "13"]);
					const rows = session.refresh().events.filter((row) => row.type === "disk-request" && row.pid === pid);
					expect(rows.map(({ data }) => data)).toMatchObject(
						Array.from({ length: 13 }, (_, at) => ({
							...{ operation: "write", sector: at * SECTORS_APART, bytes: WRITE_BYTES },
							error: getSystemErrorName(-(status ?? 0)),
						})),
					);
				} finally {
					full.remove();
					execFileSync("umount", [folder]);
					rmdirSync(folder);
				}
			});
		}

		test("what has no room in the table counts for its process all the same", async () => {
			const only = { pids: [process.pid], capacity: { disk: 64 }, beatMs: null };
			const session = new RecordSession({ concerns: ["process", "disk"], ...only });
			sessions.push(session);
			const pids: number[] = [];
			for (let index = 0; index < 41; index++)
				pids.push((await session.run("disk", device.path, "direct", "1", "1", "0", "0")).pid);
			session.sweep();
			expect(session.map("disk").overflow).toBeGreaterThan(0);
			const sums = pids.map((pid) => {
				const rows = session.all("wire_disk").filter((record) => record.pid === pid);
				const spill = session.all("wire_spill").findLast((record) => record.pid === pid);
				const sum = (wanted: number) =>
					rows.filter(({ operation }) => operation === wanted).reduce((total, { bytes }) => total + bytes, 0);
				return [sum(READ) + (spill?.disk_read_bytes ?? 0), sum(WRITE) + (spill?.disk_write_bytes ?? 0)];
			});
			expect(sums).toEqual(pids.map(() => [READ_BYTES, WRITE_BYTES]));
		});

		test("requests for which there is no room are counted as overflow", async () => {
			const only = { pids: [process.pid], capacity: { diskRequests: 1 } };
			const { session, last } = await asked(only, "together", 13);
			const { overflow, capacity } = session.map("disk-requests");
			expect(capacity).toBe(1);
			expect(overflow).toBeGreaterThan(0);
			expect((last().get(WRITE)?.count ?? 0) + overflow).toBe(13);
		});
	});

	test("without the concern and its events nothing of it is loaded", () => {
		const session = new RecordSession({ concerns: ["process", "file"] });
		try {
			session.sweep();
			for (const probe of ["disk", "disk-error"]) expect(() => session.probe(probe)).toThrow("no wire_probe of disk");
		} finally {
			session.close();
		}
	});
});
