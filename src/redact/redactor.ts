/**
 * `--redact`: removes matches from every text of a snapshot or a receipt, before anything shows, prints, keeps or records it.
 */

import { createHmac, randomBytes } from "node:crypto";
import { type MapValue, ShapeMap } from "../history/shape-map.ts";
import { HEALTH, listShape, type Shape, SNAPSHOT } from "../history/shapes.ts";
import { ALL_LISTS, cut, join, type Row } from "../history/state.ts";
import type { FeedInfo } from "../model/feed/feed.ts";
import type { MatchFinder } from "../model/filter/index.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Steps } from "../model/steps.ts";

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
	readonly #map: ShapeMap;
	readonly #rows: ReadonlyMap<string, MapValue>;

	/** `referred`: what a `$ref` stands for, by default in the schema of a snapshot. */
	constructor(finders: readonly MatchFinder[], refs: { readonly referred?: (ref: string) => Shape } = {}) {
		this.#finders = finders;
		// Words are matched as one line with blanks between them, as they were typed.
		const map = new ShapeMap({
			...refs,
			leaf: (definition) =>
				definition === "Text" ? (value) => (typeof value === "string" ? this.#text(value) : value) : null,
			list: ({ $ref }) => ($ref?.endsWith("/Text") ? (words) => this.#words(words as readonly string[]) : null),
		});
		this.#map = map;
		const rows = ALL_LISTS.map((list) => [list, map.of(listShape(list))] as const);
		this.#rows = new Map([...rows, ["head", map.of(HEAD)]]);
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

	/** A document of this shape. */
	document<Document>(shape: Shape, document: Document): Document {
		return this.#map.of(shape)(document) as Document;
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
