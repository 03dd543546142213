/** Files by process: one row for each (process, device, inode, generation). Sockets and pipes are links, not files. */

import type { OpenFlags } from "../names/open-flags.ts";
import type { FileRow, FileType } from "../snapshot.ts";
import { DirtyList } from "../stats/dirty-list.ts";
import { perSecond } from "../stats/rate.ts";
import { RowList } from "../stats/row-list.ts";
import { WireKind } from "../wire/layout.gen.ts";
import type { ObjectTable } from "./object/index.ts";
import { kindOfMode } from "./object/kernel-object.ts";
import type { Use } from "./object/use.ts";
import type { Process } from "./process/process.ts";
import type { ProcessRegistry } from "./process/registry.ts";
import type { Tick } from "./tick.ts";
import type { Unlisted } from "./unlisted.ts";

const TYPE_OF_KIND: Partial<Record<number, FileType>> = {
	[WireKind.REGULAR]: "regular",
	[WireKind.DIRECTORY]: "directory",
	[WireKind.CHAR]: "char",
	[WireKind.BLOCK]: "block",
	[WireKind.LINK]: "link",
	[WireKind.FIFO]: "fifo",
};
/** Files that are also something else: what the mode says. */
const FILES_BY_MODE: ReadonlySet<number> = new Set([
	WireKind.OTHER,
	WireKind.PTY,
	WireKind.MEMFD,
	WireKind.POSIX_SHM,
	WireKind.POSIX_SEM,
	WireKind.POSIX_MQ,
]);

function fileType(use: Use): FileType | null {
	const { kind, mode } = use.object;
	const type = TYPE_OF_KIND[kind];
	if (type !== undefined) return type;
	return FILES_BY_MODE.has(kind) ? (TYPE_OF_KIND[kindOfMode(mode)] ?? "other") : null;
}

export class FileTable {
	readonly #dirty = new DirtyList<Use>();
	readonly #dirtyUnlisted = new DirtyList<Unlisted>();
	readonly #rows = new RowList<FileRow>();
	readonly #openFlags: OpenFlags;

	constructor(processes: ProcessRegistry, objects: ObjectTable, flags: OpenFlags) {
		this.#openFlags = flags;
		const touch = (use: Use) => this.#dirty.add(use);
		objects.listen({
			announced: touch,
			moved: touch,
			changed: touch,
			crowdedOut: (use) => {
				if (fileType(use) === null) return;
				use.process.unlisted.takeOver(use);
				this.touchUnlisted(use.process);
			},
			dropped: (use) => this.#rows.remove(use),
		});
		const touchAll = (process: Process) => {
			for (const use of process.uses.values()) this.#dirty.add(use);
			this.touchUnlisted(process);
		};
		const evicted = (process: Process) => this.#rows.remove(process.unlisted);
		processes.listen({ renamed: touchAll, adopted: touchAll, evicted });
	}

	/** What it did with files that have no row changed. */
	touchUnlisted(process: Process): void {
		if (!process.unlisted.isEmpty) this.#dirtyUnlisted.add(process.unlisted);
	}

	tick(tick: Tick): readonly FileRow[] {
		for (const use of this.#dirty.take()) {
			if (use.isDropped || use.process.isEvicted) continue;
			const type = fileType(use);
			if (type === null || !isShown(use)) {
				this.#rows.remove(use);
				continue;
			}
			const flags = this.#openFlags(use.canRead, use.canWrite, use.openFlags);
			const row = fileRow(use, type, flags, tick);
			this.#rows.put(use, row);
			use.readBytesBefore = use.readBytes;
			use.writeBytesBefore = use.writeBytes;
			use.movedForward = 0;
			if (row.readRate > 0 || row.writeRate > 0 || (row.positionRate ?? 0) > 0) this.#dirty.add(use);
		}
		for (const unlisted of this.#dirtyUnlisted.take()) this.#putUnlisted(unlisted, tick);
		return this.#rows.publish();
	}

	#putUnlisted(unlisted: Unlisted, tick: Tick): void {
		if (unlisted.process.isEvicted || unlisted.process.isForeign) return;
		const row: FileRow = { ...UNLISTED_ROW, ...ownerOf(unlisted.process), ...countsOf(unlisted, tick) };
		this.#rows.put(unlisted, row);
		unlisted.readBytesBefore = unlisted.readBytes;
		unlisted.writeBytesBefore = unlisted.writeBytes;
		if (row.readRate > 0 || row.writeRate > 0) this.#dirtyUnlisted.add(unlisted);
	}
}

/** One row of a process for all files that have none of their own. */
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

function countsOf(counts: Use | Unlisted, tick: Tick) {
	const { opens, reads, writes, readBytes, writeBytes } = counts;
	return {
		...{ opens, reads, writes, readBytes, writeBytes },
		readRate: perSecond(readBytes - counts.readBytesBefore, tick.seconds),
		writeRate: perSecond(writeBytes - counts.writeBytesBefore, tick.seconds),
	};
}

/** A file that was only held open, or is mapped without any call, goes when it is closed. */
function isShown(use: Use): boolean {
	return !use.process.isForeign && (use.hasCounters || Number.isNaN(use.closedNs));
}

function fileRow(use: Use, type: FileType, flags: string, tick: Tick): FileRow {
	const { object, process } = use;
	const isPositionKnown = !Number.isNaN(use.position);
	return {
		...ownerOf(process),
		path: use.path ?? object.name ?? `?${object.inode}`,
		type,
		device: object.device,
		inode: object.inode,
		flags,
		position: isPositionKnown ? use.position : null,
		positionRate: isPositionKnown ? perSecond(use.movedForward, tick.seconds) : null,
		shared: use.isShared,
		...countsOf(use, tick),
	};
}
