/**
 * `--redact`: removes matches from every text of a snapshot, before anything shows, prints, keeps or records it.
 */

import { createHmac, randomBytes } from "node:crypto";
import { HEALTH, listShape, referred, type Shape, SNAPSHOT } from "../history/shapes.ts";
import { ALL_LISTS, cut, join, type Row } from "../history/state.ts";
import type { FeedInfo } from "../model/feed/feed.ts";
import type { MatchFinder } from "../model/filter/index.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Steps } from "../model/steps.ts";

/** Returns the same value if nothing in it matches. */
type Redact = (value: unknown) => unknown;

interface SnapshotReader {
	applyInSteps(batch: Uint8Array): Steps<Snapshot | null>;
}

/** Rows of one step. */
const PIECE_ROWS = 100;
/** At most this many characters are kept alive by the cache of texts. */
const MOST_REMEMBERED = 4 << 20;
const TAG_LENGTH = 6;

export class Redactor {
	readonly #finders: readonly MatchFinder[];
	/** Without it nobody can try whether a tag stands for a certain text. */
	readonly #key = randomBytes(32);
	readonly #texts = new Map<string, string>();
	#remembered = 0;
	/** Rows, and lists of words, that have been seen. */
	readonly #known = new WeakMap<object, object>();
	readonly #shapes = new Map<Shape, Redact>();
	readonly #rows: ReadonlyMap<string, Redact>;

	constructor(finders: readonly MatchFinder[]) {
		this.#finders = finders;
		const rows = ALL_LISTS.map((list) => [list, this.#redactTo(listShape(list))] as const);
		this.#rows = new Map([...rows, ["head", this.#redactTo(HEAD)]]);
	}

	/** The snapshots of `reader`, redacted. A row that is the same object as before still is. */
	reader(reader: SnapshotReader): SnapshotReader {
		const redact = (snapshot: Snapshot) => this.#redact(snapshot);
		return {
			*applyInSteps(batch) {
				const snapshot = yield* reader.applyInSteps(batch);
				return snapshot && (yield* redact(snapshot));
			},
		};
	}

	info(info: FeedInfo): FeedInfo {
		return { ...info, host: this.#text(info.host), kernel: this.#text(info.kernel) };
	}

	*#redact(snapshot: Snapshot): Steps<Snapshot> {
		const state: [string, Row[]][] = [];
		for (const [list, rows] of Object.entries(cut(snapshot))) {
			const redact = this.#rows.get(list);
			const redacted: Row[] = [];
			for (const [at, row] of rows.entries()) {
				redacted.push(redact === undefined ? row : (redact(row) as Row));
				if (at % PIECE_ROWS === 0) yield;
			}
			state.push([list, redacted]);
		}
		return join(Object.fromEntries(state));
	}

	/** Made once for each shape. */
	#redactTo(shape: Shape): Redact {
		const known = this.#shapes.get(shape);
		if (known !== undefined) return known;
		const made = this.#create(shape);
		this.#shapes.set(shape, made);
		return made;
	}

	#create({ $ref, anyOf, properties, items }: Shape): Redact {
		if ($ref !== undefined) {
			if ($ref.endsWith("/Text")) return (value) => (typeof value === "string" ? this.#text(value) : value);
			return this.#redactTo(referred($ref));
		}
		if (anyOf !== undefined) return this.#createChoice(anyOf);
		if (items !== undefined) return this.#createList(items);
		return properties === undefined ? (value) => value : this.#createObject(properties);
	}

	/** An object is of the form whose constant fields it has. */
	#createChoice(choices: readonly Shape[]): Redact {
		const forms = choices.map((choice) => ({ constants: constantsOf(choice), redact: this.#redactTo(choice) }));
		return (value) => {
			if (typeof value !== "object" || value === null) return forms.reduce((done, { redact }) => redact(done), value);
			const isForm = (constants: readonly [string, unknown][]) =>
				constants.every(([name, constant]) => (value as Row)[name] === constant);
			return forms.find(({ constants }) => isForm(constants))?.redact(value) ?? value;
		};
	}

	/** Words are matched as one line with blanks between them, as they were typed. */
	#createList(items: Shape): Redact {
		const isText = items.$ref?.endsWith("/Text") ?? false;
		const redact = this.#redactTo(items);
		return this.#remembering((list) => {
			const values = list as readonly unknown[];
			return isText ? this.#words(values as readonly string[]) : changed(values, values.map(redact));
		});
	}

	#createObject(properties: Readonly<Record<string, Shape>>): Redact {
		const fields = Object.entries(properties).map(([name, shape]) => [name, this.#redactTo(shape)] as const);
		return this.#remembering((object) => {
			let result = object as Record<string, unknown>;
			for (const [name, redact] of fields) {
				const value = result[name];
				const redacted = value === undefined ? value : redact(value);
				if (redacted === value) continue;
				if (result === object) result = { ...result };
				result[name] = redacted;
			}
			return result;
		});
	}

	#remembering(redact: (value: object) => object): Redact {
		return (value) => {
			if (typeof value !== "object" || value === null) return value;
			const known = this.#known.get(value) ?? redact(value);
			this.#known.set(value, known);
			return known;
		};
	}

	#text(text: string): string {
		const known = this.#texts.get(text);
		if (known !== undefined) return known;
		const [redacted = ""] = this.#words([text]);
		if (this.#remembered + text.length > MOST_REMEMBERED) {
			this.#texts.clear();
			this.#remembered = 0;
		}
		this.#texts.set(text, redacted);
		this.#remembered += text.length;
		return redacted;
	}

	#words(words: readonly string[]): readonly string[] {
		return this.#finders.reduce((left, find) => {
			const line = left.join(" ");
			const matches = [...find(line)];
			if (matches.length === 0) return left;
			let begin = 0;
			return left.map((word) => {
				const redacted = this.#replace(word, begin, matches, line);
				begin += word.length + 1;
				return redacted;
			});
		}, words);
	}

	/** Replaces what `matches` cover of a word that begins at `begin` of the line. */
	#replace(word: string, begin: number, matches: readonly (readonly [number, number])[], line: string): string {
		let result = "";
		let at = 0;
		for (const [from, to] of matches) {
			const [first, last] = [Math.max(at, from - begin), Math.min(word.length, to - begin)];
			if (first >= last) continue;
			result += word.slice(at, first) + this.#tag(line.slice(from, to));
			at = last;
		}
		return result + word.slice(at);
	}

	/** The same for the same text, so that things with different names stay apart. */
	#tag(text: string): string {
		return `[redacted-${createHmac("sha256", this.#key).update(text).digest("hex").slice(0, TAG_LENGTH)}]`;
	}
}

const HEAD: Shape = { properties: { ...SNAPSHOT.properties, health: HEALTH } };

function constantsOf({ $ref, properties = {} }: Shape): readonly [string, unknown][] {
	if ($ref !== undefined) return constantsOf(referred($ref));
	return Object.entries(properties).flatMap(([name, shape]) =>
		shape.const === undefined ? [] : [[name, shape.const]],
	);
}

function changed(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
	return after.every((value, at) => value === before[at]) ? before : after;
}
