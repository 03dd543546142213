/** OSC 52: asks the terminal to put a text into the user's clipboard, also over ssh. */

/** xterm's Control Sequences, "Manipulate Selection Data"; the text is base64, so nothing in it can be a sequence. */
function osc52(text: string): string {
	return `\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`;
}

/**
 * Inside of tmux the sequence is also sent wrapped for the outer terminal: tmux handles the plain one with
 * `set-clipboard on`, and passes on the wrapped one with `allow-passthrough on`.
 */
export function clipboardSequence(text: string, isInTmux: boolean): string {
	const sequence = osc52(text);
	return isInTmux ? `${sequence}\x1bPtmux;\x1b${sequence}\x1b\\` : sequence;
}
