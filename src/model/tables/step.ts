/** Reads struct wire_step: what one thread did of whoever is followed, or of a daemon that may work for it. */

import * as wire from "../wire/layout.gen.ts";
import type { Process } from "./process/process.ts";

export interface Step {
	readonly process: Process;
	readonly tid: number;
	readonly timeNs: number;
	/** WireStepKind, WireStepFlag. */
	readonly kind: number;
	readonly flags: number;
	/** Requests that the thread read and nobody has answered yet, this one excepted. */
	readonly open: number;
	/** The stream, by its sender; of an eventfd its number, of a file its inode. */
	readonly object: string;
	/** This end of it; "0" of a pipe. */
	readonly socket: string;
	/** Of the first byte in the stream. */
	readonly position: number;
	readonly bytes: number;
	/** Of the first bytes that moved, the same at both ends; 0: not known. */
	readonly mark: number;
	readonly dev: number;
	readonly gen: number;
	/** Of the child that was made. */
	readonly childTid: number;
	readonly childPid: number;
}

export const NO_ID = "0";

export function readStep(view: DataView, at: number, process: Process): Step {
	return {
		process,
		tid: wire.stepTid(view, at),
		timeNs: wire.headTime(view, at),
		kind: wire.stepKind(view, at),
		flags: wire.stepFlags(view, at),
		open: wire.stepOpen(view, at),
		object: idOf(wire.stepObjectLow(view, at), wire.stepObjectHigh(view, at)),
		socket: idOf(wire.stepSocketLow(view, at), wire.stepSocketHigh(view, at)),
		position: wire.stepPosition(view, at),
		bytes: wire.stepBytes(view, at),
		mark: wire.stepMark(view, at),
		dev: wire.stepDev(view, at),
		gen: wire.stepGen(view, at),
		childTid: wire.stepChildTid(view, at),
		childPid: wire.stepChildPid(view, at),
	};
}

/** Two words as one key: a double is not exact above 2^53. */
export function idOf(low: number, high: number): string {
	return high === 0 ? String(low) : `${high}.${low}`;
}
