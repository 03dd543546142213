/** Whoever looks on while batches are applied, to keep what the tables forget: what is followed, for its receipt. */

import type { EventType } from "./event-types.ts";
import type { Snapshot } from "./snapshot.ts";
import type { NewEvent } from "./tables/event.ts";
import type { ObjectTable } from "./tables/object/index.ts";
import type { ProcessRegistry } from "./tables/process/registry.ts";

/** What it may look at and listen to. Process, Use and what they hold stay what they are after the tables dropped them. */
export interface Sights {
	readonly processes: ProcessRegistry;
	readonly objects: ObjectTable;
}

export interface Onlooker {
	/** Called once, before the first batch. */
	begin(sights: Sights): void;
	/** Every event, before any bound, wanted or not. */
	happened(event: NewEvent<EventType>): void;
	ticked(tables: Pick<Snapshot, "ipc" | "health">): void;
}
