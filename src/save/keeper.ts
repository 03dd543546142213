/** `--keep-when`: automatically saves the minute before and after each match of a filter. */

import { formatDurationMs } from "../format/duration.ts";
import { KEEP_AROUND_MS, MOST_KEPT } from "../history/bounds.ts";
import type { History } from "../history/history.ts";
import type { Moment } from "../history/moment.ts";
import { lastUntil } from "../history/when.ts";
import { createMatcher, type Filter } from "../model/filter/index.ts";
import { formatProcess } from "../model/names/processes.ts";
import { type RowOf, type Snapshot, TABLES, type TableName } from "../model/snapshot.ts";
import type { NotSaved, Saved, SpanToSave } from "./save-span.ts";

export interface KeeperParts {
	readonly filter: Filter;
	readonly history: Pick<History, "moments" | "at">;
	save(span: Pick<SpanToSave, "bounds" | "reason" | "limits">): Promise<Saved | NotSaved>;
	/** Shows a sentence about what is kept. */
	tell(notice: string): void;
	/** A smaller bound and a shorter time, for tests. */
	readonly most?: number;
	readonly aroundMs?: number;
}

/** A match, until the time after it has passed. */
interface Match {
	readonly at: Moment;
	/** What matched, as text. */
	readonly what: string;
}

export class Keeper {
	readonly #parts: KeeperParts;
	readonly #most: number;
	readonly #aroundMs: number;
	#match: Match | null = null;
	/** While the filter keeps matching, that is one match. */
	#isMatching = false;
	#kept = 0;
	#failed = 0;
	#left = 0;
	#saving: Promise<void> = Promise.resolve();

	constructor(parts: KeeperParts) {
		this.#parts = parts;
		this.#most = parts.most ?? MOST_KEPT;
		this.#aroundMs = parts.aroundMs ?? KEEP_AROUND_MS;
	}

	/** Its row in the table of health. */
	get row(): readonly string[] {
		const state = this.#match === null ? "on" : "matched";
		const failed = this.#failed > 0 ? `, ${this.#failed} failed` : "";
		return [
			"keep-when",
			this.#kept >= this.#most ? "full" : state,
			`${this.#kept} of ${this.#most} saved${failed}`,
			String(this.#left),
		];
	}

	/** `snapshot` is the newest in the history, with only the events of its own interval. */
	see(snapshot: Snapshot): void {
		const now = this.#parts.history.moments.at(-1);
		if (now === undefined) return;
		if (this.#match !== null && now.atMs - this.#match.at.atMs >= this.#aroundMs) this.#keep(now);
		const what = firstMatch(this.#parts.filter, snapshot);
		const isNew = what !== null && !this.#isMatching;
		this.#isMatching = what !== null;
		if (!isNew || this.#match !== null) return;
		if (this.#kept + this.#failed >= this.#most) {
			this.#left++;
			if (this.#left === 1)
				this.#parts.tell(`--keep-when has saved ${this.#kept} times, and saves no more in this run.`);
			return;
		}
		this.#match = { at: now, what };
		this.#parts.tell(`--keep-when: ${what}. It will be saved in ${formatDurationMs(this.#aroundMs)}.`);
	}

	/** At the end of the run: saves a match whose time has not passed yet as it is. Resolves when all is saved. */
	async finish(): Promise<void> {
		const now = this.#parts.history.moments.at(-1);
		if (this.#match !== null && now !== undefined) this.#keep(now);
		await this.#saving;
	}

	#keep(to: Moment): void {
		const { at, what } = this.#match as Match;
		this.#match = null;
		const { history, filter, save, tell } = this.#parts;
		const from = lastUntil(history.moments, at.atMs - this.#aroundMs) ?? history.moments[0] ?? at;
		const limits = [
			...shorter("begins", "before", at.atMs - from.atMs, this.#aroundMs, "the history had no more"),
			...shorter("ends", "after", to.atMs - at.atMs, this.#aroundMs, "ebtop ended"),
		];
		const reason = `Saved by --keep-when '${filter.text}' at ${new Date(at.clockMs).toISOString()}: ${what}.`;
		this.#kept++;
		this.#saving = this.#saving
			.then(() => save({ bounds: { from, to }, reason, limits }))
			.then((saved) => {
				if ("folder" in saved) return tell(`--keep-when has saved ${what} in ${saved.folder}.`);
				this.#kept--;
				this.#failed++;
				tell(`--keep-when cannot save ${what}: ${saved.problem}.`);
			});
	}
}

/** A sentence if it is shorter than `wantedMs` by more than a late refresh. */
function shorter(verb: string, side: string, ms: number, wantedMs: number, why: string): readonly string[] {
	return ms >= wantedMs * 0.9 ? [] : [`It ${verb} only ${formatDurationMs(ms)} ${side} that, since ${why}.`];
}

/** Text for the first row that matches; events first, since they are the most informative. */
function firstMatch(filter: Filter, snapshot: Snapshot): string | null {
	const matcher = createMatcher(filter, snapshot);
	const event = snapshot.events.find((row) => matcher.events(row));
	if (event !== undefined) return `${event.type} of ${formatProcess(event)}, ${event.text}`;
	for (const table of TABLES) {
		const row = findRow(table, snapshot, matcher[table] as (row: RowOf<TableName>) => boolean);
		if (row !== undefined) return `${NAMES[table]} ${describe(row)}`;
	}
	return null;
}

const NAMES: Readonly<Record<TableName, string>> = {
	processes: "process",
	syscalls: "system call",
	ipc: "link",
	files: "file",
	tcp: "connection",
	disks: "disk I/O",
	threads: "thread",
	containers: "container",
	events: "event",
};

function findRow(table: TableName, snapshot: Snapshot, isMatch: (row: RowOf<TableName>) => boolean) {
	return (snapshot[table] as readonly RowOf<TableName>[]).find(isMatch);
}

function describe(row: RowOf<TableName>): string {
	if ("from" in row) return `from ${formatProcess(row.from)} to ${formatProcess(row.to)} over ${row.kind}`;
	if ("runtime" in row) return row.name ?? row.id;
	const what = "path" in row ? `${row.path} of ` : "nr" in row ? `${row.name} of ` : "";
	return `${what}${formatProcess(row)}`;
}
