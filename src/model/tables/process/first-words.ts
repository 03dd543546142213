/** The beginning of a command line, if there is no room for all of it. */

/** As many words as fit into `length` characters; the last may be truncated, and … stands for the rest. */
export function firstWords(words: readonly string[], length: number): readonly string[] {
	let room = length;
	const first: string[] = [];
	for (const word of words) {
		if (room <= 0) return [...first, "…"];
		first.push(cut(word, room));
		room -= word.length + 1;
	}
	return first;
}

/** At most `length` characters of `text`, the last one … if it is truncated. */
export function cut(text: string, length: number): string {
	return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
