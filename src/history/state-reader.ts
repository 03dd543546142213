/** Reads the snapshots of a recording (`state-blocks.ts`), which anybody may have made. */

import { RecordingError } from "../model/feed/recording-format.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { finish, type Steps } from "../model/steps.ts";
import { applyDelta, DamagedDelta, type ParsedDelta } from "./delta.ts";
import { areListNames, areTexts, SafeSnapshots } from "./safe-snapshots.ts";
import type { State } from "./state.ts";
import type { Payload } from "./state-blocks.ts";

/** Reads what StateBlocks wrote, as the model reads batches. */
export class StateReader {
	#names: { lists: string[]; shapes: (readonly string[])[] } = { lists: [], shapes: [] };
	#state: State | null = null;
	readonly #safe: SafeSnapshots;

	/** `leavesOut`: rows of kinds that this version does not know are left out, else they are damage. */
	constructor(leavesOut = false) {
		this.#safe = new SafeSnapshots(leavesOut);
	}

	/** How many rows were left out so far. */
	get leftOut(): number {
		return this.#safe.leftOut;
	}

	/** The snapshot, null if more of it is to come. Throws RecordingError if the payload is damaged. */
	apply(payload: Uint8Array): Snapshot | null {
		return finish(this.applyInSteps(payload));
	}

	/** The same in steps. The next payload must not come before they are done. */
	*applyInSteps(bytes: Uint8Array): Steps<Snapshot | null> {
		try {
			const payload = parsePayload(bytes);
			yield;
			this.#take(payload);
			if (payload.isPart) return null;
			return yield* this.#safe.of(this.#state ?? {});
		} catch (error) {
			const isDamage = error instanceof DamagedDelta || error instanceof SyntaxError;
			throw isDamage ? new RecordingError("it is damaged") : error;
		}
	}

	#take(payload: Payload): void {
		const { isWhole, lists, shapes } = payload;
		if (isWhole) this.#names = { lists: [], shapes: [] };
		const before = isWhole ? {} : this.#state;
		if (before === null) throw new DamagedDelta();
		this.#names.lists.push(...lists);
		this.#names.shapes.push(...shapes);
		this.#state = applyDelta(before, deltaOf(payload), this.#names);
	}
}

function deltaOf({ numbers, others }: Payload): ParsedDelta {
	return { numbers: Float64Array.from(numbers, (number) => number ?? Number.NaN), others };
}

/** The time of the refresh whose full state begins with this payload, milliseconds since 1970; NaN if it is damaged. */
export function clockOf(bytes: Uint8Array): number {
	try {
		const payload = parsePayload(bytes);
		const { head } = applyDelta({}, deltaOf(payload), { lists: [...payload.lists], shapes: [...payload.shapes] });
		return Date.parse(String(head?.[0]?.time));
	} catch {
		return Number.NaN;
	}
}

/** Checks the form; what the numbers mean is checked where they are read. */
function parsePayload(bytes: Uint8Array): Payload {
	const payload = Object(JSON.parse(Buffer.from(bytes).toString())) as Partial<Payload>;
	const { isWhole, isPart, lists, shapes, numbers, others } = payload;
	const isValid =
		typeof isWhole === "boolean" &&
		typeof isPart === "boolean" &&
		areListNames(lists) &&
		Array.isArray(shapes) &&
		shapes.every(areTexts) &&
		Array.isArray(numbers) &&
		numbers.every((number) => number === null || typeof number === "number") &&
		Array.isArray(others);
	if (!isValid) throw new DamagedDelta();
	return payload as Payload;
}
