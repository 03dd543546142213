/**
 * The meaning of colours. Sixteen colours, so that the user's own palette applies (but see TRUE_PALETTES); only attributes (bold, dim,
 * inverse) without colour.
 */

import { safeText } from "../model/safe-text.ts";
import { type Align, asciiText, type Cut, fitText, textWidth } from "./text-width.ts";

export type Style =
	| "title" // the bar of the focused pane
	| "titleIdle" // the bar of any other pane
	| "head" // column heads
	| "headSorted"
	| "selected"
	| "selectedIdle" // the selection of a pane without focus
	| "dim" // dead, or context only
	| "strong"
	| "good"
	| "warn"
	| "bad"
	| "accent" // names: who, what
	| "key"; // a key in the footer

type Palette = Readonly<Record<Style, string>>;

const DARK: Palette = {
	title: "1;30;46",
	titleIdle: "36;100",
	head: "1;37",
	headSorted: "1;36",
	selected: "30;46",
	selectedIdle: "1;36",
	dim: "90",
	strong: "1",
	good: "32",
	warn: "33",
	bad: "1;31",
	accent: "36",
	key: "30;46",
};

/** No yellow, cyan or bright colours: those are hard to read on white. */
const LIGHT: Palette = {
	title: "1;37;44",
	titleIdle: "34;47",
	head: "1",
	headSorted: "1;34",
	selected: "37;44",
	selectedIdle: "1;34",
	dim: "90",
	strong: "1",
	good: "32",
	warn: "35",
	bad: "1;31",
	accent: "34",
	key: "37;44",
};

/**
 * Good is blue. Warnings are orange, which is how terminals show dark yellow; bad also has a background.
 */
const COLORBLIND: Palette = { ...DARK, good: "94", warn: "33", bad: "1;30;43" };

/**
 * With 24 bits per colour: sky blue, orange and vermilion of Okabe and Ito's palette, which differ for every kind of colour
 * blindness, whatever the terminal's own palette is.
 */
const TRUE_COLORBLIND: Palette = {
	...COLORBLIND,
	good: "38;2;86;180;233",
	warn: "38;2;230;159;0",
	bad: "1;38;2;0;0;0;48;2;213;94;0",
};

const PLAIN: Palette = {
	title: "1;7",
	titleIdle: "7",
	head: "1",
	headSorted: "1;4",
	selected: "7",
	selectedIdle: "1",
	dim: "2",
	strong: "1",
	good: "",
	warn: "1",
	bad: "1;7",
	accent: "",
	key: "7",
};

export type ThemeName = "default" | "light" | "colorblind" | "mono";

const PALETTES: Readonly<Record<ThemeName, Palette>> = {
	default: DARK,
	light: LIGHT,
	colorblind: COLORBLIND,
	mono: PLAIN,
};

/** Instead of these, if the terminal has 24 bits per colour. The others use the terminal's own palette. */
const TRUE_PALETTES: Partial<typeof PALETTES> = { colorblind: TRUE_COLORBLIND };

export const THEME_NAMES = Object.keys(PALETTES) as readonly ThemeName[];

/** The code that ends a code, which may be a colour with its parts. */
function closingCode(codes: string): number {
	const code = Number.parseInt(codes, 10);
	if (code === 38 || code === 48) return code + 1;
	if (code === 1 || code === 2) return 22;
	if (code === 4 || code === 7) return code + 20;
	const isBackground = (code >= 40 && code <= 47) || code >= 100;
	return isBackground ? 49 : 39;
}

/**
 * The codes one by one, ended in reverse: exactly as Ink writes them. Ink then parses the string once per frame instead
 * of twice, which halves the cost of a row.
 */
function codePair(codes: string): { readonly open: string; readonly close: string } {
	const each = codes.match(/[34]8;2;\d+;\d+;\d+|\d+/g) ?? [];
	const sequence = (code: string | number) => `\x1b[${code}m`;
	return { open: each.map(sequence).join(""), close: each.map(closingCode).reverse().map(sequence).join("") };
}

export interface Theme {
	readonly isColored: boolean;
	readonly isAscii: boolean;
	/** `text` in `style`; `text` itself for a style without codes. */
	paint(style: Style | null | undefined, text: string): string;
	/** An outside string, from the snapshot or typed, as this terminal may show it. */
	show(text: string): string;
	/** The same, in exactly `width` cells. */
	fit(text: string, width: number, align?: Align, cut?: Cut): string;
	/** The width of that in cells. */
	widthOf(text: string): number;
}

export interface ThemeOptions {
	/** False: no colour codes at all, whatever the palette. */
	readonly color: boolean;
	readonly ascii: boolean;
	readonly name?: ThemeName;
	/** The terminal has 24 bits per colour. */
	readonly isTrueColor?: boolean;
}

/** The theme for these options. */
export function createTheme({ color, ascii, name = "default", isTrueColor = false }: ThemeOptions): Theme {
	const palette = (isTrueColor ? TRUE_PALETTES[name] : null) ?? PALETTES[name];
	const styles = color ? palette : PLAIN;
	const pairs = Object.fromEntries(Object.entries(styles).map(([style, codes]) => [style, codePair(codes)]));
	const show = ascii ? asciiText : safeText;
	return {
		isColored: styles !== PLAIN,
		isAscii: ascii,
		paint(style, text) {
			const pair = style ? pairs[style] : undefined;
			return pair === undefined || text === "" ? text : pair.open + text + pair.close;
		},
		show,
		fit: (text, width, align, cut) => fitText(show(text), width, align, cut),
		widthOf: (text) => textWidth(show(text)),
	};
}
