/**
 * Finds names and images of containers in the background: a container's rows do not wait for its name. A missing name
 * is looked up a few times more at growing intervals, since a runtime may write its files after the first process runs;
 * a known one is looked up again each minute, since containers are renamed.
 */

import type { ForeignFiles } from "../model/feed/foreign-files.ts";
import { takeTurns } from "../model/stats/take-turns.ts";
import type { LiveContainer } from "../model/tables/process/names.ts";
import { containerRecord } from "../model/wire/container-record.ts";
import { findMonitor } from "./monitor-process.ts";
import { type Named, nameFromFiles } from "./runtime-files.ts";
import { UserStorage } from "./user-storage.ts";

const UNDER_WAY_MAX = 32;
const PAUSES_MS = [1000, 5000, 30_000];
const RENAMED_MS = 60_000;
const NAME_MAX = 256;

interface Search {
	tries: number;
	againMs: number;
}

export class ContainerNames {
	readonly #files: ForeignFiles;
	readonly #storage: UserStorage;
	readonly #mayReadArgs: boolean;
	/** For the containers in the last snapshot, by their keys. */
	#searches = new Map<string, Search>();
	#underWay = 0;

	/** `mayReadArgs`: whether the command line of a container's monitor, which has the name, may be read. */
	constructor(files: ForeignFiles, mayReadArgs: boolean) {
		this.#files = files;
		this.#storage = new UserStorage(files);
		this.#mayReadArgs = mayReadArgs;
	}

	/**
	 * Looks up all containers that are due; `sink` gets a batch for each change. Resolves when all are answered, which
	 * may be never. Many containers of one user do not delay those of others.
	 */
	async find(met: readonly LiveContainer[], sink: (batch: Uint8Array) => void): Promise<void> {
		const nowMs = performance.now();
		this.#searches = new Map(met.map(({ key }) => [key, this.#searches.get(key) ?? { tries: 0, againMs: 0 }]));
		const due = met.filter(({ key }) => nowMs >= (this.#searches.get(key)?.againMs ?? 0));
		const chosen = takeTurns(due, ({ user }) => user, UNDER_WAY_MAX - this.#underWay);
		await Promise.all(chosen.map((one) => this.#findOne(one, sink)));
	}

	async #findOne(container: LiveContainer, sink: (batch: Uint8Array) => void): Promise<void> {
		const search = this.#searches.get(container.key) ?? { tries: 0, againMs: 0 };
		search.tries++;
		search.againMs = Number.POSITIVE_INFINITY;
		this.#underWay++;
		const found = await this.#lookUp(container).catch(() => null); // no thread or memory: treated as if the files did not exist yet
		this.#underWay--;
		search.againMs = performance.now() + (found !== null ? RENAMED_MS : pauseAfter(search.tries));
		if (found === null) return;
		search.tries = 0;
		const text = textOf(found, container.id);
		if (text !== textOf(container, container.id)) sink(containerRecord(container, text));
	}

	async #lookUp({ runtime, id, pid, monitor: own }: LiveContainer): Promise<Named | null> {
		const found = own === null ? await nameFromFiles(this.#files, runtime, id) : null;
		if (found !== null || !this.#mayReadArgs || (runtime !== "podman" && runtime !== "cri-o")) return found;
		const monitor = await findMonitor(this.#files, pid, id);
		if (monitor === null) return null;
		const stored = runtime === "podman" ? await this.#storage.find(monitor, id) : null;
		return { runtime, name: monitor.name, image: null, ...stored };
	}
}

const pauseAfter = (tries: number): number => PAUSES_MS[tries - 1] ?? Number.POSITIVE_INFINITY;

/** The text of a WIRE_NAME record. */
function textOf({ runtime, name, image }: Pick<LiveContainer, "runtime" | "name" | "image">, id: string): string {
	const texts = [name ?? "", image ?? ""].map((text) => text.replaceAll("\0", "").slice(0, NAME_MAX));
	return [runtime, id, ...texts].join("\0");
}
