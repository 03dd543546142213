/**
 * Finds what containers are called, beside the refreshes: a container's rows come first, its name when it is known. What was
 * not found is looked for a few times more, later and later, since a runtime may write its files after the first process runs.
 */

import type { ForeignFiles } from "../model/feed/foreign-files.ts";
import type { UnnamedContainer } from "../model/tables/process/names.ts";
import { containerRecord } from "../model/wire/container-record.ts";
import { nameFromMonitorProcess } from "./monitor-process.ts";
import { type Named, nameFromFiles } from "./runtime-files.ts";

/** Containers that are remembered; beyond it the oldest is forgotten, and looked for once more. */
const REMEMBERED_MAX = 4096;
const UNDER_WAY_MAX = 32;
const PAUSES_MS = [1000, 5000, 30_000];
const NAME_MAX = 256;

interface Search {
	tries: number;
	againMs: number;
}

export class ContainerNames {
	readonly #files: ForeignFiles;
	readonly #mayReadArgs: boolean;
	/** By the cgroup's id. */
	readonly #searches = new Map<string, Search>();
	#underWay = 0;

	/** `mayReadArgs`: of a container's monitor, which has the name in its command line. */
	constructor(files: ForeignFiles, mayReadArgs: boolean) {
		this.#files = files;
		this.#mayReadArgs = mayReadArgs;
	}

	/** Looks for those that are due; `sink` gets a batch for each that is found. Kept when all are answered, if ever. */
	async find(unnamed: readonly UnnamedContainer[], sink: (batch: Uint8Array) => void): Promise<void> {
		const nowMs = performance.now();
		await Promise.all(unnamed.filter((one) => this.#begin(one, nowMs)).map((one) => this.#findOne(one, sink)));
	}

	/** False where it is too early or there is no room. */
	#begin({ key }: UnnamedContainer, nowMs: number): boolean {
		const known = this.#searches.get(key);
		if (this.#underWay >= UNDER_WAY_MAX || (known !== undefined && nowMs < known.againMs)) return false;
		const tries = known?.tries ?? 0;
		if (known === undefined && this.#searches.size >= REMEMBERED_MAX) {
			for (const oldest of this.#searches.keys()) {
				this.#searches.delete(oldest);
				break;
			}
		}
		this.#searches.set(key, { tries: tries + 1, againMs: Number.POSITIVE_INFINITY });
		this.#underWay++;
		return true;
	}

	async #findOne(container: UnnamedContainer, sink: (batch: Uint8Array) => void): Promise<void> {
		const { key, id } = container;
		const found = await this.#lookUp(container).catch(() => null); // no thread, no memory: as if it were not there yet
		this.#underWay--;
		const search = this.#searches.get(key);
		if (found !== null) sink(containerRecord(key, `${found.runtime}\0${id}\0${found.name.slice(0, NAME_MAX)}`));
		else if (search !== undefined) {
			search.againMs = performance.now() + (PAUSES_MS[search.tries - 1] ?? Number.POSITIVE_INFINITY);
		}
	}

	async #lookUp({ runtime, id, pid }: UnnamedContainer): Promise<Named | null> {
		const found = await nameFromFiles(this.#files, runtime, id);
		if (found !== null || !this.#mayReadArgs || (runtime !== "podman" && runtime !== "cri-o")) return found;
		const name = await nameFromMonitorProcess(this.#files, pid, id);
		return name === null ? null : { runtime, name };
	}
}
