/** Drops the rights of a run that measures nothing itself. */

import { loadAddon } from "../model/feed/addon.ts";

/** A recording can be played without the addon; then nothing is dropped. Returns what failed, in sentences; "" on success. */
export function lockDownWithoutSession(): string {
	try {
		return loadAddon().lockDown();
	} catch {
		return "";
	}
}
