/**
 * What another ebtop remembers, as bytes: a stretch as it is in memory, and its moments. The bytes may come from anybody. The
 * moments are checked at once, the refreshes when they are read.
 */

import type { Snapshot } from "../model/snapshot.ts";
import type { Steps } from "../model/steps.ts";
import type { Delta, Names } from "./delta.ts";
import { unpack } from "./delta-bytes.ts";
import type { Moment } from "./moment.ts";
import { areListNames, areTexts, SafeSnapshots } from "./safe-snapshots.ts";
import { decode, type PackedStretch, stateOf } from "./stretch.ts";

/** Precedes the packs, as JSON. */
interface Head {
	/** Of each refresh of the stretch, with numbers and times relative to the first refresh that the reader saw itself. */
	readonly moments: readonly Moment[];
	readonly names: Names;
	/** How many packs are the state at its beginning; the bytes of each pack. */
	readonly begins: number;
	readonly packs: readonly number[];
}

const LENGTH_BYTES = 4;

/** `moments`: of each refresh. */
export function encodePast({ names, begin, deltas }: PackedStretch, moments: readonly Moment[]): Buffer {
	const packs = [...begin, ...deltas];
	const head: Head = { moments, names, begins: begin.length, packs: packs.map(({ length }) => length) };
	const text = Buffer.from(JSON.stringify(head));
	const length = Buffer.alloc(LENGTH_BYTES);
	length.writeUInt32LE(text.length);
	return Buffer.concat([length, text, ...packs]);
}

/** Null if the bytes are damaged. */
export function readPast(bytes: Buffer): ReceivedStretch | null {
	try {
		return new ReceivedStretch(bytes);
	} catch {
		return null;
	}
}

/** Refreshes that this ebtop has not seen itself; each is checked when it is read. */
export class ReceivedStretch {
	/** Number of its first refresh, below 0. */
	readonly from: number;
	readonly moments: readonly Moment[];
	readonly bytes: number;
	readonly #names: Names;
	readonly #begin: readonly Uint8Array[];
	readonly #deltas: readonly Uint8Array[];
	readonly #safe = new SafeSnapshots();

	/** Throws an Error of any kind if the bytes are damaged. */
	constructor(payload: Buffer) {
		const length = payload.readUInt32LE(0);
		const { moments, names, begins, packs } = parseHead(payload.toString("utf8", LENGTH_BYTES, LENGTH_BYTES + length));
		let end = LENGTH_BYTES + length;
		// Copies, since the payload may be a part of something larger.
		const bytes = packs.map((size) => {
			end += size;
			return new Uint8Array(payload.subarray(end - size, end));
		});
		if (end !== payload.length) throw new Error("the packs are not what the head says");
		this.from = (moments[0] as Moment).no;
		this.moments = moments;
		this.bytes = payload.length;
		this.#names = names;
		this.#begin = bytes.slice(0, begins);
		this.#deltas = bytes.slice(begins);
	}

	/** One past its last refresh that the reader did not see itself. */
	get end(): number {
		return Math.min(this.from + this.moments.length, 0);
	}

	/** As of a Stretch; the steps throw an Error of any kind if the bytes are damaged. */
	read(no: number, before: readonly Snapshot[]): Steps<readonly Snapshot[]> {
		return decode(no - this.from + 1, before, {
			names: this.#names,
			begin: () => stateOf(this.#begin, this.#names),
			deltas: (from, to) =>
				this.#readDeltas()
					.drop(from)
					.take(to - from),
			snapshotOf: (state) => this.#safe.of(state),
		});
	}

	*#readDeltas(): Generator<Delta> {
		for (const packed of this.#deltas) yield* unpack(packed);
	}
}

const FIELDS = [
	...["no", "atMs", "clockMs", "uptimeMs", "cpuPercent", "forkRate", "netRate"],
	...["events", "oomKills", "failedExits", "gaps", "losses"],
] as const;
const MAYBE_FIELDS = ["syscallRate", "diskRate"] as const;

function parseHead(text: string): Head {
	const { moments, names, begins, packs } = Object(JSON.parse(text)) as Partial<Head>;
	const { lists, shapes } = Object(names) as Partial<Names>;
	const isValid =
		Array.isArray(moments) &&
		moments.length > 0 &&
		moments.every((moment, at) => isMoment(moment) && moment.no === moments[0].no + at) &&
		areListNames(lists) &&
		Array.isArray(shapes) &&
		shapes.every(areTexts) &&
		isCount(begins) &&
		Array.isArray(packs) &&
		packs.every(isCount) &&
		begins > 0 &&
		begins <= packs.length;
	if (!isValid) throw new Error("the head is damaged");
	return { moments: moments.map(momentOnly), names: { lists, shapes }, begins, packs };
}

function isMoment(value: unknown): value is Moment {
	const moment = Object(value) as Record<string, unknown>;
	const isNumber = (name: string) => Number.isFinite(moment[name]);
	return (
		FIELDS.every(isNumber) &&
		MAYBE_FIELDS.every((name) => moment[name] === null || isNumber(name)) &&
		Number.isSafeInteger(moment.no) &&
		isCount(moment.events)
	);
}

function momentOnly(moment: Moment): Moment {
	return Object.fromEntries([...FIELDS, ...MAYBE_FIELDS].map((name) => [name, moment[name as keyof Moment]])) as never;
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}
