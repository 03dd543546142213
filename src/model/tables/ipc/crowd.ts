/**
 * One side of a channel with more processes than there are links: the busiest have links of their own, with users
 * taking turns, and all others count for one end called "other". Their counts stay there: a process that later gets its
 * own link starts from zero. So no count falls, and all of them add up.
 */

import { takeTurns } from "../../stats/take-turns.ts";
import type { Use } from "../object/use.ts";
import { OTHERS, otherProcesses } from "../process/others.ts";
import type { Process } from "../process/process.ts";

export interface Moved {
	readonly reads: number;
	readonly writes: number;
	readonly readBytes: number;
	readonly writeBytes: number;
}

/** A process at one end of a link, and what it moved. */
export interface End extends Moved {
	readonly process: Process;
	readonly hasRead: boolean;
	readonly hasWritten: boolean;
	/** How many processes it stands for, if it stands for several. */
	readonly others?: number;
	/** The part of it that was in separate rows until now. */
	readonly joined?: Moved;
}

const NOTHING: Moved = { reads: 0, writes: 0, readBytes: 0, writeBytes: 0 };
const movedOf = ({ reads, writes, readBytes, writeBytes }: Moved): Moved => ({ reads, writes, readBytes, writeBytes });

function sum(a: Moved, b: Moved): Moved {
	return {
		reads: a.reads + b.reads,
		writes: a.writes + b.writes,
		readBytes: a.readBytes + b.readBytes,
		writeBytes: a.writeBytes + b.writeBytes,
	};
}

function difference(a: Moved, b: Moved): Moved {
	return {
		reads: a.reads - b.reads,
		writes: a.writes - b.writes,
		readBytes: a.readBytes - b.readBytes,
		writeBytes: a.writeBytes - b.writeBytes,
	};
}

class Crowd {
	readonly #process = otherProcesses();
	/** The counts of each process that were added here. */
	readonly #counted = new WeakMap<Use, Moved>();
	#total = NOTHING;
	#isUsed = false;
	/** The processes with links of their own, and what each had moved at the last refresh. */
	#listed: ReadonlyMap<Use, Moved> = new Map();

	/** `uses` in the order in which they should be listed. */
	split(uses: readonly Use[], limit: number): readonly End[] {
		const listed = takeTurns(uses, holderOf, limit);
		const before = this.#listed;
		this.#listed = new Map(listed.map((use) => [use, movedOf(use)]));
		let joined = NOTHING;
		for (const use of uses) {
			if (this.#listed.has(use)) continue;
			joined = sum(joined, this.#take(use, before.get(use)));
		}
		const others = uses.length - listed.length;
		this.#isUsed ||= others > 0;
		const ends = listed.map((use) => this.#restOf(use));
		return this.#isUsed ? [...ends, { ...endOf(this.#process, this.#total), others, joined }] : ends;
	}

	/** Returns what was counted in its own links before this refresh. */
	#take(use: Use, before: Moved | undefined): Moved {
		const counted = this.#counted.get(use) ?? NOTHING;
		const now = movedOf(use);
		this.#total = sum(this.#total, difference(now, counted));
		this.#counted.set(use, now);
		return before === undefined ? NOTHING : difference(before, counted);
	}

	#restOf(use: Use): End {
		const counted = this.#counted.get(use);
		return counted === undefined ? use : endOf(use.process, difference(use, counted));
	}
}

function endOf(process: Process, moved: Moved): End {
	const hasRead = moved.reads > 0 || moved.readBytes > 0;
	const hasWritten = moved.writes > 0 || moved.writeBytes > 0;
	return { ...movedOf(moved), process, hasRead, hasWritten };
}

const holderOf = (use: Use) => use.process.holder;

/** For one channel: by side and direction. */
export class Crowds {
	#crowds: Map<string, Crowd> | null = null;

	/**
	 * At most `limit` ends, and one more for all others. Must be called once per refresh: it notes what moved until then.
	 */
	split(side: string, uses: readonly Use[], weightOf: (use: Use) => number, limit: number): readonly End[] {
		let crowd = this.#crowds?.get(side);
		if (crowd === undefined) {
			if (uses.length <= limit) return uses;
			crowd = new Crowd();
			this.#crowds ??= new Map();
			this.#crowds.set(side, crowd);
			// The first ones had their own links until now.
			return crowd.split(uses, limit);
		}
		const busiestFirst = [...uses].sort((a, b) => weightOf(b) - weightOf(a));
		return crowd.split(busiestFirst, limit);
	}
}

/** The same for processes that only hold the end open: nothing was counted. */
export function heldEnds(uses: readonly Use[], limit: number): readonly End[] {
	if (uses.length <= limit) return uses;
	return [...takeTurns(uses, holderOf, limit), { ...endOf(OTHERS, NOTHING), others: uses.length - limit }];
}
