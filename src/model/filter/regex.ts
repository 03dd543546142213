/**
 * Regular expressions whose time grows with the text and not beyond: JavaScript's own try all ways through a text, which
 * takes for ever with `(a+)+$` and an argument that somebody made for it. RE2's syntax, without what needs trying:
 * references back and looks around.
 */

import { RE2JS } from "re2js";

/** Steps of the compiled pattern: each may be looked at for each character. `\d{5}/file` has 12. */
const PROGRAM_LIMIT = 1000;

/** A test whether any part of a text matches. Throws an Error that says in a few words what is wrong with the pattern. */
export function compileRegex(pattern: string): (text: string) => boolean {
	const regex = compile(pattern);
	if (regex.programSize() > PROGRAM_LIMIT) throw new Error("it repeats too much");
	return (text) => regex.test(text);
}

function compile(pattern: string): RE2JS {
	try {
		return RE2JS.compile(pattern);
	} catch (error) {
		throw new Error((error as Error).message.replace(/^error parsing regexp: /, ""));
	}
}
