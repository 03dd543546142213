/** Files: what each process did with each, and what stays correct when records are lost. */

import { expect, test } from "vitest";
import { KernelObject } from "../../src/model/tables/object/kernel-object.ts";
import { ObjectIndex } from "../../src/model/tables/object/object-index.ts";
import { Use } from "../../src/model/tables/object/use.ts";
import { Process } from "../../src/model/tables/process/process.ts";
import { WireHow, WireIoFlag, WireKind, WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const who = { pid: 10, start: 77n };
const file = { dev: (254 << 20) | 3, ino: 0x1_0000_0001n, gen: 5 };

test("a file row: path, type, device, counts and rates", () => {
	const scenario = new Scenario().process(who, { comm: "eb-dd" });
	scenario.object(who, { ...file, mode: 0o100644, slot: 4, fmode: 2, flags: 0o102001 }, "/tmp/out");
	scenario.io(who, { ...file, slot: 4, opens: 1, writes: 7, write_bytes: 12_345 });
	const row = {
		...{ pid: 10, comm: "eb-dd", path: "/tmp/out", type: "regular", device: "254:3", inode: "4294967297" },
		...{ flags: "O_WRONLY|O_APPEND", position: null, positionRate: null, shared: false },
		...{ opens: 1, reads: 0, writes: 7, readBytes: 0, writeBytes: 12_345, readRate: 0, writeRate: 0 },
		mappedReadBytes: null,
	};
	expect(scenario.tick().files).toEqual([row]);
	scenario.io(who, { ...file, slot: 4, opens: 1, writes: 8, write_bytes: 13_345 });
	const second = scenario.tick(0.5);
	expect(second.files).toEqual([{ ...row, writes: 8, writeBytes: 13_345, writeRate: 2000 }]);
	expect(second.processes[0]).toMatchObject({ writeRate: 2000, txRate: 0 });
	expect(scenario.tick().files[0]).toMatchObject({ writeRate: 0 });
	scenario.io(who, { ...file, slot: 4, opens: 1, writes: 8, write_bytes: 13_345, mapped_bytes: 37 * 4096 });
	expect(scenario.tick().files[0]).toMatchObject({ mappedReadBytes: 37 * 4096, readBytes: 0, readRate: 0 });
});

test("the position of a file, and how fast it moves forward", () => {
	const scenario = new Scenario().process(who);
	const stand = (position: bigint, moved: bigint) =>
		scenario.add(record(WireType.POSITION, "wire_position", scenario.head(who), { ...file, position, moved }));
	stand(4099n, 0n);
	scenario.object(who, { ...file, fmode: 3 }, "/tmp/out");
	expect(scenario.tick().files).toMatchObject([{ flags: "O_RDWR", position: 4099, positionRate: 0 }]);
	stand(5108n, 1009n);
	expect(scenario.tick(0.5).files).toMatchObject([{ position: 5108, positionRate: 2018, readRate: 0, writeRate: 0 }]);
	expect(scenario.tick(0.5).files).toMatchObject([{ position: 5108, positionRate: 0 }]);
	stand(3n, 0n);
	expect(scenario.tick(0.5).files).toMatchObject([{ position: 3, positionRate: 0 }]);
});

test("a file whose position is shared is marked from then on, without bytes", () => {
	const scenario = new Scenario().process(who).object(who, { ...file, slot: 4, fmode: 2 }, "/tmp/log");
	expect(scenario.tick().files).toMatchObject([{ shared: false }]);
	scenario.io(who, { ...file, slot: 4, flags: WireIoFlag.SHARED });
	expect(scenario.tick().files).toMatchObject([{ shared: true, writeBytes: 0 }]);
	scenario.io(who, { ...file, slot: 4, write_bytes: 101 });
	expect(scenario.tick().files).toMatchObject([{ shared: true, writeBytes: 101 }]);
});

test("a slot that now belongs to another pair is not trusted", () => {
	const scenario = new Scenario().object(who, { ...file, slot: 4 }, "/a");
	const other = { pid: 11, start: 78n };
	scenario.io(other, { ...file, slot: 4, mode: 0o100644, reads: 3, read_bytes: 30 });
	expect(scenario.tick().files.map((row) => [row.pid, row.path, row.reads])).toEqual([
		[10, "/a", 0],
		[11, "/a", 3],
	]);
});

test("a file whose announcement was lost shows its inode number", () => {
	const scenario = new Scenario().io(who, { ...file, mode: 0o040755, reads: 1, read_bytes: 512 });
	expect(scenario.tick().files).toMatchObject([{ path: "?4294967297", type: "directory", readBytes: 512 }]);
	scenario.object(who, { ...file, mode: 0o040755, kind: WireKind.DIRECTORY }, "/late");
	expect(scenario.tick().files).toMatchObject([{ path: "/late", readBytes: 512 }]);
});

test("paths are marked if cut or unlinked, and cannot control the terminal", () => {
	const scenario = new Scenario();
	scenario.object(who, { ...file, name_flags: 3 }, "deep/\x1bfile");
	expect(scenario.tick().files).toMatchObject([{ path: "…deep/\\x1bfile (deleted)" }]);
});

test.each([
	["pipe", WireKind.PIPE],
	["socket", WireKind.UNIX_STREAM],
	["eventfd", WireKind.EVENTFD],
	["epoll", WireKind.EPOLL],
	["anonymous inode", WireKind.ANON],
])("a %s is no file", (_, kind) => {
	const scenario = new Scenario().object(who, { ...file, kind }, "[x]").io(who, { ...file, reads: 1 });
	expect(scenario.tick().files).toEqual([]);
});

test("bytes over sockets are the process's tx and rx", () => {
	const scenario = new Scenario();
	scenario.tick();
	scenario.object(who, { ...file, kind: WireKind.TCP }).io(who, { ...file, write_bytes: 10, read_bytes: 4 });
	expect(scenario.tick().processes).toMatchObject([{ txRate: 10, rxRate: 4, readRate: 0, writeRate: 0 }]);
});

test("what was only held open is dropped when a pass finds it closed, what was used stays", () => {
	const scenario = new Scenario();
	scenario.pass("OBJECTS", (inside) => inside.object(who, { ...file, how: WireHow.HELD }, "/held"));
	scenario.object(who, { ...file, ino: 9 }, "/used").io(who, { ...file, ino: 9, opens: 1 });
	expect(scenario.tick().files).toHaveLength(2);
	scenario.pass("OBJECTS");
	expect(scenario.tick().files.map((row) => row.path)).toEqual(["/used"]);
});

test("rows of a process go with it", () => {
	const scenario = new Scenario().object(who, file, "/x").exit(who);
	expect(scenario.tick().files).toHaveLength(1);
	expect(scenario.tick(6).files).toHaveLength(0);
});

test("what spilled from a full table counts for its process and for the machine", () => {
	const scenario = new Scenario().process(who);
	scenario.tick();
	const fields = { calls: 50, read_bytes: 1000, write_bytes: 30 };
	scenario.add(record(WireType.SPILL, "wire_spill", scenario.head(who), fields));
	const snapshot = scenario.tick();
	expect(snapshot.processes).toMatchObject([{ syscallRate: 50, readRate: 1000, writeRate: 30 }]);
	expect(snapshot.system.syscallRate).toBe(50);
});

test("pipes that no other process has any more are dropped after a minute, and return without a burst", () => {
	const scenario = new Scenario().process(who);
	const pipe = { ino: 5, dev: 14, mode: 0o010600 };
	scenario
		.object(who, { ...pipe, kind: WireKind.PIPE, slot: 3 })
		.io(who, { ...pipe, slot: 3, reads: 1, read_bytes: 10 });
	scenario.tick();
	scenario.tick(61);
	scenario.io(who, { ...pipe, slot: 3, reads: 2, read_bytes: 1000 });
	expect(scenario.tick().processes).toMatchObject([{ readRate: 0 }]);
	scenario.io(who, { ...pipe, slot: 3, reads: 3, read_bytes: 1500 });
	expect(scenario.tick().processes).toMatchObject([{ readRate: 500 }]);
});

test("the maximum number of processes with one file open can all close it in one refresh", () => {
	const object = new KernelObject(1, 2, 0, 0);
	const process = new Process(1, 2, 3);
	const uses = Array.from({ length: 262_144 }, () => new Use(process, object));
	for (const use of uses) object.addUse(use);
	expect([object.useCount, object.uses.at(-1)]).toEqual([262_144, uses.at(-1)]);
	for (const use of uses) object.removeUse(use);
	expect([object.useCount, object.uses]).toEqual([0, []]);
}, 20_000); // a list through which each of them looks takes minutes

test("the maximum number of remembered files may all have had the same inode number", () => {
	const objects = new ObjectIndex();
	const none = { low: 0, high: 0 };
	const ino = { low: 42, high: 0 };
	const obtain = (gen: number) => objects.obtain(7, ino, gen, WireKind.REGULAR, none);
	const all = Array.from({ length: 262_144 }, (_, gen) => obtain(2 * gen));
	expect(all.every((object, gen) => object === obtain(2 * gen))).toBe(true);
	for (const object of all) objects.remove(object);
	expect(all.some((object, gen) => object === obtain(2 * gen))).toBe(false);
}, 20_000); // a list through which each of them looks takes minutes

const journal = { dev: (254 << 20) | 3, ino: 42n, mode: 0o100644 };

test("a path that is created and deleted repeatedly is one row, whose counters never decrease", () => {
	const scenario = new Scenario().process(who);
	let before = { writes: 0, writeBytes: 0, opens: 0 };
	for (let life = 1; life <= 17; life++) {
		const one = { ...journal, gen: life, slot: life };
		scenario.object(who, one, "/db-journal").io(who, { ...one, opens: 1, writes: 3, write_bytes: 101 });
		if (life % 5 === 0) scenario.pass("OBJECTS");
		const { files } = scenario.tick(2);
		expect(files).toHaveLength(1);
		expect(files[0]?.writes).toBeGreaterThanOrEqual(before.writes);
		before = files[0] ?? before;
	}
	expect(before).toMatchObject({ opens: 17, writes: 17 * 3, writeBytes: 17 * 101, writeRate: 101 / 2 });
	scenario.exit(who).tick();
	expect(scenario.tick(6).files).toEqual([]);
});

test("the same path on two devices is two rows", () => {
	const scenario = new Scenario().object(who, { ...journal, slot: 1 }, "/mnt/x");
	scenario.object(who, { ...journal, dev: 9, slot: 2 }, "/mnt/x").io(who, { ...journal, dev: 9, slot: 2, writes: 7 });
	scenario.io(who, { ...journal, slot: 1, writes: 5 });
	const rows = scenario.tick().files.map(({ device, path, writes }) => `${device} ${path} ${writes}`);
	expect(rows.sort()).toEqual(["0:9 /mnt/x 7", "254:3 /mnt/x 5"]);
});

test("a renamed file counts under its new name from then on, with the flags of that opening", () => {
	const scenario = new Scenario().object(who, { ...journal, slot: 1, fmode: 2, flags: 1 }, "/conf.lock");
	scenario.io(who, { ...journal, slot: 1, opens: 1, writes: 1, write_bytes: 101 }).tick();
	scenario.object(who, { ...journal, slot: 1, fmode: 1 }, "/conf");
	scenario.io(who, { ...journal, slot: 1, opens: 2, writes: 1, write_bytes: 101, reads: 13, read_bytes: 1313 });
	const { files, processes } = scenario.tick();
	expect(files).toMatchObject([
		{ path: "/conf.lock", flags: "O_WRONLY", opens: 1, writes: 1, writeBytes: 101, reads: 0 },
		{ path: "/conf", flags: "O_RDONLY", opens: 1, writes: 0, reads: 13, readBytes: 1313 },
	]);
	expect(processes).toMatchObject([{ readRate: 1313, writeRate: 0 }]);
	// the next one that is written and renamed: no row is new, no counter decreases
	const next = { ...journal, gen: 2, slot: 2 };
	scenario.object(who, { ...next, fmode: 2, flags: 1 }, "/conf.lock").io(who, { ...next, writes: 1, write_bytes: 7 });
	expect(scenario.tick().files).toMatchObject([
		{ path: "/conf.lock", writeBytes: 108 },
		{ path: "/conf", readBytes: 1313 },
	]);
});
