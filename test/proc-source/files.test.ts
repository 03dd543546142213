/** Open files: path, type and identity from the descriptor, bytes from the change of its position. */
import {
	closeSync,
	constants,
	mkdtempSync,
	openSync,
	readSync,
	rmSync,
	statSync,
	unlinkSync,
	writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FileRow } from "../../src/model/snapshot.ts";
import { Observer } from "./observer.ts";

let folder = "";
let observer: Observer;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "eb-files-"));
	observer = new Observer({ concerns: ["file"], pids: [process.pid] });
});

afterAll(() => {
	observer.close();
	rmSync(folder, { recursive: true });
});

/** This process is the one observed: it knows exactly what it reads and writes. */
function row(path: string): FileRow | undefined {
	return observer.refresh().files.find((file) => file.pid === process.pid && file.path === path);
}

it("shows path, type, device and inode of what is open, and nothing of what was closed", () => {
	const path = join(folder, "with space\n.txt");
	const fd = openSync(path, "w");
	const { ino } = statSync(path);
	const open = row(path.replace("\n", "\\n")) ?? row(path.replace("\n", "\\x0a"));

	expect(open).toMatchObject({ type: "regular", inode: String(ino), readBytes: 0, writeBytes: 0, reads: 0, writes: 0 });
	expect(open?.device).toMatch(/^\d+:\d+$/);
	closeSync(fd);
	unlinkSync(path);
});

it("shows how a file was opened, its position and how fast that moves", () => {
	const path = join(folder, "position");
	const fd = openSync(path, "a+");
	const appending = { flags: "O_RDWR|O_APPEND", position: 0, positionRate: 0 };

	expect(row(path)).toMatchObject(appending);
	writeSync(fd, "x".repeat(4099));
	const moved = row(path);
	expect(moved).toMatchObject({ ...appending, position: 4099, positionRate: expect.any(Number) });
	expect(moved?.positionRate).toBeGreaterThan(0);
	expect(row(path)).toMatchObject({ ...appending, position: 4099 });
	closeSync(fd);
});

it("shows how a directory is open, and ignores its position", () => {
	const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);

	expect(row(folder)).toMatchObject({
		type: "directory",
		flags: "O_RDONLY|O_DIRECTORY|O_NOFOLLOW",
		position: null,
		positionRate: null,
	});
	closeSync(fd);
});

it("marks a file that was deleted while it is open", () => {
	const path = join(folder, "deleted");
	const fd = openSync(path, "w");
	unlinkSync(path);

	expect(row(`${path} (deleted)`)).toMatchObject({ type: "regular" });
	closeSync(fd);
});

it("counts what was written between two refreshes", () => {
	const path = join(folder, "written");
	const fd = openSync(path, "w");
	row(path);
	for (let i = 0; i < 13; i++) writeSync(fd, "x".repeat(1009));
	const written = row(path);

	expect(written).toMatchObject({ readBytes: 0, writeBytes: 13 * 1009 });
	expect(written?.writeRate).toBeGreaterThan(0);
	writeSync(fd, "y".repeat(7));
	expect(row(path)?.writeBytes).toBe(13 * 1009 + 7);
	closeSync(fd);
});

it("counts what was read, from 0 if it was opened in between", () => {
	const path = join(folder, "written");
	row(path);
	const fd = openSync(path, "r");
	readSync(fd, Buffer.alloc(5003), 0, 5003, null);

	expect(row(path)).toMatchObject({ opens: 2, readBytes: 5003 });
	closeSync(fd);
});

it("does not count a seek as a transfer", () => {
	const path = join(folder, "written");
	const fd = openSync(path, "a");
	row(path);
	const before = row(path)?.readBytes;
	// pread() does not move the position, and no file can have more than the process read in total.
	readSync(openSync(path, "r"), Buffer.alloc(101), 0, 101, 11);

	expect(row(path)?.readBytes).toBe(before);
	closeSync(fd);
});

it("adds bytes reported for a file to the process only once", () => {
	const path = join(folder, "total");
	const fd = openSync(path, "w");
	observer.refresh();
	writeSync(fd, "z".repeat(50_021));
	const { processes, files, intervalMs } = observer.refresh();
	const self = processes.find(({ pid }) => pid === process.pid);
	const total = ((self?.writeRate ?? 0) * intervalMs) / 1000;

	expect(files.find((file) => file.path === path)?.writeBytes).toBe(50_021);
	// Rates have three decimals, so the product is not exact; the program also writes a little else.
	expect(total).toBeGreaterThan(49_900);
	expect(total).toBeLessThan(60_000);
	closeSync(fd);
});
