/** What a run gets from whatever the options choose. */

import type { ContainerNames } from "../lookups/container-names.ts";
import type { Feed } from "../model/feed/feed.ts";
import type { ForeignFiles } from "../model/feed/foreign-files.ts";
import type { BatchReader } from "./pipeline.ts";

export interface OpenedFeed {
	readonly feed: Feed;
	/** Reads the batches; null if they are records, which the model reads. */
	readonly snapshots: BatchReader | null;
	/** Finds the names of containers; null for a recording, which has them. */
	readonly names: ContainerNames | null;
	/** Reads /proc of this machine; null if the processes are elsewhere, or were. */
	readonly files: ForeignFiles | null;
	/** Why ebtop does not see everything, a sentence; null if it does. */
	readonly note: string | null;
	/** What is seen, in capitals, for the header; null for this machine, measured here. */
	readonly label: string | null;
	/** Why no process can be followed, a sentence; null if one may be. */
	readonly whyNoFollow: string | null;
	/** Attaches what the first refresh can do without; null if everything is attached. */
	readonly complete: (() => Promise<void>) | null;
	/** Drops the rights that the run does not need once all is open. Returns what failed, in sentences; "" on success. */
	lockDown(): string;
}
