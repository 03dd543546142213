/** The NamedFile under which each use counts, by process, path and device. */

import type { FairTable } from "../stats/fair-table.ts";
import type { Bounds } from "./bounds.ts";
import { FileSum } from "./file-sum.ts";
import { NamedFile } from "./named-file.ts";
import type { Use } from "./object/use.ts";
import type { Process } from "./process/process.ts";

export interface NameListener {
	/** Counts of the process under some name were moved to its unlisted ones. */
	folded(process: Process): void;
	removed(sum: FileSum): void;
}

export class NamedFiles {
	readonly #byPath = new Map<Process, Map<string, NamedFile>>();
	readonly #listener: NameListener;
	/** Names without a use, with their counts: a process can make any number by renaming. */
	readonly #former: FairTable<Process, NamedFile>;
	/** What processes did with files that have no row. */
	readonly #unlisted = new Map<Process, FileSum>();

	constructor(bounds: Bounds, listener: NameListener) {
		this.#listener = listener;
		this.#former = bounds.fair<Process, NamedFile>("file-names", {
			userOf: (process) => process.holder,
			evict: (file) => {
				this.#former.remove(file.process, file);
				this.#fold(file);
			},
		});
	}

	/** Returns the file under whose current name the use counts. */
	obtain(use: Use): NamedFile {
		const before = use.file;
		if (before !== null && (use.path === null || use.path === before.path)) return before;
		const file = this.#find(use) ?? this.#add(use);
		if (file.useCount === 0 && !file.isEmpty) this.#former.remove(use.process, file);
		file.useCount++;
		file.latest = use;
		use.file = file;
		if (before === null) file.add(use);
		else this.#leave(before, file);
		return file;
	}

	/** The process no longer has the object. A name without another use is dropped as well. */
	drop(use: Use): void {
		const { file, process } = use;
		use.file = null;
		if (file === null || --file.useCount > 0) return;
		if (file.isEmpty || process.isEvicted) this.#remove(file);
		else this.#fold(file);
	}

	*of(process: Process): Generator<NamedFile> {
		for (const { file } of process.uses.values()) if (file?.path === null) yield file;
		for (const first of this.#byPath.get(process)?.values() ?? []) {
			for (let file: NamedFile | null = first; file !== null; file = file.sibling) yield file;
		}
	}

	/** Created if there was none yet. */
	unlisted(process: Process): FileSum {
		const unlisted = this.#unlisted.get(process) ?? new FileSum(process);
		this.#unlisted.set(process, unlisted);
		return unlisted;
	}

	/** The process was evicted, and all its uses were dropped. */
	forget(process: Process): void {
		for (const file of this.of(process)) {
			this.#former.remove(process, file);
			this.#listener.removed(file);
		}
		this.#byPath.delete(process);
		const unlisted = this.#unlisted.get(process);
		if (unlisted === undefined) return;
		this.#listener.removed(unlisted);
		this.#unlisted.delete(process);
	}

	#find({ process, path, object }: Use): NamedFile | null {
		if (path === null) return null;
		let file = this.#byPath.get(process)?.get(path) ?? null;
		while (file !== null && file.dev !== object.dev) file = file.sibling;
		return file;
	}

	#add(use: Use): NamedFile {
		const file = new NamedFile(use);
		if (file.path === null) return file;
		const paths = this.#byPath.get(file.process) ?? new Map<string, NamedFile>();
		this.#byPath.set(file.process, paths);
		file.sibling = paths.get(file.path) ?? null;
		paths.set(file.path, file);
		return file;
	}

	/** Moves a use to `next`, with what it did while its name was not known. */
	#leave(file: NamedFile, next: NamedFile): void {
		if (file.path === null) next.takeOver(file);
		if (--file.useCount > 0) return;
		if (file.path === null || file.isEmpty) this.#remove(file);
		else if (this.#former.admit(file.process, false)) this.#former.add(file.process, file, true);
		else this.#fold(file);
	}

	#fold(file: NamedFile): void {
		this.unlisted(file.process).takeOver(file);
		this.#remove(file);
		this.#listener.folded(file.process);
	}

	#remove(file: NamedFile): void {
		file.isGone = true;
		this.#unlink(file);
		this.#listener.removed(file);
	}

	#unlink(file: NamedFile): void {
		const paths = this.#byPath.get(file.process);
		if (paths === undefined || file.path === null) return;
		let before = paths.get(file.path) ?? null;
		if (before === file) {
			if (file.sibling !== null) paths.set(file.path, file.sibling);
			else paths.delete(file.path);
			if (paths.size === 0) this.#byPath.delete(file.process);
			return;
		}
		while (before !== null && before.sibling !== file) before = before.sibling;
		if (before !== null) before.sibling = file.sibling;
	}
}
