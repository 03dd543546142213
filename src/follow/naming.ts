/** What happened to the names of files, from events. */

import type { FileCreateData, FileDeleteData, FileRenameData } from "../model/event-data.ts";
import type { EventType } from "../model/event-types.ts";
import { dataOf, type NewEvent } from "../model/tables/new-event.ts";

export interface Naming {
	isCreated: boolean;
	isDeleted: boolean;
	renamedTo: string | null;
}

export function isNaming(type: EventType): boolean {
	return type === "file-create" || type === "file-delete" || type === "file-rename";
}

/** Adds the event, which is one of the above, to the Naming that `of` returns for its path, if there is room for one. */
export function takeNaming(event: NewEvent<EventType>, of: (path: string) => Naming | null): void {
	const data = dataOf(event) as FileCreateData | FileDeleteData | FileRenameData;
	const naming = of(data.path);
	if (naming === null) return;
	if (event.type === "file-create") naming.isCreated = true;
	else if (event.type === "file-delete") naming.isDeleted = true;
	else naming.renamedTo = (data as FileRenameData).newPath;
}
