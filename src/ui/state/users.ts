/** The menu of users: the choice becomes part of the filter. */

import type { OverlayContent } from "./overlay-content.ts";
import { readFilter } from "./prompt.ts";
import type { Overlay, UiState } from "./ui-state.ts";

type UserMenu = Extract<Overlay, { kind: "users" }>;

/** The part that the menu adds to a filter, and removes again. */
const CHOSEN = /^(?:\((.*)\) and )?user = "[^"]*"$/s;

/** As in the filter's field `user`: the uid if there is no name. */
export function openUserMenu(state: UiState): UiState {
	const names = new Set(state.snapshot?.processes.map(({ user, uid }) => user ?? String(uid)));
	const sorted = [...names].filter((name) => !/"|\\$/.test(name)).sort();
	const chosen = sorted.findIndex((name) => state.filter?.text.endsWith(`user = "${name}"`));
	return { ...state, overlay: { kind: "users", names: sorted, index: chosen + 1 } };
}

export function userMenu({ names, index }: UserMenu): OverlayContent {
	return { kind: "menu", title: "Show rows of", items: ["all users", ...names], selected: index };
}

/** Keeps the current filter. */
export function chooseUser(state: UiState, { names, index }: UserMenu): UiState {
	const text = state.filter?.text ?? "";
	const kept = CHOSEN.test(text) ? (CHOSEN.exec(text)?.[1] ?? "") : text;
	const name = names[index - 1];
	if (name === undefined) return { ...state, filter: readFilter(kept) };
	const wanted = `user = "${name}"`;
	return { ...state, filter: readFilter(kept === "" ? wanted : `(${kept}) and ${wanted}`) };
}
