/** Stands for processes without a row of their own: a process without a pid. */

import { Process } from "./process.ts";

export function otherProcesses(): Process {
	const others = new Process(0, 0, 0);
	others.comm = "other";
	return others;
}

/** The other end of links without a known end. */
export const OTHERS = otherProcesses();
