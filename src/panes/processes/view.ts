/** The views of processes: as a tree, flat, or as a tree in each container or unit. */

import type { ProcessRow } from "../../model/snapshot.ts";
import type { PaneKey } from "../pane.ts";

export interface ProcessView {
	readonly shape: "tree" | "flat" | "by container" | "by unit";
	/** The ids of the processes whose branch is folded. */
	readonly folded: ReadonlySet<string>;
	readonly hidesKernel: boolean;
}

/** Identifies a process for as long as the machine is up. */
export const idOf = ({ pid, start }: ProcessRow): string => `${pid}/${start}`;

export const TREE_KEY: PaneKey<ProcessRow, ProcessView> = {
	keys: ["t", "f5"],
	help: "processes as a tree or flat",
	footer: "Tree",
	fromElsewhere: "acts",
	press: ({ view }) => ({ view: { ...view, shape: view.shape === "flat" ? "tree" : "flat" } }),
};

const AFTER = { tree: "by container", flat: "by container", "by container": "by unit", "by unit": "tree" } as const;

export const CONTAINER_KEY: PaneKey<ProcessRow, ProcessView> = {
	keys: ["c"],
	help: "processes by container, by unit, and as one tree again",
	fromElsewhere: "acts",
	press: ({ view }) => ({ view: { ...view, shape: AFTER[view.shape] } }),
};

export const KERNEL_KEY: PaneKey<ProcessRow, ProcessView> = {
	keys: ["K"],
	help: "hide or show kernel threads",
	fromElsewhere: "acts",
	press: ({ view }) => ({ view: { ...view, hidesKernel: !view.hidesKernel } }),
};
