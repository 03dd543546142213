/** The bottom line: the keys that work now, the filter prompt, or a notice. */

import { keyName } from "../../format/key-name.ts";
import { fitText, textWidth } from "../../format/text-width.ts";
import type { Theme } from "../../format/theme.ts";
import { WHEN_HELP } from "../../history/when.ts";
import { activeKeys, type Keymap } from "../state/keymap.ts";
import type { Rect } from "../state/layout.ts";
import type { Prompt, UiState } from "../state/ui-state.ts";
import { type Part, paintLine } from "./painted-line.ts";
import { TextRows } from "./text-rows.tsx";

interface FooterProps {
	readonly rect: Rect;
	readonly state: UiState;
	readonly keymap: Keymap;
	readonly theme: Theme;
}

function keyParts(keymap: Keymap, state: UiState): Part[] {
	const bindings = activeKeys(keymap, state).filter((binding) => binding.footer !== undefined);
	return bindings.flatMap(({ keys, footer }, at): Part[] => {
		// The last one, which is the way out, is dropped last.
		const drop = at === bindings.length - 1 ? 1 : at + 2;
		return [
			{ text: keyName(keys[0] ?? ""), drop, style: "key" },
			{ text: `${footer} `, drop },
		];
	});
}

const LABELS: Readonly<Record<Prompt["kind"], string>> = {
	filter: "Filter: ",
	time: "Go to: ",
	search: "Jump to: ",
	palette: ": ",
};

/** The prompt with its cursor; text before the cursor scrolls out of view first. */
function promptRow(prompt: Prompt, width: number, theme: Theme): string {
	const label = LABELS[prompt.kind];
	const [under = "", ...others] = prompt.text.slice(prompt.cursor);
	const before = theme.show(prompt.text.slice(0, prompt.cursor));
	const at = theme.show(under) || " ";
	const after = theme.show(others.join(""));
	const room = Math.max(1, width - label.length - textWidth(at));
	const shown = textWidth(before) > room ? fitText(before, room, "left", "start") : before;
	const rest = Math.max(0, room - textWidth(shown));
	const left: Part[] = [
		{ text: label, drop: 0, style: "accent" },
		{ text: shown, drop: 0 },
		{ text: at, drop: 0, style: "selected" },
		{ text: textWidth(after) > rest ? fitText(after, rest) : after, drop: 0 },
	];
	return paintLine(theme, width, left);
}

const PROMPT_HELP: Readonly<Record<Prompt["kind"], string>> = {
	filter: "Enter applies it, Esc cancels. A name, a PID, or: comm = nginx and (rate > 10k or user != root)",
	time: `Enter goes there, Esc cancels: ${WHEN_HELP}`,
	search: "Enter jumps to the next row with this text in its name, command line, path or address; then n and N go on",
	palette: "Enter does it, the arrows choose, Esc cancels. Words narrow the list",
};

/** The line above the prompt: the error with its column, or a hint. */
function promptHint({ kind, mistake }: Prompt, width: number, theme: Theme): string {
	const column = mistake?.column ? `Column ${mistake.column}: ` : "";
	const text = mistake ? `${column}${mistake.message}` : PROMPT_HELP[kind];
	return theme.paint(mistake ? "bad" : "titleIdle", theme.fit(` ${text}`, width));
}

function footerRow({ state, keymap, rect, theme }: FooterProps): string {
	if (state.prompt) return promptRow(state.prompt, rect.width, theme);
	if (state.notice !== null) return paintLine(theme, rect.width, [{ text: state.notice, drop: 0, style: "warn" }]);
	return paintLine(theme, rect.width, keyParts(keymap, state));
}

export function Footer(props: FooterProps) {
	const { rect, state, theme } = props;
	const row = <TextRows rect={rect} rows={[footerRow(props)]} />;
	if (!state.prompt) return row;
	const hint = promptHint(state.prompt, rect.width, theme);
	return (
		<>
			<TextRows rect={{ ...rect, top: rect.top - 1 }} rows={[hint]} />
			{row}
		</>
	);
}
