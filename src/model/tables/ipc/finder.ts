/** Finds links. Each kind of objects has a finder, and IpcTable asks them in order. */

import type { KernelObject } from "../object/kernel-object.ts";

/** Opens channels in its `Channels`, and closes those that end before their objects do. */
export interface LinkFinder {
	/** Whether this finder handles links over the object. */
	handles(object: KernelObject): boolean;
	/** A process has the object, or more of the object is known. `view` and `at`: the WIRE_OBJECT. */
	announce(object: KernelObject, view: DataView, at: number): void;
	/** No process has the object any more. The table closes its channels. */
	forget?(object: KernelObject): void;
}
