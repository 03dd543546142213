// `npm run damage [-- --cuts N --flips N --kills N]`: recordings that were cut short, damaged, killed, or had no room. Nothing may be played that was not recorded, no more may be lost than is compressed
// together, and all must be reported. A file and a segment of the demo, and of /proc.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { StateBlocks } from "../../src/history/state-blocks.ts";
import { snapshotsInfo } from "../../src/model/feed/recorder.ts";
import type { RecordingBytes } from "../../src/model/feed/recording-bytes.ts";
import { encodeBegin, encodeEnd, RecordingError } from "../../src/model/feed/recording-format.ts";
import { RecordingReader } from "../../src/model/feed/recording-reader.ts";
import { demoPath } from "../../src/run/open-recording.ts";
import { recordedSnapshots } from "../helpers/recorded-snapshots.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";

const { values } = parseArgs({
	options: { flips: { type: "string" }, kills: { type: "string" }, cuts: { type: "string" } },
});
const FLIPS = Number(values.flips ?? 10_000);
const KILLS = Number(values.kills ?? 50);
const CUTS = Number(values.cuts ?? 64 * 1024);

const folder = mkdtempSync(join(tmpdir(), "eb-damage-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

interface Played {
	/** A hash of what each block holds. */
	readonly blocks: readonly string[];
	readonly isReported: boolean;
}

function bytesOf(bytes: Buffer): RecordingBytes {
	let at = 0;
	return {
		has: () => true,
		onMore: () => {},
		peek: (length) => bytes.subarray(at, at + length),
		skip: (length) => {
			at += length;
		},
		close: () => {},
	};
}

function play(bytes: Buffer): Played {
	const blocks: string[] = [];
	try {
		const reader = new RecordingReader(bytesOf(bytes));
		try {
			for (let block = reader.next(); block !== null && block !== "later"; block = reader.next()) {
				const hash = createHash("sha1");
				for (const batch of block.batches) hash.update(batch).update("|");
				blocks.push(hash.digest("hex"));
			}
		} finally {
			reader.close();
		}
		return { blocks, isReported: false };
	} catch (error) {
		if (!(error instanceof RecordingError)) throw error;
		return { blocks, isReported: true };
	}
}

let failures = 0;
function check(holds: boolean, what: string): void {
	if (holds) return;
	failures++;
	process.stdout.write(`FAIL ${what}\n`);
}

/** Whether `played` is a part of `all`, in order. */
function isPartOf(played: readonly string[], all: readonly string[]): boolean {
	let at = 0;
	return played.every((block) => {
		at = all.indexOf(block, at) + 1;
		return at > 0;
	});
}

function cutAndFlip(what: string, whole: Buffer, mostLost: number): void {
	const { blocks: all, isReported } = play(whole);
	check(!isReported && all.length > 20, `${what} is whole`);
	let [cuts, least] = [0, all.length];
	for (let length = Math.max(0, whole.length - CUTS); length < whole.length; length++, cuts++) {
		const played = play(whole.subarray(0, length));
		check(played.isReported, `${what} cut at ${length} is reported`);
		check(
			isPartOf(played.blocks, all) && played.blocks.every((block, at) => block === all[at]),
			`${what} cut at ${length}`,
		);
	}
	let unnoticed = 0;
	for (let flip = 0; flip < FLIPS; flip++) {
		const [at, bit] = [Math.floor(Math.random() * whole.length), Math.floor(Math.random() * 8)];
		const changed = Buffer.from(whole);
		changed[at] = (changed[at] ?? 0) ^ (1 << bit);
		const played = play(changed);
		check(isPartOf(played.blocks, all), `${what} with bit ${bit} of byte ${at} changed`);
		if (played.blocks.length === 0) continue; // its beginning says what it is
		if (!played.isReported) unnoticed++;
		least = Math.min(least, played.blocks.length);
		check(all.length - played.blocks.length <= mostLost, `${what} with bit ${bit} of byte ${at} changed lost too much`);
	}
	process.stdout.write(
		`${what}, ${all.length} blocks in ${whole.length} bytes: cut at ${cuts} places; ${FLIPS} bits changed: ` +
			`${unnoticed} not noticed, at most ${all.length - least} blocks lost\n`,
	);
}

/** Of the demo: what a folder records. */
async function folderOfDemo(): Promise<Buffer> {
	const blocks = new StateBlocks();
	const snapshots = await recordedSnapshots(demoPath());
	const info = snapshotsInfo({ host: "eb", kernel: "", machine: "x86_64", source: "bpf" }, "", {});
	return Buffer.concat([encodeBegin(info), ...snapshots.flatMap((snapshot) => blocks.write(snapshot)), encodeEnd()]);
}

const WORDS = ["--json", "--source", "proc", "-d", "0.1", "--panes", "processes", "--record"];

async function kill(target: string): Promise<void> {
	let most = 0;
	for (let round = 0; round < KILLS; round++) {
		const place = join(folder, `killed-${round}${target}`);
		const { child, nextLine, ended } = startEbtop([...WORDS, place]);
		const lines: string[] = [];
		const reading = (async () => {
			for (let line = await nextLine(); line !== null; line = await nextLine()) lines.push(line);
		})();
		while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
		await new Promise((resolve) => setTimeout(resolve, Math.random() * 1500));
		child.kill("SIGKILL");
		await ended;
		await reading;
		const played: { seq: number }[] = [];
		await recordedSnapshots(place, played as never).catch(() => {});
		most = Math.max(most, lines.length - played.length);
		rmSync(place, { recursive: true });
	}
	check(most <= 1, `after kill -9 ${most} refreshes were lost`);
	process.stdout.write(
		`kill -9 at ${KILLS} moments, ${target === "/" ? "folder" : "file"}: at most ${Math.max(0, most)} refreshes lost\n`,
	);
}

async function fillDisk(): Promise<void> {
	if (process.getuid?.() !== 0) return void process.stdout.write("a disk of 1 MB: skipped, it needs root\n");
	const disk = mkdtempSync(join(folder, "disk-"));
	execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=700", "eb-disk", disk]);
	try {
		for (const target of [`${disk}/folder/`, `${disk}/file`]) {
			writeFileSync(`${disk}/ballast`, Buffer.alloc(1_000_000));
			const { child, nextLine, ended } = startEbtop([...WORDS, target]);
			let lines = 0;
			while (lines < 250 && (await nextLine()) !== null) lines++;
			child.kill("SIGTERM");
			const { status, stderr } = await ended;
			const played: unknown[] = [];
			await recordedSnapshots(target, played as never).catch(() => {});
			const isSaid = stderr.includes("no space is left on the device. Nothing more is recorded.");
			check(
				status === 1 && isSaid && played.length > 0,
				`a full disk: status ${status}, ${played.length} played, ${stderr}`,
			);
			process.stdout.write(
				`a disk of 1 MB, ${target.endsWith("/") ? "folder" : "file"}: watched ${lines} refreshes, ${played.length} can be played\n`,
			);
			rmSync(target, { recursive: true });
		}
	} finally {
		execFileSync("umount", [disk]);
	}
}

cutAndFlip("a file", readFileSync(demoPath()), 16);
cutAndFlip("a segment", await folderOfDemo(), 60);
if (KILLS > 0) for (const target of ["/", ".ebtop"]) await kill(target);
await fillDisk();
process.stdout.write(failures === 0 ? "all hold\n" : `${failures} do not hold\n`);
process.exitCode = failures === 0 ? 0 : 1;
