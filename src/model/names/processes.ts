/** How messages name a process. */

import { ownPid } from "../host-pids.ts";
import type { ProcessRef } from "../snapshot.ts";

/** "nginx 812"; the kernel has no pid. */
export function formatProcess({ pid, comm }: ProcessRef): string {
	return pid === 0 ? comm || "kernel" : `${comm} ${ownPid(pid)}`;
}

/** The same as one word: "nginx[812]". */
export function formatProcessWord({ pid, comm }: ProcessRef): string {
	return `${pid === 0 ? comm || "kernel" : comm}[${ownPid(pid)}]`;
}
