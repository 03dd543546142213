/** The panes by their names, for tests about one of them. */

import { PANES } from "../../src/panes/index.ts";
import type { Pane } from "../../src/panes/pane.ts";

/** Throws if there is no such pane. */
export function paneNamed(name: string): Pane {
	const pane = PANES.find((known) => known.name === name);
	if (pane === undefined) throw new Error(`There is no pane ${name}.`);
	return pane;
}

export const PANE_NAMES = PANES.map(({ name }) => name);
