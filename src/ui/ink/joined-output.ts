/**
 * The last step of a frame: from texts with positions to lines. Ink first makes an object for each cell and a grapheme
 * for each character, since texts may overlap; that is half of all garbage and a third of a frame's time. The rows of
 * this screen never overlap, so their texts are simply joined. If texts do overlap, Ink's own code is used.
 */

import InkOutput from "ink-output";
import { textWidth, unpainted } from "../../format/text-width.ts";

/** What Ink passes: `transformers` paint each line of a text. */
export interface Operation {
	readonly type: "write" | "clip" | "unclip";
	readonly x: number;
	readonly y: number;
	readonly text: string;
	readonly transformers: readonly ((line: string, index: number) => string)[];
}

interface Piece {
	readonly x: number;
	readonly text: string;
}

/** Ink drops these, one by one. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

function addPieces(rows: Piece[][], { x, y, text, transformers }: Operation): boolean {
	const lines = text.split("\n");
	if (x < 0 || (lines.length > 1 && text.includes("\x1b"))) return false; // colours may continue in the next line
	for (const [index, line] of lines.entries()) {
		const row = rows[y + index];
		if (row === undefined) continue;
		let painted = line;
		for (const transform of transformers) painted = transform(painted, index);
		if (INVISIBLE.test(painted)) return false;
		if (painted !== "") row.push({ x, text: painted });
	}
	return true;
}

/** The pieces of one line with blanks between them; null if they overlap. */
function joinPieces(pieces: Piece[]): string | null {
	if (pieces.length > 1) pieces.sort((a, b) => a.x - b.x);
	let line = "";
	let end = 0;
	for (const [index, { x, text }] of pieces.entries()) {
		if (x < end) return null;
		line += " ".repeat(x - end) + text;
		if (index < pieces.length - 1) end = x + textWidth(unpainted(text));
	}
	return line.trimEnd();
}

/** The lines of a frame; null if texts overlap or are clipped by a box. */
export function joinLines(operations: readonly Operation[], height: number): string[] | null {
	const rows = Array.from({ length: height }, (): Piece[] => []);
	for (const operation of operations) {
		if (operation.type !== "write" || !addPieces(rows, operation)) return null;
	}
	const lines: string[] = [];
	for (const pieces of rows) {
		const line = joinPieces(pieces);
		if (line === null) return null;
		lines.push(line);
	}
	return lines;
}

export default class JoinedOutput extends InkOutput {
	override get(): { output: string; height: number } {
		const lines = joinLines(this.operations, this.height);
		return lines === null ? super.get() : { output: lines.join("\n"), height: this.height };
	}
}
