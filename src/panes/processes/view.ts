/** The two ways to look at processes: as a tree, or flat. */

import type { ProcessRow } from "../../model/snapshot.ts";
import type { PaneKey } from "../pane.ts";

export interface ProcessView {
	readonly isTree: boolean;
}

export const TREE_KEY: PaneKey<ProcessRow, ProcessView> = {
	keys: ["t", "f5"],
	help: "processes as a tree or flat",
	footer: "Tree",
	fromElsewhere: "acts",
	press: ({ view }) => ({ view: { isTree: !view.isTree } }),
};
