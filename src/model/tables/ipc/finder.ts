/** What finds links: each family of objects has one, and IpcTable asks them in turn. */

import type { KernelObject } from "../object/kernel-object.ts";

/** Opens the channels that it finds in the `Channels` that it was made with, and closes those that end before an object does. */
export interface LinkFinder {
	/** Whether links over this object are its business. */
	handles(object: KernelObject): boolean;
	/** A process was seen to have the object, or more of it is known. `view` and `at`: the WIRE_OBJECT. */
	announce(object: KernelObject, view: DataView, at: number): void;
	/** Nobody has the object any more. Its channels are closed by the table. */
	forget?(object: KernelObject): void;
}
