/**
 * The files that a process has had under one path of one device, in sequence: a row of the file table. Data is counted
 * under the name that the file has when the data is noticed, and stays there.
 */

import * as wire from "../wire/layout.gen.ts";
import type { Use } from "./entities.ts";
import { FileSum } from "./file-sum.ts";
import { FMODE_READ, FMODE_WRITE } from "./object/kernel-object.ts";

export class NamedFile extends FileSum {
	/** Null until it is announced; until then it belongs to a single use. */
	path: string | null;
	/** The use that the row shows: of the latest file, or of one that is still open. */
	latest: Use;
	/** How many uses count here. */
	useCount = 0;
	canRead = false;
	canWrite = false;
	/** O_* of all descriptors reported under this name. */
	openFlags = 0;
	/** See FileRow. */
	isShared = false;
	/** It no longer has a row, and will not get one. */
	isGone = false;
	/** Another NamedFile of this process and path, on another device. */
	sibling: NamedFile | null = null;

	constructor(use: Use) {
		super(use.process);
		this.path = use.path;
		this.latest = use;
	}

	get dev(): number {
		return this.latest.object.dev;
	}

	get isOpen(): boolean {
		const { latest } = this;
		return latest.file === this && latest.presence.isOpen;
	}

	/** Notes how the file of a WIRE_OBJECT is open. */
	takeFlags(view: DataView, at: number): void {
		const mode = wire.objectFmode(view, at);
		if ((mode & FMODE_READ) !== 0) this.canRead = true;
		if ((mode & FMODE_WRITE) !== 0) this.canWrite = true;
		this.openFlags |= wire.objectFlags(view, at);
	}
}
