/** The prompts for the filter, a time, a search and the palette: an edited line, checked at each key. */

import { parseWhen, WHEN_HELP } from "../../history/when.ts";
import { parseFilter } from "../../model/filter/index.ts";
import type { AppliedFilter, Mistake, Prompt, UiState } from "./ui-state.ts";

/** The prompt as it opens: those for the filter and the search have the current one. */
export function openPrompt(kind: Prompt["kind"], { filter, search }: Pick<UiState, "filter" | "search">): Prompt {
	const text = { filter: filter?.text, search, time: "", palette: "" }[kind] ?? "";
	return { kind, text, cursor: text.length, mistake: null };
}

/** The mistake in `text`; null if there is none or no text yet. */
function findMistake(kind: Prompt["kind"], text: string): Mistake | null {
	if (text.trim() === "") return null;
	if (kind === "search" || kind === "palette") return null;
	if (kind === "time") return parseWhen(text) ? null : { message: `This is not a time: ${WHEN_HELP}`, column: null };
	const parsed = parseFilter(text);
	return parsed.ok ? null : { message: parsed.message, column: parsed.column };
}

/** The filter in `text`; null for nothing, or for a text with a mistake. */
export function readFilter(text: string): AppliedFilter | null {
	if (text.trim() === "") return null;
	const parsed = parseFilter(text);
	return parsed.ok ? { text, filter: parsed.filter } : null;
}

function edit({ kind }: Prompt, text: string, cursor: number): Prompt {
	return { kind, text, cursor, mistake: findMistake(kind, text) };
}

/** Start of the word before the cursor, for Ctrl-W. */
function wordStart(text: string, cursor: number): number {
	return text.slice(0, cursor).trimEnd().lastIndexOf(" ") + 1;
}

/** The prompt with a pasted text inserted, as one line. */
export function pasteIntoPrompt(prompt: Prompt, pasted: string): Prompt {
	const { text, cursor } = prompt;
	// biome-ignore lint/suspicious/noControlCharactersInRegex: a prompt has no room for line ends and other controls
	const line = pasted.trim().replaceAll(/[\x00-\x1f\x7f-\x9f]+/g, " ");
	return edit(prompt, text.slice(0, cursor) + line + text.slice(cursor), cursor + line.length);
}

/** The prompt after one key; keys without a meaning here leave it unchanged. */
export function editPrompt(prompt: Prompt, key: string): Prompt {
	const { text, cursor } = prompt;
	const before = [...text.slice(0, cursor)];
	const previous = cursor - (before.at(-1)?.length ?? 0);
	const following = cursor + ([...text.slice(cursor)][0]?.length ?? 0);
	switch (key) {
		case "left":
			return { ...prompt, cursor: previous };
		case "right":
			return { ...prompt, cursor: following };
		case "home":
		case "ctrl-a":
			return { ...prompt, cursor: 0 };
		case "end":
		case "ctrl-e":
			return { ...prompt, cursor: text.length };
		case "backspace":
			return edit(prompt, text.slice(0, previous) + text.slice(cursor), previous);
		case "delete":
			return edit(prompt, text.slice(0, cursor) + text.slice(following), cursor);
		case "ctrl-u":
			return edit(prompt, text.slice(cursor), 0);
		case "ctrl-w": {
			const start = wordStart(text, cursor);
			return edit(prompt, text.slice(0, start) + text.slice(cursor), start);
		}
		case "space":
			return edit(prompt, `${text.slice(0, cursor)} ${text.slice(cursor)}`, cursor + 1);
		default:
			if ([...key].length !== 1) return prompt;
			return edit(prompt, text.slice(0, cursor) + key + text.slice(cursor), cursor + key.length);
	}
}
