/** Bytes from the terminal → keys and mouse events. Ink's useInput has no F-keys and no mouse. */

import { StringDecoder } from "node:string_decoder";

export type InputEvent =
	| { readonly type: "key"; readonly key: string }
	| {
			readonly type: "mouse";
			readonly action: "press" | "wheel-up" | "wheel-down";
			readonly x: number;
			readonly y: number;
	  }
	| { readonly type: "paste"; readonly text: string };

export interface InputDecoder {
	/** The events in `bytes`; the beginning of an incomplete sequence is kept. */
	push(bytes: Uint8Array): InputEvent[];
	/** What it waits for; null if nothing. */
	waitsFor(): "sequence" | "end of paste" | null;
	/** Ends the wait for more, after a lone Esc or a paste that never ended. */
	flush(): InputEvent[];
}

const ESC = "\x1b";

/** Final parts of CSI (after `ESC [`) and SS3 (after `ESC O`) sequences; xterm, rxvt, Linux console and screen. */
const SEQUENCES: Readonly<Record<string, string>> = {
	"[A": "up",
	"[B": "down",
	"[C": "right",
	"[D": "left",
	OA: "up",
	OB: "down",
	OC: "right",
	OD: "left",
	"[H": "home",
	"[F": "end",
	OH: "home",
	OF: "end",
	"[1~": "home",
	"[4~": "end",
	"[7~": "home",
	"[8~": "end",
	"[3~": "delete",
	"[5~": "pageup",
	"[6~": "pagedown",
	"[Z": "shift-tab",
	OP: "f1",
	OQ: "f2",
	OR: "f3",
	OS: "f4",
	"[[A": "f1",
	"[[B": "f2",
	"[[C": "f3",
	"[[D": "f4",
	"[[E": "f5",
	"[11~": "f1",
	"[12~": "f2",
	"[13~": "f3",
	"[14~": "f4",
	"[15~": "f5",
	"[17~": "f6",
	"[18~": "f7",
	"[19~": "f8",
	"[20~": "f9",
	"[21~": "f10",
	"[23~": "f11",
	"[24~": "f12",
};

/** Marks around pasted text, if the terminal was asked for them. */
const PASTE_BEGIN = "[200~";
const PASTE_END = "\x1b[201~";
/** Characters of a paste; no prompt needs more. */
const PASTE_MAX = 4096;

/** Cells count from 1, and no terminal has more than five digits of them. */
const MOUSE = /^\[<(\d{1,3});([1-9]\d{0,4});([1-9]\d{0,4})([Mm])/;
/** Bounded, so that bytes that form no sequence do not delay later keys. */
const COMPLETE = /^(?:\[\[[A-E]|\[[0-?]{0,32}[ -/]{0,4}[@-~]|O[ -~])/;
const INCOMPLETE = /^(?:\[\[?[0-?]{0,32}[ -/]{0,4}|O)?$/;
const WHEEL_UP = 64;
const WHEEL_DOWN = 65;

const CONTROLS: Readonly<Record<string, string>> = {
	"\r": "enter",
	"\n": "enter",
	"\t": "tab",
	" ": "space",
	"\x7f": "backspace",
	"\b": "backspace",
};

function plainKey(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	if (code === 0x1b) return "esc";
	return CONTROLS[character] ?? (code < 0x20 ? `ctrl-${String.fromCharCode(code + 0x40).toLowerCase()}` : character);
}

function mouseEvent(match: RegExpExecArray): InputEvent | null {
	const button = Number(match[1]);
	const at = { type: "mouse", x: Number(match[2]) - 1, y: Number(match[3]) - 1 } as const;
	if (button === WHEEL_UP) return { ...at, action: "wheel-up" };
	if (button === WHEEL_DOWN) return { ...at, action: "wheel-down" };
	return button === 0 && match[4] === "M" ? { ...at, action: "press" } : null;
}

/** A decoder for one terminal. */
export function createInputDecoder(): InputDecoder {
	const utf8 = new StringDecoder("utf8");
	let waiting = "";
	/** The part of a paste that has arrived. */
	let pasted: string | null = null;

	function endPaste(rest: string): InputEvent {
		const text = `${pasted ?? ""}${rest}`.slice(0, PASTE_MAX);
		pasted = null;
		return { type: "paste", text };
	}

	/** Takes from `text` what belongs to the paste; the last few characters may begin its end mark. */
	function takePasted(text: string): { readonly length: number; readonly event: InputEvent | null } {
		const end = text.indexOf(PASTE_END);
		if (end >= 0) return { length: end + PASTE_END.length, event: endPaste(text.slice(0, end)) };
		const length = Math.max(0, text.length - PASTE_END.length + 1);
		pasted = `${pasted ?? ""}${text.slice(0, length)}`.slice(0, PASTE_MAX);
		return { length, event: null };
	}

	/** Takes one event from the start of `text`; 0 characters if more is needed. */
	function take(text: string): { readonly length: number; readonly event: InputEvent | null } {
		const [character = ""] = text;
		if (character !== ESC) return { length: character.length, event: { type: "key", key: plainKey(character) } };
		const rest = text.slice(1);
		if (INCOMPLETE.test(rest)) return { length: 0, event: null };
		const mouse = MOUSE.exec(rest);
		if (mouse) return { length: 1 + mouse[0].length, event: mouseEvent(mouse) };
		const sequence = COMPLETE.exec(rest)?.[0];
		// Alt also sends Esc followed by a key.
		if (sequence === undefined) return { length: 1, event: { type: "key", key: "esc" } };
		if (sequence === PASTE_BEGIN) pasted = "";
		const key = SEQUENCES[sequence];
		return { length: 1 + sequence.length, event: key === undefined ? null : { type: "key", key } };
	}

	return {
		push(bytes) {
			waiting += utf8.write(Buffer.from(bytes));
			const events: InputEvent[] = [];
			while (waiting !== "") {
				const { length, event } = pasted === null ? take(waiting) : takePasted(waiting);
				if (length === 0) break;
				waiting = waiting.slice(length);
				if (event) events.push(event);
			}
			return events;
		},
		waitsFor: () => (pasted !== null ? "end of paste" : waiting !== "" ? "sequence" : null),
		flush() {
			const events =
				pasted !== null
					? [endPaste(waiting)]
					: Array.from(waiting, (character): InputEvent => ({ type: "key", key: plainKey(character) }));
			waiting = "";
			return events;
		},
	};
}
