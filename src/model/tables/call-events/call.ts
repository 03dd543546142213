/** Reads struct wire_call_event: a system call that is itself an event. */

import { posix } from "node:path";
import type { SyscallNames } from "../../names/syscalls.ts";
import { bytesAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import { splitAtNul } from "../process/names.ts";
import type { Process } from "../process/process.ts";

/** A name that was passed to a call. */
export interface AskedName {
	/** As requested. */
	readonly asked: string;
	/** From the root of the process, as far as the directory is known. Symbolic links are not resolved. */
	readonly path: string;
}

export interface Call {
	readonly process: Process;
	readonly tid: number;
	readonly timeNs: number;
	/** For example "openat". */
	readonly name: string;
	/** 0 or -errno. */
	readonly error: number;
	readonly flags: number;
	/** See WireEvent. */
	readonly other: number;
	/** How long it took, 0 if that is not measured; and was to take. */
	readonly tookNs: number;
	readonly askedNs: number;
	readonly names: readonly AskedName[];
	/** The raw text, if it does not consist of names. */
	readonly bytes: Uint8Array;
}

/** The handlers of calls, by WireEvent. */
export type CallHandlers = Readonly<Record<number, (call: Call) => void>>;

export function readCall(view: DataView, at: number, process: Process, syscalls: SyscallNames): Call {
	const nr = wire.callEventNr(view, at);
	return {
		process,
		tid: wire.callEventTid(view, at),
		timeNs: wire.headTime(view, at),
		name: wire.callEventAbi(view, at) === wire.WireAbi.COMPAT ? syscalls.compat(nr) : syscalls.native(nr),
		error: wire.callEventError(view, at),
		flags: wire.callEventFlags(view, at),
		other: wire.callEventOther(view, at),
		tookNs: wire.callEventTookNs(view, at),
		askedNs: wire.callEventAskedNs(view, at),
		names: namesAt(view, at),
		bytes: textBytesAt(view, at),
	};
}

function textBytesAt(view: DataView, at: number): Uint8Array {
	return bytesAt(view, wire.callEventTextAt(at), wire.callEventNameLen(view, at));
}

/** The strings come in pairs: the name, and the directory that it is relative to. */
function namesAt(view: DataView, at: number): AskedName[] {
	const strings = splitAtNul(textBytesAt(view, at));
	const isCut = (wire.callEventNameFlags(view, at) & wire.WireTextFlag.TRUNCATED) !== 0;
	return strings
		.filter((_, index) => index % 2 === 0)
		.map((asked, index) => ({ asked, path: pathOf(asked, strings[2 * index + 1] ?? "", isCut) }));
}

function pathOf(asked: string, directory: string, isCut: boolean): string {
	if (asked.startsWith("/")) return posix.normalize(asked);
	if (directory === "" || isCut) return asked;
	return asked === "" ? directory : posix.normalize(`${directory}/${asked}`);
}
