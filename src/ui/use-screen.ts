/** The only connection from the screen's state, and so from the model, to React. */

import { useSyncExternalStore } from "react";
import type { Screen } from "./state/screen.ts";
import type { UiState } from "./state/ui-state.ts";

/** Returns the state to draw; redraws whenever it changes. */
export function useScreen(screen: Screen): UiState {
	return useSyncExternalStore(screen.subscribe, screen.get);
}
