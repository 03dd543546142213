/** The terminal's modes that Ink does not set: raw keys and the mouse. Whatever was set is taken back, once. */

import { createInputDecoder, type InputEvent } from "./input/decode-input.ts";

/** The parts of process.stdin that are needed; a test has its own. */
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
/** A sequence arrives within this time; an Esc that stays alone so long is the key. */
const ESCAPE_WAIT_MS = 25;

/** A terminal that has hung up has no modes any more, and one of a background job may not be touched. */
function setRaw(stdin: TerminalInput, isRaw: boolean): boolean {
	try {
		stdin.setRawMode?.(isRaw);
		return true;
	} catch {
		return false;
	}
}

/** The end of the input comes as a signal too, and that is what ends the screen. */
function ignore(): void {}

export interface OpenTerminal {
	/** Resolves when no key is half read: at once, except after an Esc. */
	settled(): Promise<void>;
	/** Gives the terminal back as it was. */
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
		if (!decoder.isWaiting()) return settle();
		timer = setTimeout(() => {
			for (const event of decoder.flush()) onEvent(event);
			settle();
		}, ESCAPE_WAIT_MS);
	};
	const isTerminal = stdin.isTTY === true && setRaw(stdin, true);
	if (isTerminal) {
		stdin.on("data", onData);
		stdin.on("error", ignore);
		stdin.resume();
		if (hasMouse) stdout.write(MOUSE_ON);
	}
	let isOpen = true;
	const restore = () => {
		if (!isOpen) return;
		isOpen = false;
		clearTimeout(timer);
		settle();
		if (!isTerminal) return;
		if (hasMouse) stdout.write(MOUSE_OFF);
		stdin.off("data", onData);
		stdin.pause();
		setRaw(stdin, false);
	};
	const settled = async (): Promise<void> => {
		if (isOpen && decoder.isWaiting()) await new Promise<void>((resolve) => onSettled.push(resolve));
	};
	return { settled, restore };
}
