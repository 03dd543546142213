/** Who stands for the many that have no row of their own: a process without a pid. */

import { Process } from "./process.ts";

export function otherProcesses(): Process {
	const others = new Process(0, 0, 0);
	others.comm = "other";
	return others;
}

/** At the other end of what has no other end of its own. */
export const OTHERS = otherProcesses();
