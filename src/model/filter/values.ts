/** Turns the value of a comparison into a test for one value of a row; reports mistakes in it. */

import type { Field, Value } from "./fields.ts";
import { FilterError, type Token } from "./lexer.ts";
import { rememberLongTexts } from "./long-texts.ts";
import { compileRegex } from "./regex.ts";

export type Test = (value: Value) => boolean;
type Operator = "=" | "!=" | "~" | "!~" | "<" | "<=" | ">" | ">=";

const KIB = 1024;
const SIZES: Readonly<Record<string, number>> = { "": 1, K: KIB, M: KIB ** 2, G: KIB ** 3, T: KIB ** 4, P: KIB ** 5 };
const TIMES: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
const NUMBER = /^(\d+(?:\.\d+)?)(.*)$/s;

const COMPARE: Readonly<Record<string, (left: number, right: number) => boolean>> = {
	"=": (left, right) => left === right,
	"<": (left, right) => left < right,
	"<=": (left, right) => left <= right,
	">": (left, right) => left > right,
	">=": (left, right) => left >= right,
};

/** The test of `field op value`; for `!=` and `!~` the opposite test, which the matcher negates. */
export function createTest(name: string, field: Field, operator: Token, value: Token): Test {
	const op = operator.text as Operator;
	if (op === "~" || op === "!~") return regexTest(value);
	if (field.type === "text") {
		if (op !== "=" && op !== "!=") {
			throw new FilterError(`"${name}" is text: use = != ~ or !~ with it.`, operator.column);
		}
		return textTest((text) => text === value.text);
	}
	const wanted = parseNumber(name, field, value);
	const holds = COMPARE[op === "!=" ? "=" : op] as (left: number, right: number) => boolean;
	return (found) => typeof found === "number" && holds(found, wanted);
}

/** The test of a bare word: it is part of the text. Case matters only if the word has capitals. */
export function createWordTest(word: string): Test {
	const mindsCase = word !== word.toLowerCase();
	return textTest((text) => (mindsCase ? text : text.toLowerCase()).includes(word));
}

function regexTest(value: Token): Test {
	try {
		return textTest(compileRegex(value.text));
	} catch (error) {
		throw new FilterError(`The regex is broken: ${(error as Error).message}.`, value.column);
	}
}

const ESCAPES = /\\x([0-9a-f]{2})|\\u\{([0-9a-f]+)\}/g;

/** Rows hold text that was made safe to show: the text as shown and the original both match. */
function textTest(holds: (text: string) => boolean): Test {
	const test = rememberLongTexts((shown) => holds(shown) || (shown.includes("\\") && holds(rawText(shown))));
	return (value) => value !== null && test(String(value));
}

function rawText(shown: string): string {
	return shown.replace(ESCAPES, (whole, byte, point) => {
		const code = Number.parseInt(byte ?? point, 16);
		return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
	});
}

function parseNumber(name: string, field: Field, value: Token): number {
	const [, digits, suffix] = NUMBER.exec(value.text) ?? [];
	if (digits === undefined || suffix === undefined) {
		throw new FilterError(`"${name}" needs a number, not "${value.text}".`, value.column);
	}
	const factor = unitOf(field, suffix);
	if (factor === undefined) {
		const wanted = { number: "no unit", size: "K, M, G, T or no unit", time: "ns, us, ms, s, m or h", text: "" }[
			field.type
		];
		const problem = suffix === "" ? "a unit is missing" : `"${suffix}" is not a unit of "${name}"`;
		throw new FilterError(`In "${value.text}" ${problem}: it takes ${wanted}.`, value.column + digits.length);
	}
	return Number(digits) * factor;
}

function unitOf(field: Field, suffix: string): number | undefined {
	if (field.type === "number") return suffix === "" ? 1 : undefined;
	if (field.type === "time") return TIMES[suffix];
	return SIZES[suffix.replace(/i?B$/, "").toUpperCase()];
}
