/**
 * The receipt: what a command caused, as one JSON document (`ebtop-receipt/1`). Sorted; only `run` has times and
 * durations. `schema/receipt.schema.json` is the same contract for scripts, generated from these types.
 */

import type { FileType, FollowGap, IpcKind, ProcessRef } from "../model/snapshot.ts";
import type { Amount, Count, Text, Time, Word } from "../model/values.ts";
import type { Class, RuleName } from "./rules.ts";

export const RECEIPT_SCHEMA = "ebtop-receipt/1";

export interface Receipt {
	readonly schema: typeof RECEIPT_SCHEMA;
	readonly run: Run;
	/** In the order of the tree; siblings by name. */
	readonly processes: readonly ReceiptProcess[];
	readonly files: readonly ReceiptFile[];
	readonly sockets: readonly ReceiptSocket[];
	readonly ipc: readonly ReceiptLink[];
	readonly signals: readonly ReceiptSignal[];
	/** The daemons that the command talked to, and what they did for it. */
	readonly daemons: readonly ReceiptDaemon[];
	/** The hops that explain this: from which process to which, and by which rule. */
	readonly edges: readonly ReceiptEdge[];
	/** What is only a guess. It is in no other list. */
	readonly notSure: readonly ReceiptGuess[];
	/** What this receipt does not know, in sentences. */
	readonly gaps: readonly FollowGap[];
}

export interface Run {
	readonly command: readonly Text[];
	readonly cwd: Text;
	readonly user: { readonly uid: Word; readonly gid: Word };
	readonly host: Text;
	readonly kernel: Text;
	/** The version of the program that wrote it. */
	readonly ebtop: Text;
	readonly rules: readonly { readonly rule: RuleName; readonly class: Class; readonly says: Text }[];
	readonly exit: ReceiptExit;
	readonly startedAt: Time;
	readonly durationMs: Amount;
}

export interface ReceiptExit {
	/** null if a signal ended it, or if its end was not seen. */
	readonly code: Word | null;
	readonly signal: Text | null;
}

/** How certain it is that the command caused it, and by which rules. */
export interface Certainty {
	readonly class: Class;
	readonly rules: readonly RuleName[];
}

export interface ReceiptProcess extends Certainty {
	readonly pid: Word;
	readonly comm: Text;
	readonly exe: Text | null;
	readonly args: readonly Text[];
	/** null if it was still running when the receipt was written. */
	readonly exit: ReceiptExit | null;
	/** null: ebtop. */
	readonly startedBy: ProcessRef | null;
	readonly why: Text;
}

export interface ReceiptFile extends Certainty {
	readonly path: Text;
	/** null if it was only named, not opened. */
	readonly type: FileType | null;
	readonly by: ProcessRef;
	readonly opens: Count;
	readonly readBytes: Count;
	readonly writeBytes: Count;
	/** Under this name, by this process. */
	readonly created: boolean;
	readonly deleted: boolean;
	readonly renamedTo: Text | null;
}

export interface ReceiptSocket extends Certainty {
	readonly kind: "unix-stream" | "unix-dgram" | "unix-seqpacket" | "tcp" | "udp" | "other";
	/** The two addresses for TCP, the name of either end for others; null if there is none. */
	readonly name: Text | null;
	readonly by: ProcessRef;
	/** The process with the other end, if it is known and on this machine. */
	readonly peer: ProcessRef | null;
	readonly readBytes: Count;
	readonly writeBytes: Count;
}

export interface ReceiptLink extends Certainty {
	readonly kind: IpcKind;
	readonly name: Text | null;
	readonly from: ProcessRef;
	readonly to: ProcessRef;
	readonly messages: Count;
	readonly bytes: Count;
}

export interface ReceiptSignal extends Certainty {
	readonly signal: Text;
	readonly from: ProcessRef;
	readonly to: ProcessRef;
	readonly count: Count;
}

export interface ReceiptDaemon {
	readonly pid: Word;
	readonly comm: Text;
	readonly over: IpcKind;
	readonly name: Text | null;
	/** Bytes that the command's processes sent to it, and that it sent to them. */
	readonly sentBytes: Count;
	readonly receivedBytes: Count;
	/** How it ended meanwhile; null if it did not, or if that was not seen. */
	readonly exit: ReceiptExit | null;
	/** Its steps were examined: what it did for the command is in the other lists. */
	readonly isFollowed: boolean;
	/** What it and its children did for the command, as counted in the lists: certain and likely. */
	readonly processes: Count;
	readonly files: Count;
	readonly readBytes: Count;
	readonly writeBytes: Count;
	/**
	 * The least number of requests from others that its threads read meanwhile: a thread reports only the first of a
	 * series.
	 */
	readonly others: Count;
}

export interface ReceiptEdge {
	readonly from: ProcessRef;
	readonly to: ProcessRef;
	readonly rule: RuleName;
	/** The class of the whole chain up to here. */
	readonly class: Class;
	readonly why: Text;
	/** How often. */
	readonly count: Count;
}

export interface ReceiptGuess extends Certainty {
	readonly kind: "process" | "file";
	readonly name: Text;
	readonly by: ProcessRef;
}
