/** The machines of `--host`: how they are named, and how ssh is told where they are. */

export interface Host {
	/** What rows say. */
	readonly name: string;
	/** What ssh gets. */
	readonly destination: string;
}

/** More than that are for an engine that scrapes each (README, Hundreds of machines). */
export const MOST_HOSTS = 64;
const LONGEST_NAME = 255;

/** Null if `text` names no machine; a name that begins with a dash would be an option of ssh. */
export function hostNamed(text: string): Host | null {
	const [, name] = /^(?:ssh:\/\/)?(?:[\w.+-]+@)?((?:[\w[%.:])[\w.%:[\]-]*)$/.exec(text) ?? [];
	if (name === undefined || text.startsWith("-") || text.length > LONGEST_NAME) return null;
	return { name, destination: text };
}
