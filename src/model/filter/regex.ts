/**
 * Regular expressions in linear time: JavaScript's own backtrack, and `(a+)+$` never finishes on a crafted text. RE2's
 * syntax, without what needs backtracking: backreferences and lookaround.
 */

import { RE2JS } from "re2js";

/** Instructions of the compiled pattern: each may run for each character. `\d{5}/file` has 12. */
const PROGRAM_LIMIT = 1000;

/**
 * Returns a function that tests whether any part of a text matches. Throws an Error that says what is wrong with the
 * pattern.
 */
export function compileRegex(pattern: string): (text: string) => boolean {
	const regex = compile(pattern);
	return (text) => regex.test(text);
}

/** The matches in a text, in order, each as the numbers of its first character and of the one behind it. */
export type MatchFinder = (text: string) => Iterable<readonly [number, number]>;

/** Throws like `compileRegex`. */
export function compileFinder(pattern: string): MatchFinder {
	const regex = compile(pattern);
	return function* (text) {
		if (!regex.test(text)) return;
		const matcher = regex.matcher(text);
		while (matcher.find()) if (matcher.end() > matcher.start()) yield [matcher.start(), matcher.end()];
	};
}

function compile(pattern: string): RE2JS {
	let regex: RE2JS;
	try {
		regex = RE2JS.compile(pattern);
	} catch (error) {
		throw new Error((error as Error).message.replace(/^error parsing regexp: /, ""));
	}
	if (regex.programSize() > PROGRAM_LIMIT) throw new Error("it repeats too much");
	return regex;
}
