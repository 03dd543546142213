/** Follows a process that the user chooses while the program runs, in a session for all processes. */

import type { EventType } from "../model/event-types.ts";
import type { ModelObserver, ObservedTables } from "../model/observer.ts";
import type { Follow } from "../model/snapshot.ts";
import type { NewEvent } from "../model/tables/new-event.ts";
import type { Step } from "../model/tables/step.ts";
import { Followed } from "./followed.ts";
import { shownAs } from "./shown.ts";

export class FollowOnRequest implements ModelObserver {
	#tables: ObservedTables | null = null;
	#followed: Followed | null = null;
	#count = 0;

	/** Replaces what was followed before; null: follows nothing. */
	follow(pid: number | null): void {
		this.#followed?.end();
		this.#followed = pid === null ? null : new Followed([pid], { show: shownAs(++this.#count), isAmongOthers: true });
		if (this.#tables !== null) this.#followed?.begin(this.#tables);
	}

	begin(tables: ObservedTables): void {
		this.#tables = tables;
		this.#followed?.begin(tables);
	}

	happened(event: NewEvent<EventType>): void {
		this.#followed?.happened(event);
	}

	stepped(step: Step): void {
		this.#followed?.stepped(step);
	}

	ticked(...words: Parameters<ModelObserver["ticked"]>): readonly Follow[] {
		return this.#followed?.ticked(...words) ?? [];
	}
}
