/**
 * Parses the filter language: `field op value`, `and`, `or`, `not`, parentheses; `and` binds tighter than `or`.
 * A bare number means `pid = number`; a bare word is searched for in comm and args. By hand: the rules are few, and a mistake
 * is to be told in the words of the user, with its column.
 */

import { FIELD_NAMES, FIELDS, type FieldName, isFieldName } from "./fields.ts";
import { FilterError, Lexer, type Token } from "./lexer.ts";
import { createListTest, type ListTest } from "./list-test.ts";
import { createTest, createWordTest, type Test } from "./values.ts";

export type Expression =
	| { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
	| { readonly kind: "not"; readonly operand: Expression }
	/** True if any value of `field` in the row passes the test. */
	| { readonly kind: "any"; readonly field: FieldName; readonly test: ListTest };

export interface Filter {
	readonly text: string;
	readonly expression: Expression;
}

export type ParseResult =
	| { readonly ok: true; readonly filter: Filter }
	/** `column` counts from 1. */
	| { readonly ok: false; readonly message: string; readonly column: number };

/** Nobody types more. A longer filter would be slow to evaluate, and a chain of `and`s nests too. */
const MAX_LENGTH = 4096;
/** Deeper nesting is a mistake, and could overflow the stack. */
const MAX_DEPTH = 200;
const KEYWORDS = new Set(["and", "or", "not"]);

/** Parses `text`; throws its first mistake. Empty text is a mistake too: check for it before. */
export function parseFilter(text: string): ParseResult {
	try {
		if (text.length > MAX_LENGTH) throw new FilterError("The filter is too long.", MAX_LENGTH + 1);
		return { ok: true, filter: { text, expression: new Parser(text).parse() } };
	} catch (error) {
		if (error instanceof FilterError) return { ok: false, message: error.message, column: error.column };
		throw error;
	}
}

class Parser {
	readonly #text: string;
	readonly #lexer: Lexer;
	#token: Token;
	#depth = 0;

	constructor(text: string) {
		this.#text = text;
		this.#lexer = new Lexer(text);
		this.#token = this.#lexer.next();
	}

	parse(): Expression {
		if (/^\s*$/.test(this.#text)) throw new FilterError("The filter is empty.", 1);
		const expression = this.#or();
		const { kind, text, column }: Token = this.#token;
		if (kind === "end") return expression;
		if (kind === "close") throw new FilterError('There is no "(" for this ")".', column);
		if (kind === "op") throw new FilterError(`There is no field before "${text}".`, column);
		throw new FilterError(`"and" or "or" is missing before "${text}"; put quotes around a value with blanks.`, column);
	}

	#or(): Expression {
		let left = this.#and();
		while (this.#takeKeyword("or")) left = { kind: "or", left, right: this.#and() };
		return left;
	}

	#and(): Expression {
		let left = this.#not();
		while (this.#takeKeyword("and")) left = { kind: "and", left, right: this.#not() };
		return left;
	}

	#not(): Expression {
		const { column } = this.#token;
		if (++this.#depth > MAX_DEPTH) throw new FilterError("The filter is nested too deeply.", column);
		const isNegated = this.#takeKeyword("not");
		const expression: Expression = isNegated ? { kind: "not", operand: this.#not() } : this.#term();
		this.#depth--;
		return expression;
	}

	#term(): Expression {
		const token = this.#token;
		if (token.kind === "open") return this.#group(token);
		if (token.kind === "end") throw new FilterError("Something to match is missing at the end.", token.column);
		if (token.kind === "op" || token.kind === "close" || isKeyword(token)) {
			throw new FilterError(`Something to match is missing before "${token.text}".`, token.column);
		}
		this.#advance();
		if (token.kind === "quoted" || this.#token.kind !== "op") return bare(token);
		return this.#comparison(token);
	}

	#group(open: Token): Expression {
		this.#advance();
		const inner = this.#or();
		if (this.#token.kind === "end") throw new FilterError('This "(" is not closed.', open.column);
		if (this.#token.kind !== "close") {
			throw new FilterError(`"and", "or" or ")" is missing before "${this.#token.text}".`, this.#token.column);
		}
		this.#advance();
		return inner;
	}

	/** The current token is the operator. */
	#comparison(name: Token): Expression {
		const operator = this.#token;
		const field = name.text.toLowerCase();
		if (!isFieldName(field)) {
			throw new FilterError(`There is no field "${name.text}"; there are ${FIELD_NAMES.join(" ")}.`, name.column);
		}
		const value = this.#lexer.value();
		if (value.kind === "end") throw new FilterError(`A value is missing after "${operator.text}".`, value.column);
		const test = createTest(field, FIELDS[field], operator, value);
		this.#advance();
		const expression = anyOf(field, test);
		return operator.text.startsWith("!") ? { kind: "not", operand: expression } : expression;
	}

	#takeKeyword(word: string): boolean {
		if (!isKeyword(this.#token) || this.#token.text.toLowerCase() !== word) return false;
		this.#advance();
		return true;
	}

	#advance(): void {
		this.#token = this.#lexer.next();
	}
}

function isKeyword(token: Token): boolean {
	return token.kind === "word" && KEYWORDS.has(token.text.toLowerCase());
}

function bare(token: Token): Expression {
	if (token.text === "") throw new FilterError("Empty quotes match nothing.", token.column);
	if (token.kind === "word" && /^\d+$/.test(token.text)) {
		const equals: Token = { kind: "op", text: "=", column: token.column };
		return anyOf("pid", createTest("pid", FIELDS.pid, equals, token));
	}
	const test = createWordTest(token.text);
	return { kind: "or", left: anyOf("comm", test), right: anyOf("args", test) };
}

function anyOf(field: FieldName, test: Test): Expression {
	return { kind: "any", field, test: createListTest(FIELDS[field], test) };
}
