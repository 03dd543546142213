/** The palette: a list of all keys that mean something now, narrowed by words. */

import { keyName } from "../../format/key-name.ts";
import { activeKeys, type Intent, type KeyBinding, type Keymap } from "./keymap.ts";
import type { OverlayContent } from "./overlay-content.ts";
import type { UiState } from "./ui-state.ts";

/** The entries with all words of the text, in the order of the help. */
function entries(state: UiState, keymap: Keymap): KeyBinding[] {
	const words = (state.prompt?.text ?? "").toLowerCase().split(/\s+/).filter(Boolean);
	const onTables = activeKeys(keymap, { ...state, prompt: null, overlay: null });
	const byHelp = new Map(onTables.map((binding) => [binding.help, binding]));
	return [...byHelp.values()].filter((binding) => {
		const text = itemOf(binding).toLowerCase();
		return words.every((word) => text.includes(word));
	});
}

const KEY_CELLS = 10;

const itemOf = ({ keys, help }: KeyBinding) => `${keyName(keys[0] ?? "").padEnd(KEY_CELLS)} ${help}`;

export function paletteMenu(state: UiState, keymap: Keymap, index: number): OverlayContent {
	const items = entries(state, keymap).map(itemOf);
	return { kind: "menu", title: "What can be done here", items, selected: Math.min(index, items.length - 1) };
}

/** What the selected entry requests; null if none fits. */
export function chosenIntent(state: UiState, keymap: Keymap): Intent | null {
	const { overlay } = state;
	if (overlay?.kind !== "palette") return null;
	const fitting = entries(state, keymap);
	return fitting[Math.min(overlay.index, fitting.length - 1)]?.intent ?? null;
}
