// `node test/replay/record-release.ts`, at each release: what this version makes of a part of the demo, as a folder of segments, and
// of synthetic records, as a file. Later versions must read it: see `released.test.ts`.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { version } from "../../src/cli/version.ts";
import { snapshotsInfo } from "../../src/model/feed/recorder.ts";
import { type Snapshot, TABLES } from "../../src/model/snapshot.ts";
import { demoPath } from "../../src/run/open-recording.ts";
import { SegmentFolder } from "../../src/save/segment-folder.ts";
import { SegmentWriter } from "../../src/save/segment-writer.ts";
import { recordedSnapshots } from "../helpers/recorded-snapshots.ts";
import { INFO, linesOf, syntheticBatches, writeRecording } from "./recordings.ts";

/** Refreshes of each segment. */
const LENGTH = 3;
const MOST_ROWS = 30;
const COMMS = ["shopd", "stockd", "mailer", "buyer", "md5sum"];
const TICKS = 4;

type AnyRow = { readonly comm?: string; readonly from?: { readonly comm: string } };

function someOf(snapshot: Snapshot): Snapshot {
	const isWanted = (row: AnyRow) => COMMS.includes(row.comm ?? row.from?.comm ?? "");
	const tables = TABLES.map((table) => [
		table,
		(snapshot[table] as readonly AnyRow[]).filter(isWanted).slice(0, MOST_ROWS),
	]);
	return { ...snapshot, ...Object.fromEntries(tables), ancestors: [] };
}

const compressed = (lines: readonly string[]) => gzipSync(lines.join("\n"), { level: 9 });

const folder = fileURLToPath(new URL(`recorded/${version()}`, import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const snapshots = (await recordedSnapshots(demoPath())).slice(1, 1 + 2 * LENGTH).map(someOf);
for (const part of [snapshots.slice(0, LENGTH), snapshots.slice(LENGTH)]) {
	const info = snapshotsInfo(INFO, version(), {});
	const all = { bytes: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY };
	const writer = new SegmentWriter(new SegmentFolder(join(folder, "segments")), info, all, (error) => {
		throw error;
	});
	for (const snapshot of part) writer.write(snapshot);
	writer.close();
}
const lines = snapshots.map((snapshot) => JSON.stringify(snapshot));
writeFileSync(join(folder, "segments.json.gz"), compressed(lines));
const batches = syntheticBatches(TICKS);
writeRecording(join(folder, "records"), batches);
writeFileSync(join(folder, "records.json.gz"), compressed(linesOf(INFO, batches)));
