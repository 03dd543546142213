/**
 * Folding: a row of the tree stands for all rows below it. With a filter nothing is folded, so that no match is hidden.
 */

import type { ProcessRow } from "../../model/snapshot.ts";
import type { KeyScene, PaneKey } from "../pane.ts";
import { idOf, type ProcessView } from "./view.ts";

type Scene = KeyScene<ProcessRow, ProcessView>;

const isTree = ({ shape }: ProcessView): boolean => shape !== "flat";

const withFolded = (view: ProcessView, folded: Iterable<string>): ProcessView => ({ ...view, folded: new Set(folded) });

/** Whether a line has others below it. */
function hasChildren({ lines }: Scene, at: number): boolean {
	const [own, next] = [lines.at(at)?.row, lines.at(at + 1)?.row];
	return own !== undefined && next !== undefined && next.shownUnder === own.pid;
}

const placeOf = ({ lines, row }: Scene): number => lines.findIndex((line) => line.row === row);

/** Folds the branch of the row; if there is none, goes to the parent row. */
export const FOLD_KEY: PaneKey<ProcessRow, ProcessView> = {
	keys: ["left"],
	help: "fold the tree below this process, or go to its parent",
	isActive: isTree,
	press(scene) {
		const { view, row, lines } = scene;
		if (row === undefined) return null;
		if (hasChildren(scene, placeOf(scene))) return { view: withFolded(view, [...view.folded, idOf(row)]) };
		const parent = lines.findIndex((line) => line.row.pid === row.shownUnder);
		return parent < 0 ? null : { view, select: parent };
	},
};

/** Unfolds the branch; if it is unfolded, goes to the first row below. */
export const UNFOLD_KEY: PaneKey<ProcessRow, ProcessView> = {
	keys: ["right"],
	help: "unfold the tree below this process, or go to its first child",
	isActive: isTree,
	press(scene) {
		const { view, row } = scene;
		if (row === undefined) return null;
		if (view.folded.has(idOf(row))) {
			return {
				view: withFolded(
					view,
					[...view.folded].filter((id) => id !== idOf(row)),
				),
			};
		}
		const at = placeOf(scene);
		return hasChildren(scene, at) ? { view, select: at + 1 } : null;
	},
};

export const FOLD_ALL_KEY: PaneKey<ProcessRow, ProcessView> = {
	keys: ["*"],
	help: "fold all branches of the tree, or unfold all",
	isActive: isTree,
	press({ view, snapshot }) {
		if (snapshot === null) return null;
		if (view.folded.size > 0) return { view: withFolded(view, []) };
		const parents = new Set(snapshot.processes.map(({ shownUnder }) => shownUnder));
		const branches = snapshot.processes.filter(({ pid }) => parents.has(pid));
		return branches.length === 0 ? null : { view: withFolded(view, branches.map(idOf)), select: "top" };
	},
};
