/**
 * Observes the model while batches are applied, to keep what the tables drop, for the receipt of a followed command.
 */

import type { EventType } from "./event-types.ts";
import type { Follow, Snapshot } from "./snapshot.ts";
import type { Channels } from "./tables/ipc/channels.ts";
import type { NewEvent } from "./tables/new-event.ts";
import type { ObjectTable } from "./tables/object/index.ts";
import type { ProcessRegistry } from "./tables/process/registry.ts";
import type { Step } from "./tables/step.ts";
import type { Tick } from "./tables/tick.ts";

/** What it may read and listen to. Process and Use objects stay valid after the tables drop them. */
export interface ObservedTables {
	readonly processes: ProcessRegistry;
	readonly objects: ObjectTable;
	/** Their links are those of the last refresh. */
	readonly channels: Pick<Channels, "of">;
}

export interface ModelObserver {
	/** Called once, before the first batch. */
	begin(tables: ObservedTables): void;
	/** Called with every event, before any bound, wanted or not. */
	happened(event: NewEvent<EventType>): void;
	/** Called with each step of followed processes, in order. */
	stepped(step: Step): void;
	/** Returns the `follow` of the snapshot. */
	ticked(tables: Pick<Snapshot, "ipc" | "health">, tick: Pick<Tick, "nowNs" | "wallMs">): readonly Follow[];
}
