/**
 * A story: the whole screen on a simulated terminal. Keys and clicks go in as bytes; a real terminal emulator shows
 * what a user would see.
 */

import { PassThrough, Writable } from "node:stream";
import xterm from "@xterm/headless";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { parseConfiguration } from "../../src/config/parse.ts";
import type { HistoryBounds } from "../../src/history/bounds.ts";
import { History } from "../../src/history/history.ts";
import { ReceivedStretch } from "../../src/history/past.ts";
import type { SpanBounds } from "../../src/history/span.ts";
import type { Player } from "../../src/model/feed/player.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { createStore } from "../../src/model/store.ts";
import type { Keeper } from "../../src/save/keeper.ts";
import { runScreen } from "../../src/ui/index.ts";
import type { ScreenOptions } from "../../src/ui/state/screen.ts";
import { patienceMs } from "./circumstances.ts";
import { aSnapshot } from "./snapshots.ts";

export interface StoryOptions {
	readonly inspect?: ScreenOptions["inspect"];
	/** The keyboard belongs to another job. */
	readonly hasKeyboard?: boolean;
	readonly columns?: number;
	readonly rows?: number;
	/** Null: no refresh has come yet. */
	readonly snapshot?: Snapshot | null;
	/** The bounds of the history. */
	readonly history?: Partial<HistoryBounds>;
	/** As in `--panes`. */
	readonly panes?: readonly string[];
	readonly filter?: string;
	/** The text of a configuration file. */
	readonly config?: string;
	readonly color?: boolean;
	readonly trueColor?: boolean;
	readonly ascii?: boolean;
	readonly mouse?: boolean;
	readonly sourceLabel?: string;
	readonly sourceNote?: string;
	readonly whyNoFollow?: string;
	/** Controls a recording. */
	readonly player?: Player;
	/** What --keep-when does. */
	readonly keeper?: Pick<Keeper, "see" | "row">;
	/** The message about what was saved. */
	readonly saved?: string;
}

/** Keys by the names that a story uses; any other word is typed as it is. */
const BYTES: Readonly<Record<string, string>> = {
	Enter: "\r",
	Esc: "\x1b",
	Tab: "\t",
	ShiftTab: "\x1b[Z",
	Space: " ",
	Backspace: "\x7f",
	Up: "\x1b[A",
	Down: "\x1b[B",
	Right: "\x1b[C",
	Left: "\x1b[D",
	PgUp: "\x1b[5~",
	PgDn: "\x1b[6~",
	Home: "\x1b[H",
	End: "\x1b[F",
	F1: "\x1bOP",
	F6: "\x1b[17~",
	F10: "\x1b[21~",
	CtrlC: "\x03",
	CtrlD: "\x04",
	CtrlU: "\x15",
};

class FakeInput extends PassThrough {
	readonly isTTY = true;
	isRaw = false;
	/** As a terminal that has hung up, or that belongs to another job. */
	isGone = false;
	/** As one read of the terminal returns it. */
	type(bytes: string): void {
		this.emit("data", Buffer.from(bytes));
	}
	setRawMode(isRaw: boolean): this {
		if (this.isGone) throw new Error("setRawMode EIO");
		this.isRaw = isRaw;
		return this;
	}
}

class FakeOutput extends Writable {
	readonly isTTY = true;
	/** Everything that was written. */
	written = "";
	readonly terminal: xterm.Terminal;
	columns: number;
	rows: number;
	#isStuck = false;
	#held: (() => void)[] = [];
	constructor(columns: number, rows: number) {
		super({ decodeStrings: false });
		this.columns = columns;
		this.rows = rows;
		// A terminal in raw mode still turns a line feed into a new line.
		this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
	}
	override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
		if (this.#isStuck) {
			this.#held.push(() => this._write(chunk, _encoding, done));
			return;
		}
		const text = chunk.toString();
		this.written += text;
		this.terminal.write(text, done); // a write is complete when the emulator has drawn it
	}
	/** Stops accepting output, or accepts all that was held back and what comes. */
	stick(isStuck: boolean): void {
		this.#isStuck = isStuck;
		if (!isStuck) for (const write of this.#held.splice(0)) write();
	}
}

export interface Story {
	/** Types the words of the text: `"j j Enter"`, `"/ comm=x Enter"`. */
	keys(words: string): Promise<void>;
	click(column: number, row: number): Promise<void>;
	wheel(direction: "up" | "down", column: number, row: number): Promise<void>;
	publish(snapshot: Snapshot): Promise<void>;
	resize(columns: number, rows: number): Promise<void>;
	/** The lines of the screen, without trailing blanks. */
	lines(): string[];
	/** The whole screen as one string. */
	text(): string;
	/** The first line that contains `text`; throws if there is none. */
	line(text: string): string;
	/** Number of the first line that contains `text`; -1 if there is none. */
	lineNumber(text: string): number;
	/** True if the line that contains `text` is drawn as selected. */
	isSelected(text: string): boolean;
	/** The colour of the first cell of `text`, as a number of the palette; -1 for the default. */
	colorOf(text: string): number;
	readonly output: FakeOutput;
	readonly input: FakeInput;
	/** Delays that the user chose. */
	readonly delays: readonly number[];
	/** The processes that the user chose to follow, in order; null: following stopped. */
	readonly followed: readonly (number | null)[];
	/** The next refresh of a recording of which something is missing. */
	publishAfterGap(snapshot: Snapshot): void;
	/** The next refresh, without waiting for what is drawn. */
	publishNow(snapshot: Snapshot): void;
	/** Shows a sentence until the next key. */
	tell(notice: string): void;
	/** What is shown does not come any more, or it does again. */
	lose(isLost: boolean): Promise<void>;
	/** What a service remembers comes. */
	receive(past: Buffer): void;
	/** The span to be saved; null: the whole history. */
	readonly saved: readonly (SpanBounds | null)[];
	/** Settles when the screen has closed. */
	readonly ended: Promise<void>;
	quit(): Promise<void>;
	/** Ends the screen as a signal does. */
	abort(): Promise<void>;
}

/** Opens the screen. */
export async function openStory(options: StoryOptions = {}): Promise<Story> {
	const { columns = 80, rows = 24, snapshot = aSnapshot() } = options;
	const store = createStore();
	if (snapshot) store.publish(snapshot);
	const input = new FakeInput();
	input.isGone = options.hasKeyboard === false;
	const abort = new AbortController();
	const output = new FakeOutput(columns, rows);
	const delays: number[] = [];
	const followed: (number | null)[] = [];
	const saved: (SpanBounds | null)[] = [];
	const { settings } = parseConfiguration(options.config ?? "");
	const asked = parseCommandLine(options.panes ? ["--panes", options.panes.join()] : [], settings);
	const history = new History(options.history);
	const screen = runScreen({
		store,
		history,
		delaySec: asked.delaySeconds,
		color: options.color ?? true,
		theme: asked.theme,
		trueColor: options.trueColor ?? false,
		ascii: options.ascii ?? asked.ascii,
		mouse: options.mouse ?? !asked.noMouse,
		copy: () => {},
		initialFilter: options.filter ?? null,
		sourceLabel: options.sourceLabel ?? null,
		sourceNote: options.sourceNote ?? null,
		available: asked.availablePanes,
		enabled: asked.panes,
		stdin: input,
		abort: abort.signal,
		stdout: output,
		setDelay: (seconds) => delays.push(seconds),
		want: () => {},
		keeper: options.keeper ?? null,
		player: options.player ?? null,
		speed: 1,
		writes: () => (options.keeper === undefined ? [] : [options.keeper.row]),
		keys: new Map(),
		keepColumns: async () => "",
		inspect: options.inspect ?? (async () => "Nothing."),
		save: async (bounds) => {
			saved.push(bounds);
			return options.saved ?? "Saved.";
		},
		whyNoFollow: options.whyNoFollow ?? null,
		follow: (pid) => {
			followed.push(pid);
			return pid === 1 ? "There is no process 1." : null;
		},
	});

	const shown = readers(output);
	/** Waits until the frame is complete: what is not in memory is read in parts, and the header says so meanwhile. */
	async function drawn(): Promise<void> {
		await screen.drawn();
		for (const end = Date.now() + patienceMs; shown.lineNumber(" reading ") >= 0 && Date.now() < end; ) {
			await new Promise((resolve) => setTimeout(resolve, 5));
			await screen.drawn();
		}
	}
	async function send(bytes: string): Promise<void> {
		input.type(bytes);
		await drawn();
	}

	await drawn();
	return {
		...shown,
		output,
		input,
		delays,
		followed,
		saved,
		tell: screen.tell,
		async lose(isLost) {
			screen.onLost(isLost);
			await drawn();
		},
		receive: (past) => void history.receive(new ReceivedStretch(past)),
		publishAfterGap: (snapshot) => store.publish(snapshot, true),
		publishNow: (snapshot) => store.publish(snapshot),
		ended: screen.ended,
		async keys(words) {
			for (const word of words.split(" ")) {
				input.type(BYTES[word] ?? word);
				// Bytes right after an Esc would form one sequence with it.
				if (word === "Esc") await drawn();
			}
			await drawn();
		},
		click: (column, row) => send(`\x1b[<0;${column + 1};${row + 1}M\x1b[<0;${column + 1};${row + 1}m`),
		wheel: (direction, column, row) => send(`\x1b[<${direction === "up" ? 64 : 65};${column + 1};${row + 1}M`),
		async publish(next) {
			store.publish(next);
			await drawn();
		},
		async resize(newColumns, newRows) {
			output.columns = newColumns;
			output.rows = newRows;
			output.terminal.resize(newColumns, newRows);
			output.emit("resize");
			await drawn();
		},
		async abort() {
			abort.abort();
			await screen.ended;
		},
		async quit() {
			input.type("q");
			await screen.ended;
		},
	};
}

/** Queries about the screen. */
function readers(output: FakeOutput) {
	const buffer = () => output.terminal.buffer.active;
	const lines = () =>
		Array.from({ length: output.rows }, (_, at) => (buffer().getLine(at)?.translateToString(true) ?? "").trimEnd());
	const lineNumber = (text: string) => lines().findIndex((line) => line.includes(text));
	const cellOf = (text: string) => {
		const y = lineNumber(text);
		const cell = buffer()
			.getLine(y)
			?.getCell(lines()[y]?.indexOf(text) ?? 0);
		if (y < 0 || !cell) throw new Error(`"${text}" is not on the screen:\n${lines().join("\n")}`);
		return cell;
	};
	return {
		lines,
		lineNumber,
		text: () => lines().join("\n"),
		line(text: string): string {
			const found = lines().find((line) => line.includes(text));
			if (found === undefined) throw new Error(`"${text}" is not on the screen:\n${lines().join("\n")}`);
			return found;
		},
		isSelected(text: string): boolean {
			const cell = cellOf(text);
			return cell.isInverse() !== 0 || cell.getBgColor() === 6;
		},
		colorOf: (text: string): number => cellOf(text).getFgColor(),
	};
}
