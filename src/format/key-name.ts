/** Names of keys: as the terminal's decoder gives them ("ctrl-f"), and as people write them ("Ctrl-F"). */

const NAMES: Readonly<Record<string, string>> = {
	up: "Up",
	down: "Down",
	left: "Left",
	right: "Right",
	pageup: "PgUp",
	pagedown: "PgDn",
	home: "Home",
	end: "End",
	enter: "Enter",
	esc: "Esc",
	tab: "Tab",
	space: "Space",
	backspace: "Backspace",
	delete: "Delete",
	"shift-tab": "Shift-Tab",
};

/** The usual spelling of a key. */
export function keyName(key: string): string {
	if (key.startsWith("ctrl-")) return `Ctrl-${key.slice(5).toUpperCase()}`;
	return NAMES[key] ?? (/^f\d+$/.test(key) ? key.toUpperCase() : key);
}

/** The key with this spelling, in small or capital letters; null if there is none. */
export function keyNamed(text: string): string | null {
	if (text === " ") return "space";
	if (/^[!-~]$/.test(text)) return text;
	const small = text.toLowerCase();
	if (/^(ctrl-[a-z]|f([1-9]|1[0-2]))$/.test(small)) return small;
	return Object.keys(NAMES).find((key) => small === key || small === NAMES[key]?.toLowerCase()) ?? null;
}
