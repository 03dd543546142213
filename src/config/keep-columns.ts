/** Keeps the columns that were chosen on the screen. The rest of the file stays as it is, with its comments. */

import { applyEdits, modify, type ParseError, parseTree } from "jsonc-parser";
import type { CallersFiles } from "../save/callers-files.ts";
import type { ReadFile } from "./read-file.ts";

/** The text of each file after it was last written: another ebtop, or the user, may change it too. */
const written = new Map<string, string>();

const TABS = { formattingOptions: { insertSpaces: false, tabSize: 1, eol: "\n" } };

/** `text` with these columns of a pane; null if it is not JSON with an object around its settings. */
export function withColumns(text: string, pane: string, columns: readonly string[]): string | null {
	const errors: ParseError[] = [];
	const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
	if (errors.length > 0 || (root !== undefined && root.type !== "object")) return null;
	const before = root === undefined ? "{}\n" : text;
	return applyEdits(before, modify(before, ["columns", pane], columns, TABS));
}

/** Resolves with a sentence about the result. */
export async function keepColumns(
	file: ReadFile | null,
	pane: string,
	columns: readonly string[],
	files: Pick<CallersFiles, "replace">,
): Promise<string> {
	const onlyNow = "The columns are used until ebtop ends";
	if (file === null) return `${onlyNow}: no configuration is in use that they could be kept in.`;
	const before = written.get(file.path) ?? file.text;
	const text = withColumns(before ?? "", pane, columns);
	const why = text === null ? "it has a mistake" : await files.replace(file.path, before, text);
	if (text === null || why !== null) return `${onlyNow}: ${file.path} was not written, ${why}.`;
	written.set(file.path, text);
	return `The columns are kept in ${file.path}.`;
}
