/** Reads struct wire_step: what a thread of a followed process, or of a daemon that may work for it, did. */

import * as wire from "../wire/layout.gen.ts";
import type { Process } from "./process/process.ts";

export interface Step {
	readonly process: Process;
	readonly tid: number;
	readonly timeNs: number;
	/** WireStepKind, WireStepFlag. */
	readonly kind: number;
	readonly flags: number;
	/** Requests that the thread read and that are not answered yet, without this one. */
	readonly open: number;
	/** The stream, by its sender; for an eventfd its number, for a file its inode. */
	readonly object: string;
	/** This end of it; "0" for a pipe. */
	readonly socket: string;
	/** The position of the first byte in the stream. */
	readonly position: number;
	readonly bytes: number;
	/** Hash of the first bytes that moved, the same at both ends; 0: not known. */
	readonly mark: number;
	readonly dev: number;
	readonly gen: number;
	/** For the child that was made. */
	readonly childTid: number;
	readonly childPid: number;
	/** Of the D-Bus message whose beginning moved; 0: none. */
	readonly serial: number;
	/** Of the message that it answers; 0: none. */
	readonly replySerial: number;
	/** Hashes of names: of the sender, which only a bus adds, and of the destination if that is a unique name; 0: none. */
	readonly sender: number;
	readonly destination: number;
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
		serial: wire.stepSerial(view, at),
		replySerial: wire.stepReplySerial(view, at),
		sender: wire.stepSender(view, at),
		destination: wire.stepDestination(view, at),
	};
}

/** Two words as one key: a double is not exact above 2^53. */
export function idOf(low: number, high: number): string {
	return high === 0 ? String(low) : `${high}.${low}`;
}
