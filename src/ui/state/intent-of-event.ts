/** Turns a key, a mouse event or pasted text into an intent. */

import type { InputEvent } from "../input/decode-input.ts";
import type { Derive } from "./derive.ts";
import { intentOfMouse } from "./hit-test.ts";
import type { Intent } from "./keymap.ts";
import { intentOfKey } from "./keymap.ts";
import type { UiState } from "./ui-state.ts";

/** Null if it means nothing now. */
export function intentOfEvent(event: InputEvent, state: UiState, derive: Derive): Intent | null {
	switch (event.type) {
		case "key":
			return intentOfKey(event.key, state, derive.keymap(state));
		case "mouse":
			return intentOfMouse(event, state, derive);
		case "paste":
			return event;
		default:
			return event satisfies never;
	}
}
