import { execFileSync } from "node:child_process";
import {
	chmodSync,
	closeSync,
	constants,
	mkdirSync,
	mkdtempSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { History } from "../../src/history/history.ts";
import type { Moment } from "../../src/history/moment.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { demoPath } from "../../src/run/open-recording.ts";
import { CallersFiles } from "../../src/save/callers-files.ts";
import { type Saved, type SpanToSave, savedNotice, saveSpan } from "../../src/save/save-span.ts";
import { recordedSnapshots } from "../helpers/recorded-snapshots.ts";
import { aFile, aHealth, aLink, anEvent, aProcess, aSnapshot, aSocket, aSyscall } from "../helpers/snapshots.ts";
import { INFO } from "../replay/recordings.ts";

const top = mkdtempSync(join(tmpdir(), "eb-save-"));
afterAll(() => rmSync(top, { recursive: true }));

function aFolder(): string {
	return mkdtempSync(join(top, "eb-"));
}

/** Writes into `cwd` until the test ends. */
function filesIn(cwd: string, patienceMs?: number): CallersFiles {
	const files = new CallersFiles(null, { cwd, ...(patienceMs === undefined ? {} : { patienceMs }) });
	onTestFinished(() => files.close());
	return files;
}

function historyOf(snapshots: readonly Snapshot[]): History {
	const history = new History();
	for (const snapshot of snapshots) history.add(snapshot);
	return history;
}

function momentOf(history: History, no: number): Moment {
	return history.moments.find((moment) => moment.no === no) as Moment;
}

const save = (span: Pick<SpanToSave, "history" | "bounds">, files: CallersFiles) =>
	saveSpan({ ...span, info: INFO, version: "0.0.0", reason: null, limits: [] }, files);

/** The second `seq`: the numbers of calls, bytes and messages grow by primes. */
function second(seq: number): Snapshot {
	return aSnapshot({
		seq,
		time: new Date(Date.UTC(2026, 10, 20, 17, 0, seq)).toISOString(),
		intervalMs: seq === 0 ? 0 : 1000,
		processes: [aProcess({ pid: 700, start: "7", comm: "eb-work", args: ["eb-work", "a|b"], cpuPercent: 10 })],
		syscalls: [aSyscall({ pid: 700, comm: "eb-work", name: "read", count: seq * 97, errors: seq * 3 })],
		files: [aFile({ pid: 700, comm: "eb-work", path: "/eb/file", readBytes: seq * 101, writeBytes: 0 })],
		ipc: [aLink({ from: { pid: 700, comm: "eb-work" }, bytes: seq * 103, messages: seq * 7 })],
		tcp: [aSocket({ pid: 700, comm: "eb-work", rxBytes: seq * 107, txBytes: seq * 109 })],
		events: [anEvent({ id: seq })],
		health: aHealth({ records: { received: seq * 10, lost: seq * 5, malformed: 0 } }),
	});
}
const seconds = Array.from({ length: 30 }, (_, seq) => second(seq));

test("the whole history plays as it was", async () => {
	const snapshots = await recordedSnapshots(demoPath());
	const folder = aFolder();
	const saved = (await save({ history: historyOf(snapshots), bounds: null }, filesIn(folder))) as Saved;
	const path = join(folder, saved.folder, "recording.ebtop");
	const played = await recordedSnapshots(path);
	expect(played).toHaveLength(snapshots.length);
	expect(snapshots.filter((snapshot, at) => !isDeepStrictEqual(snapshot, played[at]))).toEqual([]);
	expect(saved.bytes).toBe(statSync(path).size);
	expect(
		[saved.folder, `${saved.folder}/recording.ebtop`, `${saved.folder}/summary.md`].map(
			(name) => statSync(join(folder, name)).mode & 0o777,
		),
	).toEqual([0o700, 0o600, 0o600]);
	expect(savedNotice(saved)).toContain(`--replay ${saved.folder}/recording.ebtop`);
});

test("a span has exactly its refreshes, and the summary has the right amounts", async () => {
	const history = historyOf(seconds);
	const [from, to] = [momentOf(history, 10), momentOf(history, 23)];
	const folder = aFolder();
	const saved = (await save({ history, bounds: { from, to } }, filesIn(folder))) as Saved;
	expect(saved.folder).toBe("ebtop-20261120-170023");
	expect(await recordedSnapshots(join(folder, saved.folder, "recording.ebtop"))).toEqual(seconds.slice(10, 24));
	const page = readFileSync(join(folder, saved.folder, "summary.md"), "utf8");
	const lineOf = (text: string) => page.split("\n").find((line) => line.includes(text));
	expect(lineOf("eb-work a|b")).toMatch(/^ {4}700 .* 1\.3s CPU/);
	expect(lineOf("/eb/file")).toContain("1.3K read"); // 13 * 101
	expect(lineOf("91 messages")).toMatch(/1\.3K +91 messages$/); // 13 * 103, 13 * 7
	expect(lineOf(" received")).toMatch(/1\.4K received +1\.4K sent$/); // 13 * 107, 13 * 109
	expect(lineOf(" calls ")).toMatch(/read eb-work 700 +1\.3k calls +39 errors$/); // 13 * 97, 13 * 3
	expect(lineOf("    exec ")).toMatch(/exec +13$/);
	expect(page).toContain("65 records were lost"); // 13 * 5
});

test("two of the same second have different names", async () => {
	const folder = aFolder();
	const files = filesIn(folder);
	const history = historyOf(seconds);
	for (let times = 0; times < 3; times++) await save({ history, bounds: null }, files);
	expect(readdirSync(folder).sort()).toEqual([
		"ebtop-20261120-170029",
		"ebtop-20261120-170029-2",
		"ebtop-20261120-170029-3",
	]);
});

test("what is no longer in the history is not saved", async () => {
	const history = new History({ mostBytes: 1 });
	for (const snapshot of seconds) history.add(snapshot);
	await history.settled();
	const to = momentOf(history, 29);
	const from = { ...to, no: -1 };
	expect(await save({ history, bounds: { from, to } }, filesIn(aFolder()))).toEqual({
		problem: "its beginning is no longer in the history",
	});
});

test("a folder that is gone, a shell that has ended, a file system that hangs lead to a message", async () => {
	const history = historyOf(seconds);
	const gone = aFolder();
	const inGone = filesIn(gone);
	expect(await inGone.makeFolder("eb-first")).toBeNull();
	rmSync(gone, { recursive: true });
	expect(savedNotice(await save({ history, bounds: null }, inGone))).toBe("Cannot save: no such file or directory.");
	const closed = filesIn(aFolder());
	closed.close();
	expect(savedNotice(await save({ history, bounds: null }, closed))).toMatch(/^Cannot save: .*\.$/);
	const hanging = aFolder();
	const fifo = join(hanging, "fifo");
	execFileSync("mkfifo", [fifo]);
	// A reader ends the shell's open(), so that nothing is left behind.
	onTestFinished(() => closeSync(openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)));
	const files = filesIn(hanging, 200);
	expect(await files.append("fifo", Buffer.from("x"))).toBe("the file system does not answer");
	expect(await files.makeFolder("eb-later")).toBe("the file system does not answer");
});

test("a failed write is reported, and the shell goes on", async () => {
	const folder = aFolder();
	const files = filesIn(folder);
	mkdirSync(join(folder, "taken"));
	expect(await files.append("taken", Buffer.alloc(3 << 20))).toBe("is a directory");
	expect(await files.append("free", Buffer.alloc(3_000_017, 7))).toBeNull();
	expect(statSync(join(folder, "free")).size).toBe(3_000_017);
	chmodSync(join(folder, "free"), 0o600);
});
