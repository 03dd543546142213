/** Saves a span of the history in a folder: a recording that `--replay` plays, and a summary of what was busiest. */

import { formatBytes } from "../format/quantity.ts";
import type { History } from "../history/history.ts";
import { type SpanBounds, SpanSums } from "../history/span.ts";
import { StateBlocks } from "../history/state-blocks.ts";
import type { FeedInfo } from "../model/feed/feed.ts";
import { snapshotsInfo } from "../model/feed/recorder.ts";
import { encodeBegin, encodeEnd } from "../model/feed/recording-format.ts";
import { compactTime } from "../model/feed/segment-names.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CallersFiles } from "./callers-files.ts";
import { summaryText } from "./summary.ts";

/** Half a frame: keys and refreshes are handled after each turn. */
const TURN_MS = 8;
const MOST_PENDING_BYTES = 1 << 20;
/** How many folders of the same second. */
const MOST_NAMES = 9;

export interface Saved {
	/** In the caller's working directory. */
	readonly folder: string;
	readonly bytes: number;
}

/** Why it could not be saved, the end of a sentence. */
export interface NotSaved {
	readonly problem: string;
}

export interface SpanToSave {
	readonly history: Pick<History, "moments" | "at" | "isCutByBytes">;
	/** From the end of one refresh to the end of the other; null: the whole history. */
	readonly bounds: SpanBounds | null;
	readonly info: FeedInfo;
	readonly version: string;
	/** Why it was saved, a sentence; null if the user requested it. */
	readonly reason: string | null;
	/** Sentences about what limits it. */
	readonly limits: readonly string[];
}

/** Works in short turns. Saves what was in the history when it began, without what comes meanwhile. */
export async function saveSpan(span: SpanToSave, files: CallersFiles): Promise<Saved | NotSaved> {
	const [oldest, newest] = [span.history.moments[0], span.history.moments.at(-1)];
	if (oldest === undefined || newest === undefined) return { problem: "the history is empty" };
	const { from, to } = span.bounds ?? { from: oldest, to: newest };
	if (from.no < oldest.no) return { problem: NOT_REMEMBERED };
	const made = await makeFolder(to.clockMs, files);
	if ("problem" in made) return made;
	const { folder } = made;
	const recording = new PendingFile(`${folder}/recording.ebtop`, files);
	recording.add(encodeBegin(snapshotsInfo(span.info, span.version, {})));
	const blocks = new StateBlocks();
	let sums: SpanSums | null = null;
	let first: Snapshot | null = null;
	let turnEndMs = performance.now() + TURN_MS;
	for (let no = from.no; no <= to.no; no++) {
		const snapshot = span.history.at(no);
		const moment = span.history.moments[no - (span.history.moments[0]?.no ?? 0)];
		if (snapshot === null || moment === undefined) {
			// The oldest may be dropped while the whole history is being saved.
			if (span.bounds === null && first === null) continue;
			return { problem: NOT_REMEMBERED };
		}
		const own = { ...snapshot, events: moment.events === 0 ? [] : snapshot.events.slice(-moment.events) };
		for (const block of blocks.write(own)) recording.add(block);
		if (first === null || sums === null) {
			first = snapshot;
			sums = new SpanSums(snapshot);
		} else sums.add(snapshot, moment.events);
		if (recording.pendingBytes >= MOST_PENDING_BYTES) {
			const problem = await recording.write();
			if (problem !== null) return { problem };
		}
		if (performance.now() < turnEndMs) continue;
		await new Promise(setImmediate);
		turnEndMs = performance.now() + TURN_MS;
	}
	if (first === null || sums === null) return { problem: NOT_REMEMBERED };
	recording.add(encodeEnd());
	const page = Buffer.from(summaryText({ first, ...sums.totals(), reason: span.reason, limits: limitsOf(span) }));
	const problem = (await recording.write()) ?? (await files.append(`${folder}/summary.md`, page));
	return problem === null ? { folder, bytes: recording.bytes } : { problem };
}

const NOT_REMEMBERED = "its beginning is no longer in the history";

/** The message about the result. */
export function savedNotice(saved: Saved | NotSaved): string {
	if ("problem" in saved) return `Cannot save: ${saved.problem}.`;
	const { folder, bytes } = saved;
	return `Saved in ${folder} (${formatBytes(bytes)}): ebtop --replay ${folder}/recording.ebtop plays it, summary.md lists what was busiest.`;
}

/** Collects bytes, to write them in larger pieces. */
class PendingFile {
	readonly #path: string;
	readonly #files: CallersFiles;
	#pending: Buffer[] = [];
	pendingBytes = 0;
	/** In total. */
	bytes = 0;

	constructor(path: string, files: CallersFiles) {
		this.#path = path;
		this.#files = files;
	}

	add(bytes: Buffer): void {
		this.#pending.push(bytes);
		this.pendingBytes += bytes.length;
		this.bytes += bytes.length;
	}

	/** Resolves with the reason if that failed, else null. */
	write(): Promise<string | null> {
		const bytes = Buffer.concat(this.#pending);
		this.#pending = [];
		this.pendingBytes = 0;
		return this.#files.append(this.#path, bytes);
	}
}

/** Named after the time of the span's end, so that names sort by time. */
async function makeFolder(clockMs: number, files: CallersFiles): Promise<Pick<Saved, "folder"> | NotSaved> {
	const time = compactTime(clockMs).replace("T", "-");
	let problem = "";
	for (let number = 1; number <= MOST_NAMES; number++) {
		const folder = `ebtop-${time}${number === 1 ? "" : `-${number}`}`;
		const why = await files.makeFolder(folder);
		if (why === null) return { folder };
		problem = why;
		if (why !== "file exists") break;
	}
	return { problem };
}

function limitsOf({ bounds, history, limits }: SpanToSave): readonly string[] {
	const isCut = bounds === null && history.isCutByBytes;
	return isCut ? [...limits, "The history was full, so it begins later than requested."] : limits;
}
