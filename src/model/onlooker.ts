/**
 * Observes the model while batches are applied, to keep what the tables drop: for the receipt of a followed command.
 */

import type { EventType } from "./event-types.ts";
import type { Snapshot } from "./snapshot.ts";
import type { NewEvent } from "./tables/event.ts";
import type { ObjectTable } from "./tables/object/index.ts";
import type { ProcessRegistry } from "./tables/process/registry.ts";

/** What it may read and listen to. Process, Use and what they hold stay valid after the tables drop them. */
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
