/** `ebtop receipt show [--min CLASS] FILE` and `ebtop receipt diff A B`. */

import { usage } from "../cli/values.ts";
import { diffReceipts } from "../follow/diff.ts";
import { readReceipt } from "../follow/read-receipt.ts";
import { isClass } from "../follow/rules.ts";
import { showReceipt } from "../follow/show.ts";
import { printText } from "../output/print-text.ts";

/** Returns the exit status: for `diff` 0 if they are the same, 1 if not. Rejects with a Failure of status 2. */
export async function receipt(words: readonly string[]): Promise<number> {
	const [action, one, other, ...rest] = words;
	if (action === "show" && one === "--min") {
		const [file] = rest;
		if (other === undefined || !isClass(other) || file === undefined || rest.length > 1)
			throw usage("ebtop receipt show --min takes certain, likely or guess, and then the file.");
		await printText(showReceipt(readReceipt(file), other));
		return 0;
	}
	if (action === "show" && one !== undefined && other === undefined) {
		await printText(showReceipt(readReceipt(one)));
		return 0;
	}
	if (action === "diff" && one !== undefined && other !== undefined && rest.length === 0) {
		const lines = diffReceipts(readReceipt(one), readReceipt(other));
		await printText(lines.map((line) => `${line}\n`).join(""));
		return lines.length === 0 ? 0 : 1;
	}
	throw usage("ebtop receipt takes show and one file, or diff and two.");
}
