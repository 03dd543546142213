/** Parses a configuration into settings and a sentence about each mistake. Valid settings are used. */

import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { parseDelay, parseHistory, parsePanes } from "../cli/values.ts";
import { Failure } from "../failure.ts";
import { keyNamed } from "../format/key-name.ts";
import { THEME_NAMES } from "../format/theme.ts";
import { PANES } from "../panes/index.ts";
import type { PaneLook } from "../panes/look.ts";
import type { Pane, Sort } from "../panes/pane.ts";
import type { Configuration, Settings } from "./settings.ts";

export interface Parsed {
	readonly settings: Settings;
	/** "line 3: …", in the order of the lines. */
	readonly mistakes: readonly string[];
}

interface Mistake {
	readonly offset: number;
	readonly message: string;
}

/** Parser of one value. */
interface Setting {
	/** What is expected, the end of a sentence. */
	readonly takes: string;
	/** Null if the value is not valid. */
	read(node: Node): Settings | null;
}

type Plain = Exclude<keyof Configuration, "sort" | "columns" | "keys">;

const names = (pane: Pane) => pane.columns(pane.initialView).map(({ key }) => key);

/** Null if the option's parser refuses the value. */
function taken<Value>(parse: () => Value): Value | null {
	try {
		return parse();
	} catch (error) {
		if (error instanceof Failure) return null;
		throw error;
	}
}

function strings(node: Node): string[] | null {
	const items = node.type === "array" ? (node.children ?? []) : null;
	return items?.every(({ type }) => type === "string") ? items.map(({ value }) => value as string) : null;
}

function setting<Value>(takes: string, read: (node: Node) => Value | null, make: (value: Value) => Settings): Setting {
	return {
		takes,
		read(node) {
			const value = read(node);
			return value === null ? null : make(value);
		},
	};
}

const flag = (make: (value: boolean) => Settings): Setting =>
	setting("true or false", ({ type, value }) => (type === "boolean" ? (value as boolean) : null), make);

const PLAIN: Readonly<Record<Plain, Setting>> = {
	$schema: setting(
		"a text",
		({ type }) => (type === "string" ? true : null),
		() => ({}),
	),
	delay: setting(
		"seconds from 0.1 to 60",
		({ type, value }) => (type === "number" ? taken(() => parseDelay(String(value))) : null),
		(delaySeconds) => ({ delaySeconds }),
	),
	panes: setting(
		`a list of some of ${PANES.map(({ name }) => name).join(", ")}`,
		(node) => {
			const list = strings(node) ?? [];
			return list.length === 0 ? null : taken(() => list.flatMap((name) => parsePanes(name)));
		},
		(panes) => ({ panes }),
	),
	theme: setting(
		`one of ${THEME_NAMES.join(", ")}`,
		({ value }) => THEME_NAMES.find((name) => name === value) ?? null,
		(theme) => ({ theme }),
	),
	ascii: flag((ascii) => ({ ascii })),
	mouse: flag((mouse) => ({ noMouse: !mouse })),
	args: flag((args) => ({ noArgs: !args })),
	history: setting(
		'a time up to 24h in quotes, such as "15m", or "0"',
		({ type, value }) => (type === "string" ? taken(() => parseHistory(value as string)) : null),
		(historyMs) => ({ historyMs }),
	),
};

/** The settings of a single pane. */
const BY_PANE: Readonly<Record<"sort" | "columns", (node: Node, pane: Pane) => Partial<PaneLook> | null>> = {
	sort(node, pane) {
		if (node.type !== "string") return null;
		const isReversed = (node.value as string).startsWith("-");
		const sort: Sort = { key: (node.value as string).slice(isReversed ? 1 : 0), isReversed };
		return names(pane).includes(sort.key) ? { sort } : null;
	},
	columns(node, pane) {
		const columns = strings(node) ?? [];
		const isFine = columns.every((key, at) => names(pane).includes(key) && columns.indexOf(key) === at);
		return isFine && columns.length > 0 ? { columns } : null;
	},
};

const TAKES = { sort: "one of these, with - before it to reverse the order:", columns: "a list of some of" } as const;

/** What the parser expected. */
const EXPECTED: Readonly<Record<string, string>> = {
	InvalidSymbol: "a name or text in double quotes",
	PropertyNameExpected: "a name in double quotes",
	ValueExpected: "a value",
	ColonExpected: "a colon",
	CommaExpected: "a comma",
	CloseBraceExpected: "}",
	CloseBracketExpected: "]",
	EndOfFileExpected: "the end of the file",
	UnexpectedEndOfComment: "*/ at the end of the comment",
	UnexpectedEndOfString: 'a closing "',
};

class Reader {
	readonly mistakes: Mistake[] = [];
	readonly looks = new Map<string, PaneLook>();
	readonly keys = new Map<string, string>();
	readonly #text: string;

	constructor(text: string) {
		this.#text = text;
	}

	settings(): Settings {
		const root = this.#tree();
		if (root === undefined) return {};
		if (root.type !== "object") {
			this.#add(root, "{ and } belong around the settings.");
			return {};
		}
		let settings: Settings = {};
		for (const [name, key, node] of this.#properties(root)) {
			if (name === "keys") this.#keys(node);
			else if (Object.hasOwn(BY_PANE, name)) this.#byPane(name as keyof typeof BY_PANE, node);
			else if (Object.hasOwn(PLAIN, name)) settings = { ...settings, ...this.#plain(name as Plain, node) };
			else this.#add(key, `there is no setting ${shortened(JSON.stringify(name))}; ${KNOWN}.`);
		}
		return { ...settings, looks: this.looks, keys: this.keys };
	}

	/** Only the first syntax error: later ones often just follow from it. */
	#tree(): Node | undefined {
		const errors: ParseError[] = [];
		try {
			const root = parseTree(this.#text, errors, { allowTrailingComma: true, allowEmptyContent: true });
			const [first] = errors;
			if (first !== undefined) {
				const expected = EXPECTED[printParseErrorCode(first.error)] ?? "JSON";
				this.mistakes.push({ offset: first.offset, message: `${expected} was expected.` });
			}
			return root;
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			this.mistakes.push({ offset: 0, message: "the brackets are nested too deeply." }); // the parser is recursive
			return undefined;
		}
	}

	#properties(object: Node): (readonly [name: string, key: Node, value: Node])[] {
		const seen = new Set<string>();
		return (object.children ?? []).flatMap(({ children }) => {
			const [key, value] = children ?? [];
			if (key === undefined || value === undefined) return []; // a syntax error was reported
			const name = String(key.value);
			if (seen.has(name)) this.#add(key, `${shortened(JSON.stringify(name))} is given twice.`);
			const isNew = !seen.has(name);
			seen.add(name);
			return isNew ? [[name, key, value] as const] : [];
		});
	}

	#plain(name: Plain, node: Node): Settings {
		const { takes, read } = PLAIN[name];
		const found = read(node);
		if (found === null) this.#refuse(node, name, takes);
		return found ?? {};
	}

	#keys(object: Node): void {
		if (object.type !== "object") this.#refuse(object, "keys", "{ }, in which keys are named");
		else
			for (const [name, key, node] of this.#properties(object)) {
				const pressed = keyNamed(name);
				const meant = node.value === "" ? "" : keyNamed(String(node.value));
				if (pressed === null || pressed === "ctrl-c")
					this.#add(key, `there is no key ${shortened(JSON.stringify(name))} to choose; ${KEYS}.`);
				else if (node.type !== "string" || meant === null)
					this.#refuse(node, `keys.${name}`, `the key whose meaning it gets, or "" for none; ${KEYS}`);
				else this.keys.set(pressed, meant);
			}
	}

	#byPane(name: keyof typeof BY_PANE, object: Node): void {
		if (object.type !== "object") this.#refuse(object, name, "{ }, in which panes are named");
		else for (const [paneName, key, node] of this.#properties(object)) this.#ofPane(name, paneName, key, node);
	}

	#ofPane(name: keyof typeof BY_PANE, paneName: string, key: Node, node: Node): void {
		const pane = PANES.find((known) => known.name === paneName);
		if (pane === undefined) {
			const known = PANES.map((each) => each.name).join(", ");
			this.#add(key, `there is no pane ${shortened(JSON.stringify(paneName))}; there are ${known}.`);
			return;
		}
		const look = BY_PANE[name](node, pane);
		if (look === null) this.#refuse(node, `${name}.${paneName}`, `${TAKES[name]} ${names(pane).join(", ")}`);
		else this.looks.set(paneName, { sort: null, columns: null, ...this.looks.get(paneName), ...look });
	}

	#refuse(node: Node, name: string, takes: string): void {
		const given = this.#text.slice(node.offset, node.offset + node.length).replaceAll(/\s+/g, " ");
		this.#add(node, `"${name}" takes ${takes}, not ${shortened(given)}.`);
	}

	#add({ offset }: Node, message: string): void {
		this.mistakes.push({ offset, message });
	}
}

/** Ctrl-C is not among them: it always quits. */
const KEYS =
	"there are single characters, Ctrl-A to Ctrl-Z without Ctrl-C, F1 to F12, and names such as Space and PgUp";
const KNOWN = `there are ${[...Object.keys(PLAIN).slice(1), "keys", ...Object.keys(BY_PANE)].join(", ")}`;
const MOST_SHOWN = 40;
const MOST_MISTAKES = 20;

function shortened(text: string): string {
	return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;
}

/** Parses JSON with comments and trailing commas. Never throws. */
export function parseConfiguration(text: string): Parsed {
	const reader = new Reader(text);
	const settings = reader.settings();
	const inOrder = reader.mistakes.toSorted((a, b) => a.offset - b.offset);
	const [next, ...others] = inOrder.slice(MOST_MISTAKES);
	const said = inOrder.slice(0, MOST_MISTAKES);
	if (next !== undefined) said.push({ ...next, message: `here is the first of ${others.length + 1} more mistakes.` });
	return {
		settings,
		mistakes: said.map(({ offset, message }) => `line ${text.slice(0, offset).split("\n").length}: ${message}`),
	};
}
