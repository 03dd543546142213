import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { afterAll, describe, expect, it } from "vitest";
import { cut } from "../../src/history/state.ts";
import { ParquetTable } from "../../src/query/parquet.ts";
import { columnsOfTable, TABLE_NAMES, Tables } from "../../src/query/tables.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { runEbtop } from "../helpers/run-ebtop.ts";
import { aFile, aSnapshot } from "../helpers/snapshots.ts";

const top = mkdtempSync(join(tmpdir(), "eb-export-"));
afterAll(() => rmSync(top, { recursive: true }));

const read = async (path: string) => parquetReadObjects({ file: await asyncBufferFromFile(path) });

async function inMemory(table: string, rows: (sink: (values: readonly unknown[]) => void) => void) {
	const parts: Buffer[] = [];
	const parquet = new ParquetTable(columnsOfTable(table), "eb", (bytes) => parts.push(Buffer.from(bytes)));
	rows((values) => parquet.add(values));
	parquet.end();
	const bytes = Buffer.concat(parts);
	const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
	return { objects: await parquetReadObjects({ file }), metadata: await parquetMetadataAsync(file) };
}

describe("a Parquet file", () => {
	it("has what was added, with its types, in groups of rows", async () => {
		const snapshots = [3, 3, 16].map((writes, seq) => {
			const over = { writes, writeBytes: writes * 7919, opens: 0, position: 2 ** 53 - 1, readRate: 0.5, shared: true };
			return aSnapshot({ seq, time: `2026-11-20T17:00:0${seq}.250Z`, files: [aFile({ path: `/é${seq}`, ...over })] });
		});
		const { objects } = await inMemory("files", (sink) => {
			const tables = new Tables((table) => (table === "files" ? sink : null));
			for (const snapshot of snapshots) tables.add(snapshot, false);
			tables.end();
		});
		expect(
			objects.map(({ seq, lastSeq, path, writes, writesDelta }) => [seq, lastSeq, path, writes, writesDelta]),
		).toEqual([
			[0n, 0n, "/é0", 3n, 3n],
			[1n, 1n, "/é1", 3n, 3n],
			[2n, 2n, "/é2", 16n, 16n],
		]);
		expect(objects[2]).toMatchObject({
			time: new Date("2026-11-20T17:00:02.250Z"),
			position: 2n ** 53n - 1n,
			readRate: 0.5,
			shared: true,
			positionRate: null,
			writeBytes: BigInt(16 * 7919),
		});
	});
	it("of many rows is written in groups, so that few are in memory", async () => {
		const count = 25_013;
		const columns = columnsOfTable("refreshes").length;
		const { objects, metadata } = await inMemory("refreshes", (sink) => {
			for (let seq = 0; seq < count; seq++) sink([seq, "2026-11-20T17:00:00.000Z", ...Array(columns - 2).fill(null)]);
		});
		expect(objects.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: count }, (_, seq) => seq));
		expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([10_000, 10_000, 5_013]);
	});
	it.each(TABLE_NAMES)("of %s has the rows of all refreshes", async (table) => {
		const snapshots = Array.from({ length: 9 }, (_, tick) => changingSnapshot(tick, 5));
		const { objects } = await inMemory(table, (sink) => {
			const tables = new Tables((name) => (name === table ? sink : null));
			for (const snapshot of snapshots) tables.add(snapshot, false);
			tables.end();
		});
		const counts = snapshots.map(
			(_, at) => objects.filter(({ seq, lastSeq }) => seq <= at && (lastSeq ?? seq) >= at).length,
		);
		expect(counts).toEqual(snapshots.map((snapshot) => (table === "refreshes" ? 1 : cut(snapshot)[table]?.length)));
	});
});

describe("--export", () => {
	it("writes a file for each table, which has what --sql finds, for its owner alone", async () => {
		const folder = join(top, "new");
		const { status, stdout, stderr } = await runEbtop("--demo", "--export", folder);
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(readdirSync(folder).sort()).toEqual(TABLE_NAMES.map((table) => `${table}.parquet`).sort());
		expect(statSync(folder).mode & 0o777).toBe(0o700);
		expect(statSync(join(folder, "files.parquet")).mode & 0o777).toBe(0o600);
		const written = new Map<string, number>();
		for (const { comm, writeBytesDelta } of await read(join(folder, "files.parquet"))) {
			if (writeBytesDelta > 0n) written.set(comm, (written.get(comm) ?? 0) + Number(writeBytesDelta));
		}
		const sql = await runEbtop(
			"--demo",
			"--json",
			"--sql",
			"SELECT comm, sum(bytes) AS bytes FROM who_wrote GROUP BY 1 HAVING bytes > 0",
		);
		const lines = sql.stdout.trimEnd().split("\n");
		expect(written).toEqual(new Map(lines.map((line) => JSON.parse(line)).map(({ comm, bytes }) => [comm, bytes])));
		const events = await read(join(folder, "events.parquet"));
		expect(stdout).toMatch(new RegExp(`^events\\.parquet +${events.length} `, "m"));
		expect(events.find(({ type }) => type === "exec")?.data.args).toBeInstanceOf(Array);
	});
	it("refuses a folder that it may not write into, in a sentence", async () => {
		symlinkSync(top, join(top, "link"));
		mkdirSync(join(top, "open"));
		execFileSync("chmod", ["go+w", join(top, "open")]);
		for (const [name, why] of [
			["link", "it is a symbolic link, name the folder itself"],
			["open", "others may write to it (chmod go-w helps)"],
		]) {
			const { status, stderr } = await runEbtop("--demo", "--export", join(top, name as string));
			expect([status, stderr]).toEqual([2, `ebtop: Cannot export to ${join(top, name as string)}: ${why}.\n`]);
		}
	});
});
