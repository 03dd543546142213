/**
 * Observes the model while batches are applied, to keep what the tables drop: for the receipt of a followed command.
 */

import type { EventType } from "./event-types.ts";
import type { Follow, Snapshot } from "./snapshot.ts";
import type { NewEvent } from "./tables/new-event.ts";
import type { ObjectTable } from "./tables/object/index.ts";
import type { ProcessRegistry } from "./tables/process/registry.ts";
import type { Step } from "./tables/step.ts";
import type { Tick } from "./tables/tick.ts";

/** What it may read and listen to. Process, Use and what they hold stay valid after the tables drop them. */
export interface ObservedTables {
	readonly processes: ProcessRegistry;
	readonly objects: ObjectTable;
}

export interface ModelObserver {
	/** Called once, before the first batch. */
	begin(tables: ObservedTables): void;
	/** Every event, before any bound, wanted or not. */
	happened(event: NewEvent<EventType>): void;
	/** Each step of whoever is followed, in the order in which they were made. */
	stepped(step: Step): void;
	/** Gives what the snapshot is to say of it. */
	ticked(tables: Pick<Snapshot, "ipc" | "health">, tick: Pick<Tick, "nowNs" | "wallMs">): readonly Follow[];
}
