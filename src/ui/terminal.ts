/** The terminal modes that Ink does not set: raw keys, bracketed paste, the mouse. All are reset, once. */

import { createInputDecoder, type InputEvent } from "./input/decode-input.ts";

/** The parts of process.stdin that are used; tests have their own. */
export type TerminalInput = NodeJS.ReadableStream & {
	readonly isTTY?: boolean;
	setRawMode?(isRaw: boolean): unknown;
};

export interface TerminalOptions {
	readonly stdin: TerminalInput;
	readonly stdout: NodeJS.WritableStream;
	readonly hasMouse: boolean;
	onEvent(event: InputEvent): void;
}

/** Buttons and wheel, with coordinates beyond column 223. */
const MOUSE_ON = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF = "\x1b[?1006l\x1b[?1000l";
/** Without these marks each letter of a pasted text would be a key, and a "q" among them would quit. */
const PASTE_ON = "\x1b[?2004h";
const PASTE_OFF = "\x1b[?2004l";
/** A sequence arrives within this time: an Esc alone for longer is the key. A paste may come in pieces. */
const WAIT_MS = { sequence: 25, "end of paste": 1000 } as const;

/** A hung-up terminal no longer has modes, and those of a background job's terminal may not be changed. */
function setRaw(stdin: TerminalInput, isRaw: boolean): boolean {
	try {
		stdin.setRawMode?.(isRaw);
		return true;
	} catch {
		return false;
	}
}

/** The end of the input also comes as a signal, which ends the screen. */
function ignore(): void {}

export interface OpenTerminal {
	/** Resolves when no key is incomplete: at once, except after an Esc. */
	settled(): Promise<void>;
	/** Restores the terminal. */
	restore(): void;
}

/** Starts reading keys. */
export function openTerminal({ stdin, stdout, hasMouse, onEvent }: TerminalOptions): OpenTerminal {
	const decoder = createInputDecoder();
	let timer: NodeJS.Timeout | undefined;
	let onSettled: (() => void)[] = [];
	const settle = () => {
		for (const resolve of onSettled) resolve();
		onSettled = [];
	};
	const onData = (bytes: Uint8Array | string) => {
		clearTimeout(timer);
		for (const event of decoder.push(Buffer.from(bytes))) onEvent(event);
		const wanted = decoder.waitsFor();
		if (wanted === null) return settle();
		timer = setTimeout(() => {
			for (const event of decoder.flush()) onEvent(event);
			settle();
		}, WAIT_MS[wanted]);
	};
	const isTerminal = stdin.isTTY === true && setRaw(stdin, true);
	if (isTerminal) {
		stdin.on("data", onData);
		stdin.on("error", ignore);
		stdin.resume();
		stdout.write(hasMouse ? PASTE_ON + MOUSE_ON : PASTE_ON);
	}
	let isOpen = true;
	const restore = () => {
		if (!isOpen) return;
		isOpen = false;
		clearTimeout(timer);
		settle();
		if (!isTerminal) return;
		stdout.write(hasMouse ? MOUSE_OFF + PASTE_OFF : PASTE_OFF);
		stdin.off("data", onData);
		stdin.pause();
		setRaw(stdin, false);
	};
	const settled = async (): Promise<void> => {
		if (isOpen && decoder.waitsFor() !== null) await new Promise<void>((resolve) => onSettled.push(resolve));
	};
	return { settled, restore };
}
