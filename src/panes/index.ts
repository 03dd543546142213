/** The registry: a pane is a folder and one line here, in the order of the number keys. */

import { CONTAINERS } from "./containers/index.ts";
import { anyPane } from "./define-pane.ts";
import { DISK } from "./disk/index.ts";
import { EVENTS } from "./events/index.ts";
import { FILES } from "./files/index.ts";
import { FOLLOW } from "./follow/index.ts";
import { IPC } from "./ipc/index.ts";
import type { Pane } from "./pane.ts";
import { PROCESSES } from "./processes/index.ts";
import { SYSCALLS } from "./syscalls/index.ts";
import { TCP } from "./tcp/index.ts";
import { THREADS } from "./threads/index.ts";

export const PANES: readonly Pane[] = [
	anyPane(PROCESSES),
	anyPane(SYSCALLS),
	anyPane(IPC),
	anyPane(FILES),
	anyPane(TCP),
	anyPane(EVENTS),
	anyPane(DISK),
	anyPane(CONTAINERS),
	anyPane(THREADS),
	anyPane(FOLLOW),
];
