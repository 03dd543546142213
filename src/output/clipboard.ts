/** OSC 52: asks the terminal to put a text into the user's clipboard, also over ssh. */

/** xterm's Control Sequences, "Manipulate Selection Data"; the text is base64, so nothing in it can be a sequence. */
function osc52(text: string): string {
	return `\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`;
}

/** Inside of tmux also wrapped for the terminal around it: tmux takes the one with `set-clipboard on`, and passes on the other
 * with `allow-passthrough on`. */
export function clipboardSequence(text: string, isInTmux: boolean): string {
	const sequence = osc52(text);
	return isInTmux ? `${sequence}\x1bPtmux;\x1b${sequence}\x1b\\` : sequence;
}
