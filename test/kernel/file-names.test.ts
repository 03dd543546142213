/** One path for many files, one file with many paths: one row for each path, with what was done under it. */

import {
	closeSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readSync,
	renameSync,
	rmSync,
	unlinkSync,
	writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { textAt } from "../../src/model/wire/fields.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rowsIn = (snapshot: Snapshot) =>
	snapshot.files.filter(({ pid, path }) => pid === process.pid && path.startsWith(`${folder}/`));

const namesIn = (snapshot: Snapshot) =>
	Object.fromEntries(
		rowsIn(snapshot).map(({ path, flags, opens, reads, readBytes, writes, writeBytes }) => [
			path.slice(folder.length + 1),
			[flags, opens, reads, readBytes, writes, writeBytes],
		]),
	);

const nameOf = (view: DataView) => textAt(view, wire.objectTextAt(0), wire.objectNameLen(view, 0));

function write(name: string, flags: string, times: number, bytes: number): void {
	const fd = openSync(join(folder, name), flags);
	for (let count = 0; count < times; count++) writeSync(fd, Buffer.alloc(bytes, "x"));
	closeSync(fd);
}

function read(name: string, times: number, bytes: number): void {
	const fd = openSync(join(folder, name), "r");
	for (let count = 0; count < times; count++) readSync(fd, Buffer.alloc(bytes), 0, bytes, 0);
	closeSync(fd);
}

describeLive("names of files", () => {
	let session: LiveSession;
	beforeEach(() => {
		session = new LiveSession({ pids: [process.pid] });
	});
	afterEach(() => session.close());

	test("a journal that is created and deleted in each transaction has one row, whose counters never fall", () => {
		let written = 0;
		for (let transaction = 1; transaction <= 397; transaction++) {
			write("db-journal", "wx", 3, 13);
			unlinkSync(join(folder, "db-journal"));
			if (transaction % 31 !== 0) continue;
			const rows = rowsIn(session.refresh());
			expect(rows.map(({ path }) => path)).toEqual([`${folder}/db-journal`]);
			expect(rows[0]?.writes).toBeGreaterThanOrEqual(written);
			written = rows[0]?.writes ?? Number.NaN;
		}
		const bytes = 397 * 3 * 13;
		expect(namesIn(session.refresh())).toEqual({ "db-journal": ["O_WRONLY", 397, 0, 0, 397 * 3, bytes] });
	});

	test("what is read after a rename is read under the new name, and with the flags of that opening", () => {
		for (let round = 1; round <= 3; round++) {
			write("conf.lock", "w", 1, 101);
			session.refresh();
			renameSync(join(folder, "conf.lock"), join(folder, "conf"));
			read("conf", 17, 101);
			expect(namesIn(session.refresh())).toEqual({
				"conf.lock": ["O_WRONLY", round, 0, 0, round, round * 101],
				conf: ["O_RDONLY", round, round * 17, round * 17 * 101, 0, 0],
			});
		}
	});

	test("a directory that is renamed renames what is opened in it", () => {
		mkdirSync(join(folder, "old/deep"), { recursive: true });
		write("old/deep/x", "w", 5, 7);
		session.refresh();
		renameSync(join(folder, "old"), join(folder, "new"));
		read("new/deep/x", 11, 35);
		expect(namesIn(session.refresh())).toMatchObject({
			"old/deep/x": ["O_WRONLY", 1, 0, 0, 5, 35],
			"new/deep/x": ["O_RDONLY", 1, 11, 385, 0, 0],
		});
	});

	test("flags of several opens of a file are combined in its row, and each is sent once", () => {
		write("log", "w", 1, 13);
		for (let times = 0; times < 23; times++) read("log", 1, 13);
		for (let times = 0; times < 19; times++) write("log", "a", 1, 13);
		expect(namesIn(session.refresh())).toMatchObject({ log: ["O_RDWR|O_APPEND", 43, 23, 299, 20, 260] });
		const told = session
			.records(wire.WireType.OBJECT)
			.filter((view) => wire.objectHow(view, 0) === wire.WireHow.USED && nameOf(view) === `${folder}/log`);
		expect(told).toHaveLength(3);
	});
});
