/** An event between its record and the refresh. */

import type { EventData } from "../event-data.ts";
import type { EventType } from "../event-types.ts";
import type { ProcessRef } from "../snapshot.ts";
import type { Process } from "./process/process.ts";

/** `who`, `text` and `data` may be functions, which are called at the refresh, when more is known. */
export interface NewEvent<Type extends EventType> {
	readonly timeNs: number;
	readonly type: Type;
	/** The process that caused it; null if none did. */
	readonly process: Process | null;
	/** Its thread, if known. */
	readonly tid?: number;
	readonly text: string | (() => string);
	readonly data: EventData[Type] | (() => EventData[Type]);
	/** The process that the row names, if not `process`. */
	readonly who?: ProcessRef | (() => ProcessRef);
	/** The process whose storm it may belong to, if not `process`. */
	readonly origin?: Process | undefined;
}

/** The data as known now. */
export function dataOf<Type extends EventType>({ data }: Pick<NewEvent<Type>, "data">): EventData[Type] {
	return typeof data === "function" ? data() : data;
}

/** An event that waits for the refresh. */
export interface PendingEvent {
	timeNs: number;
	readonly type: EventType;
	readonly process: Process | null;
	readonly who: ProcessRef | (() => ProcessRef);
	text: NewEvent<EventType>["text"];
	data: NewEvent<EventType>["data"];
	/** How many events it stands for. */
	count: number;
	/** It was dropped to make room, or is in a snapshot by now. */
	isGone: boolean;
}
