/** What a followed command, and daemons on its behalf, started and did with files. */

import { formatProcess } from "../model/names/processes.ts";
import { fileType } from "../model/tables/file.ts";
import type { Use } from "../model/tables/object/use.ts";
import type { Process } from "../model/tables/process/process.ts";
import { type DaemonFile, daemonFiles, ownedProcesses, ownershipOf } from "./daemons/owned.ts";
import type { Followed } from "./followed.ts";
import type { Certainty, ReceiptExit, ReceiptFile, ReceiptProcess } from "./receipt.ts";
import { BY_LINEAGE } from "./rules.ts";
import { sorted } from "./sorted.ts";

/** The processes themselves besides what is listed of them, since a pid may be used again. */
export interface CausedProcess {
	readonly process: Process;
	readonly starter: Process | null;
	readonly listed: ReceiptProcess;
}

export interface CausedFile {
	readonly process: Process;
	readonly listed: ReceiptFile;
}

export interface Caused {
	readonly processes: readonly CausedProcess[];
	readonly files: readonly CausedFile[];
}

/** Everything that was or may have been done for the command, guesses included. */
export function causedBy(followed: Followed): Caused {
	return { processes: [...processesOf(followed), ...madeProcesses(followed)], files: filesOf(followed) };
}

function processesOf({ lineage }: Followed): CausedProcess[] {
	const children = new Map<Process | null, Process[]>();
	for (const [child, starter] of lineage.all) {
		const siblings = children.get(starter);
		if (siblings === undefined) children.set(starter, [child]);
		else siblings.push(child);
	}
	const found: CausedProcess[] = [];
	const waiting = [...(children.get(null) ?? [])];
	for (let process = waiting.pop(); process !== undefined; process = waiting.pop()) {
		found.push(processOf(process, lineage.all.get(process) ?? null));
		const inOrder = sorted(children.get(process) ?? [], ({ exe, args, comm, pid }) => [exe, args.join(" "), comm, pid]);
		waiting.push(...inOrder.reverse());
	}
	return found;
}

function processOf(process: Process, starter: Process | null): CausedProcess {
	const why = starter === null ? "You ran it." : `${formatProcess(starter)} forked it.`;
	return listed(process, starter, { why, ...BY_LINEAGE });
}

function listed(process: Process, starter: Process | null, how: Certainty & { readonly why: string }): CausedProcess {
	const { pid, comm, exe, args } = process;
	const facts = { pid, comm, exe, args, exit: exitOf(process) };
	return { process, starter, listed: { ...facts, startedBy: starter?.ref ?? null, ...how } };
}

/** How it ended; null if it did not, or if that was not seen. */
export function exitOf(process: Process | undefined): ReceiptExit | null {
	const exit = process?.exit ?? null;
	return exit === null ? null : { code: exit.code, signal: exit.signal };
}

/** Processes that a daemon made for the command. */
function madeProcesses({ daemons }: Followed): CausedProcess[] {
	const made = ownedProcesses(daemons).map(({ process, starter, ...owned }) => listed(process, starter, owned));
	return sorted(made, ({ process: { exe, args, comm, pid } }) => [exe, args.join(" "), comm, pid]);
}

const UNUSED = { opens: 0, readBytes: 0, writeBytes: 0 };
const UNCHANGED = { created: false, deleted: false, renamedTo: null };

function filesOf(followed: Followed): CausedFile[] {
	const files = new Map<string, CausedFile>();
	for (const use of usesOf(followed)) {
		const type = fileType(use);
		if (type === null) continue;
		const path = use.path ?? use.object.name ?? `?${use.object.inode}`;
		const key = `${use.process.serial} ${path}`;
		const before = files.get(key)?.listed;
		const { opens, readBytes, writeBytes } = followed.countsOf(use);
		const listed = {
			path,
			type,
			by: use.process.ref,
			opens: opens + (before?.opens ?? 0),
			readBytes: readBytes + (before?.readBytes ?? 0),
			writeBytes: writeBytes + (before?.writeBytes ?? 0),
			...UNCHANGED,
			...(certaintyOf(use.process, followed) ?? BY_LINEAGE),
		};
		files.set(key, { process: use.process, listed });
	}
	for (const { path, process, isCreated, isDeleted, renamedTo } of followed.changes.values()) {
		const certainty = certaintyOf(process, followed);
		if (certainty === null) continue;
		const key = `${process.serial} ${path}`;
		const unused = { path, type: null, by: process.ref, ...UNUSED, ...UNCHANGED, ...certainty };
		const used = files.get(key)?.listed ?? unused;
		files.set(key, { process, listed: { ...used, created: isCreated, deleted: isDeleted, renamedTo } });
	}
	for (const file of daemonFiles(followed.daemons, followed.uses)) addDaemonFile(files, file);
	return [...files.values()];
}

/** Adds what a thread of a daemon did with a file; threads are merged into one entry for each class. */
function addDaemonFile(
	files: Map<string, CausedFile>,
	{ process, path, type, effect, ...certainty }: DaemonFile,
): void {
	const key = `${process.serial} ${path} ${certainty.class}`;
	const before = files.get(key)?.listed ?? { path, type, by: process.ref, ...UNUSED, ...UNCHANGED };
	const listed = {
		...before,
		type: before.type ?? type,
		opens: before.opens + effect.opens,
		readBytes: before.readBytes + effect.readBytes,
		writeBytes: before.writeBytes + effect.writeBytes,
		created: before.created || effect.isCreated,
		deleted: before.deleted || effect.isDeleted,
		renamedTo: effect.renamedTo ?? before.renamedTo,
		class: certainty.class,
		rules: certainty.rules,
	};
	files.set(key, { process, listed });
}

/** The certainty of all that a process did; null if not all of it was done for the command. */
function certaintyOf(process: Process, { lineage, daemons }: Followed): Certainty | null {
	if (lineage.has(process)) return BY_LINEAGE;
	const owned = ownershipOf(process, daemons);
	return owned && { class: owned.class, rules: owned.rules };
}

/** The uses of objects by the command's processes; not those of single destinations of a socket. */
export function* usesOf(followed: Followed): Generator<Use> {
	for (const use of followed.uses) {
		if (!use.isEmpty && !use.object.isDestination && certaintyOf(use.process, followed) !== null) yield use;
	}
}
