/** The registry: a pane is a folder and one line here. */

import type { PaneName } from "../model/snapshot.ts";
import { FILES } from "./files/index.ts";
import { IPC } from "./ipc/index.ts";
import type { Pane } from "./pane.ts";
import { PROCESSES } from "./processes/index.ts";
import { SYSCALLS } from "./syscalls/index.ts";
import { TCP } from "./tcp/index.ts";

export const PANE_REGISTRY: Readonly<Record<PaneName, Pane>> = {
	processes: PROCESSES,
	syscalls: SYSCALLS,
	ipc: IPC,
	files: FILES,
	tcp: TCP,
};
