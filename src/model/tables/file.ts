/**
 * Files by process: one row for each (process, path, device), however many files the path has stood for.
 * Sockets and pipes are links, not files.
 */

import type { OpenFlags } from "../names/open-flags.ts";
import type { FileRow, FileType } from "../snapshot.ts";
import { DirtyList } from "../stats/dirty-list.ts";
import { perSecond } from "../stats/rate.ts";
import { RowList } from "../stats/row-list.ts";
import { forEachInSteps, type Steps } from "../steps.ts";
import { WireKind } from "../wire/layout.gen.ts";
import type { Bounds } from "./bounds.ts";
import { countsOf, type FileCounts } from "./file-counts.ts";
import type { FileSum } from "./file-sum.ts";
import type { NamedFile } from "./named-file.ts";
import { NamedFiles } from "./named-files.ts";
import type { ObjectTable } from "./object/index.ts";
import { kindOfMode } from "./object/kernel-object.ts";
import type { Use } from "./object/use.ts";
import type { Process } from "./process/process.ts";
import type { ProcessRegistry } from "./process/registry.ts";
import type { Tick } from "./tick.ts";

const TYPE_OF_KIND: Partial<Record<number, FileType>> = {
	[WireKind.REGULAR]: "regular",
	[WireKind.DIRECTORY]: "directory",
	[WireKind.CHAR]: "char",
	[WireKind.BLOCK]: "block",
	[WireKind.LINK]: "link",
	[WireKind.FIFO]: "fifo",
};
/** Files that are also something else, by their mode. */
const FILES_BY_MODE: ReadonlySet<number> = new Set([
	WireKind.OTHER,
	WireKind.PTY,
	WireKind.MEMFD,
	WireKind.POSIX_SHM,
	WireKind.POSIX_SEM,
	WireKind.POSIX_MQ,
]);

/** Null for anything but a file. */
export function fileType(use: Use): FileType | null {
	const { kind, mode } = use.object;
	const type = TYPE_OF_KIND[kind];
	if (type !== undefined) return type;
	return FILES_BY_MODE.has(kind) ? (TYPE_OF_KIND[kindOfMode(mode)] ?? "other") : null;
}

export class FileTable {
	readonly #dirty = new DirtyList<NamedFile>();
	readonly #dirtyUnlisted = new DirtyList<FileSum>();
	readonly #rows = new RowList<FileRow>();
	readonly #openFlags: OpenFlags;
	readonly #names: NamedFiles;

	constructor(processes: ProcessRegistry, objects: ObjectTable, bounds: Bounds, flags: OpenFlags) {
		this.#openFlags = flags;
		this.#names = new NamedFiles(bounds, {
			folded: (process) => this.#touchUnlisted(process),
			removed: (file) => this.#rows.remove(file),
		});
		const touch = (use: Use) => this.#touch(use);
		objects.listen({
			announced: (use, view, at) => this.#touch(use)?.takeFlags(view, at),
			moved: touch,
			changed: touch,
			dropped: (use) => this.#names.drop(use),
		});
		const touchAll = (process: Process) => {
			for (const file of this.#names.of(process)) this.#dirty.add(file);
			this.#touchUnlisted(process);
		};
		processes.listen({ renamed: touchAll, adopted: touchAll, evicted: (process) => this.#names.forget(process) });
	}

	*tick(tick: Tick): Steps<readonly FileRow[]> {
		yield* forEachInSteps(this.#dirty.take(), (file) => this.#putFile(file, tick));
		yield* forEachInSteps(this.#dirtyUnlisted.take(), (unlisted) => this.#putUnlisted(unlisted, tick));
		return this.#rows.publish();
	}

	/** The use is new, or it or its name has changed. */
	#touch(use: Use): NamedFile | null {
		if (fileType(use) === null) return null;
		const file = this.#names.obtain(use);
		if (!file.isOpen) file.latest = use;
		if (use.isShared) file.isShared = true;
		this.#dirty.add(file);
		return file;
	}

	/** Adds what the process did with files that have no row. */
	addUnlisted(process: Process, counts: FileCounts): void {
		this.#names.unlisted(process).add(counts);
		this.#touchUnlisted(process);
	}

	/** The counts for files without a row have changed. */
	#touchUnlisted(process: Process): void {
		const unlisted = this.#names.unlisted(process);
		if (!unlisted.isEmpty) this.#dirtyUnlisted.add(unlisted);
	}

	#putFile(file: NamedFile, tick: Tick): void {
		if (file.isGone) return;
		const type = fileType(file.latest);
		if (type === null || !isShown(file)) {
			this.#rows.remove(file);
			return;
		}
		const row = fileRow(file, type, this.#openFlags(file.canRead, file.canWrite, file.openFlags), tick);
		this.#rows.put(file, row);
		file.settle();
		if (file.latest.position !== null) file.latest.position.movedForward = 0;
		if (row.readRate > 0 || row.writeRate > 0 || (row.positionRate ?? 0) > 0) this.#dirty.add(file);
	}

	#putUnlisted(unlisted: FileSum, tick: Tick): void {
		if (unlisted.process.isEvicted || unlisted.process.isForeign) return;
		const row: FileRow = { ...UNLISTED_ROW, ...ownerOf(unlisted.process), ...numbersOf(unlisted, tick) };
		this.#rows.put(unlisted, row);
		unlisted.settle();
		if (row.readRate > 0 || row.writeRate > 0) this.#dirtyUnlisted.add(unlisted);
	}
}

/** One row of a process for all files without a row of their own. */
const UNLISTED_ROW = {
	shared: false,
	path: "other",
	type: "other",
	device: "0:0",
	inode: "0",
	flags: "",
	position: null,
	positionRate: null,
} as const;

function ownerOf(process: Process) {
	return { pid: process.pid, comm: process.comm };
}

function numbersOf(sum: FileSum, tick: Tick) {
	return {
		...countsOf(sum),
		mappedReadBytes: sum.mappedReadBytes || null,
		readRate: perSecond(sum.readBytes - sum.readBytesBefore, tick.seconds),
		writeRate: perSecond(sum.writeBytes - sum.writeBytesBefore, tick.seconds),
	};
}

/** A file that was only held open, or mapped without any call, is removed when it is closed. */
function isShown(file: NamedFile): boolean {
	return !file.process.isForeign && (file.isOpen || !file.isEmpty);
}

function fileRow(file: NamedFile, type: FileType, flags: string, tick: Tick): FileRow {
	const { object, position } = file.latest;
	return {
		...ownerOf(file.process),
		path: file.path ?? object.name ?? `?${object.inode}`,
		type,
		device: object.device,
		inode: object.inode,
		flags,
		position: position === null ? null : position.bytes,
		positionRate: position === null ? null : perSecond(position.movedForward, tick.seconds),
		shared: file.isShared,
		...numbersOf(file, tick),
	};
}
