/**
 * Fits text into terminal cells. ASCII and charts are as wide as they are long; anything else is measured once and
 * remembered, since measuring costs about 16 µs. A table cell never contains a control character, whatever the input.
 */

import stringWidth from "string-width";
import { safeText } from "../model/safe-text.ts";

const PLAIN_ASCII = /^[\x20-\x7e]*$/;
/** Besides ASCII the lines and blocks of which frames and charts consist. */
const ONE_CELL_EACH = /^[\x20-\x7e\u2500-\u259f]*$/;
const CACHE_LIMIT = 20_000;
/** Any user can start a program with any text: 128 KiB of combining marks must not be measured, drawn or kept. */
const UNITS_PER_CELL = 8;

/** Marks truncated text. ASCII, because one non-ASCII character in a row doubles the cost of drawing it. */
const CUT_MARK = "+";

export type Align = "left" | "right";
/** The end at which a long text is truncated. */
export type Cut = "start" | "end";

const widths = new Map<string, number>();
const fitted = new Map<string, string>();
const segmenter = new Intl.Segmenter();

function remember<Value>(cache: Map<string, Value>, key: string, value: Value, limit = CACHE_LIMIT): Value {
	if (cache.size >= limit) cache.clear();
	cache.set(key, value);
	return value;
}

/** Whether every character takes one cell and none can control the terminal. */
function isPlainAscii(text: string): boolean {
	return PLAIN_ASCII.test(text);
}

/** The width of `text` in terminal cells. */
export function textWidth(text: string): number {
	return lengthInCells(text) ?? widths.get(text) ?? remember(widths, text, stringWidth(text));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the codes that paint a text
const PAINT = /\x1b\[[\d;]*m/g;

/** A painted text without its colour codes. */
export function unpainted(text: string): string {
	return text.includes("\x1b") ? text.replaceAll(PAINT, "") : text;
}

/** Terminal cells of a text in which each character takes one; null if that is not known. */
export function lengthInCells(text: string): number | null {
	return ONE_CELL_EACH.test(text) ? text.length : null;
}

/** `text` truncated or padded to exactly `width` cells. */
export function fitText(text: string, width: number, align: Align = "left", cut: Cut = "end"): string {
	if (width <= 0) return "";
	if (PLAIN_ASCII.test(text)) return fitAscii(text, width, align, cut);
	const part = partFor(text, width, cut);
	const isPart = part.length < text.length;
	const key = `${width} ${align} ${cut} ${isPart} ${part}`;
	return fitted.get(key) ?? remember(fitted, key, fitWide(safeText(part), width, align, cut, isPart));
}

/** As much of the kept end as fits into `width` cells. */
function partFor(text: string, width: number, cut: Cut): string {
	const units = (width + 1) * UNITS_PER_CELL;
	if (text.length <= units) return text;
	if (cut === "end") return text.slice(0, units - Number(isHighSurrogate(text, units - 1)));
	const from = text.length - units;
	return text.slice(from + Number(isHighSurrogate(text, from - 1)));
}

function isHighSurrogate(text: string, at: number): boolean {
	return (text.charCodeAt(at) & 0xfc00) === 0xd800;
}

function fitAscii(text: string, width: number, align: Align, cut: Cut): string {
	if (text.length > width) {
		return cut === "end" ? text.slice(0, width - 1) + CUT_MARK : CUT_MARK + text.slice(text.length - width + 1);
	}
	return align === "left" ? text.padEnd(width) : text.padStart(width);
}

function fitWide(text: string, width: number, align: Align, cut: Cut, isPart: boolean): string {
	const shown = isPart || stringWidth(text) > width ? cutWide(text, width, cut) : text;
	const padding = " ".repeat(Math.max(0, width - textWidth(shown)));
	return align === "left" ? shown + padding : padding + shown;
}

function cutWide(text: string, width: number, cut: Cut): string {
	const graphemes = Array.from(segmenter.segment(text), (part) => part.segment);
	if (cut === "start") graphemes.reverse();
	const kept: string[] = [];
	let used = CUT_MARK.length;
	for (const grapheme of graphemes) {
		const cells = textWidth(grapheme);
		if (used + cells > width) break;
		kept.push(grapheme);
		used += cells;
	}
	return cut === "end" ? kept.join("") + CUT_MARK : CUT_MARK + kept.reverse().join("");
}

/** `text` with everything outside printable ASCII as a visible escape, for `--ascii`. */
export function asciiText(text: string): string {
	if (PLAIN_ASCII.test(text)) return text;
	let result = "";
	for (const character of text) {
		const code = character.codePointAt(0) ?? 0;
		if (code >= 0x20 && code <= 0x7e) result += character;
		else result += code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
	}
	return result;
}

/** The lines of longer texts are cached: wrapping 128 KiB takes longer than a key may wait. */
const LONG_UNITS = 4096;
const LONG_TEXTS = 8;
const wrapped = new Map<string, readonly string[]>();

/**
 * The whole text in lines of at most `width` cells; breaks at a blank if the line has one in its second half. By hand:
 * wrap-ansi follows colour codes too, which no such text has.
 */
export function wrapText(text: string, width: number): readonly string[] {
	if (text.length <= LONG_UNITS) return linesOf(text, width);
	const key = `${width} ${text}`;
	return wrapped.get(key) ?? remember(wrapped, key, linesOf(text, width), LONG_TEXTS);
}

function linesOf(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = "";
	let cells = 0;
	for (const { segment } of segmenter.segment(isPlainAscii(text) ? text : safeText(text))) {
		const size = textWidth(segment);
		if (cells + size > width && line !== "") {
			const blank = line.lastIndexOf(" ");
			const isWorthIt = blank >= line.length / 2 && segment !== " ";
			lines.push(isWorthIt ? line.slice(0, blank) : line);
			line = isWorthIt ? line.slice(blank + 1) : "";
			cells = textWidth(line);
			if (segment === " " && line === "") continue;
		}
		line += segment;
		cells += size;
	}
	if (line !== "" || lines.length === 0) lines.push(line);
	return lines;
}
