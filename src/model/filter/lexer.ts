/**
 * Splits a filter's text into tokens. Values are read in a different mode, because a regex may contain any character.
 */

export interface Token {
	readonly kind: "word" | "quoted" | "op" | "open" | "close" | "end";
	readonly text: string;
	/** Where it starts, counted from 1. */
	readonly column: number;
}

/** A mistake in the text; `column` counts from 1. */
export class FilterError extends Error {
	readonly column: number;

	constructor(message: string, column: number) {
		super(message);
		this.column = column;
	}
}

const BLANKS = /\s*/y;
const OPERATOR = /=~|==|!=|!~|<=|>=|<>|&&|\|\||[=~<>]/y;
const WORD = /(?:[^\s()"'=~<>!&|]|!(?![=~])|&(?!&)|\|(?!\|))+/y;

/** Operators of other languages, and what to write instead. */
const HABITS: Readonly<Record<string, string>> = {
	"==": '"="',
	"=~": '"~"',
	"<>": '"!="',
	"&&": '"and"',
	"||": '"or"',
};

export class Lexer {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	/** The next token where a field, a word, an operator or a parenthesis may stand. */
	next(): Token {
		this.#take(BLANKS);
		const column = this.#at + 1;
		const character = this.#text[this.#at];
		if (character === undefined) return { kind: "end", text: "", column };
		if (character === '"' || character === "'") return this.#quoted();
		if (character === "(" || character === ")") {
			this.#at++;
			return { kind: character === "(" ? "open" : "close", text: character, column };
		}
		const operator = this.#take(OPERATOR);
		if (operator !== "") {
			const instead = HABITS[operator];
			if (instead !== undefined) throw new FilterError(`Write ${instead} instead of "${operator}".`, column);
			return { kind: "op", text: operator, column };
		}
		return { kind: "word", text: this.#take(WORD), column };
	}

	/** The value after an operator: quoted, or up to the next blank or the parenthesis that closes the group around it. */
	value(): Token {
		this.#take(BLANKS);
		const column = this.#at + 1;
		const first = this.#text[this.#at];
		if (first === '"' || first === "'") return this.#quoted();
		const start = this.#at;
		for (let depth = 0; this.#at < this.#text.length; this.#at++) {
			const character = this.#text[this.#at] as string;
			if (/\s/.test(character)) break;
			if (character === "\\") this.#at += this.#at + 1 < this.#text.length ? 1 : 0;
			else if (character === "(") depth++;
			else if (character === ")" && --depth < 0) break;
		}
		const text = this.#text.slice(start, this.#at);
		return { kind: text === "" ? "end" : "word", text, column };
	}

	#take(pattern: RegExp): string {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text)?.[0] ?? "";
		this.#at += found.length;
		return found;
	}

	/** Inside quotes only the quote itself can be escaped, so that a regex keeps its backslashes. */
	#quoted(): Token {
		const column = this.#at + 1;
		const quote = this.#text[this.#at] as string;
		let text = "";
		for (let at = this.#at + 1; at < this.#text.length; at++) {
			const character = this.#text[at] as string;
			if (character === quote) {
				this.#at = at + 1;
				return { kind: "quoted", text, column };
			}
			const isEscapedQuote = character === "\\" && this.#text[at + 1] === quote;
			text += isEscapedQuote ? quote : character;
			if (isEscapedQuote) at++;
		}
		throw new FilterError(`The quote ${quote} is not closed.`, column);
	}
}
