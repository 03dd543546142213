/**
 * Caches the results of a test on long texts: a path of 4,096 bytes takes as long as 100 typical ones, and any user may
 * open many.
 */

/** Shorter texts are tested faster than they are looked up. */
const LONG = 256;
/** At most this many characters are kept alive by the cache. */
const LIMIT = 16 * 1024 * 1024;

/** The same test with a cache. */
export function rememberLongTexts(test: (text: string) => boolean): (text: string) => boolean {
	const known = new Map<string, boolean>();
	let length = 0;
	return (text) => {
		if (text.length < LONG) return test(text);
		const before = known.get(text);
		if (before !== undefined) return before;
		if (length + text.length > LIMIT) {
			known.clear();
			length = 0;
		}
		const result = test(text);
		known.set(text, result);
		length += text.length;
		return result;
	};
}
