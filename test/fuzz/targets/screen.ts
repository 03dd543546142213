/** Any keys and clicks, during refreshes with any content: every frame stays within its terminal. */

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type ComponentProps, isValidElement, type ReactElement, type ReactNode } from "react";
import { textWidth } from "../../../src/format/text-width.ts";
import { createTheme, type Theme } from "../../../src/format/theme.ts";
import { History } from "../../../src/history/history.ts";
import { Model } from "../../../src/model/model.ts";
import { createStore } from "../../../src/model/store.ts";
import { PANES } from "../../../src/panes/index.ts";
import { Frame } from "../../../src/ui/app.tsx";
import { StillTable } from "../../../src/ui/components/still-table.tsx";
import { TextRows } from "../../../src/ui/components/text-rows.tsx";
import { createInputDecoder } from "../../../src/ui/input/decode-input.ts";
import { intentOfEvent } from "../../../src/ui/state/intent-of-event.ts";
import { createScreen, type Screen } from "../../../src/ui/state/screen.ts";
import { paneState } from "../../../src/ui/state/ui-state.ts";
import { anyBatches } from "../records.ts";
import type { FuzzTarget } from "../target.ts";
import { unsafeCharacter } from "../text.ts";
import { readsOf, type Typed, typed } from "./keys.ts";
import { INFO } from "./model.ts";

interface Session {
	readonly batches: readonly Uint8Array[];
	readonly typed: Typed;
	readonly columns: number;
	readonly rows: number;
	readonly isAscii: boolean;
}

const size = fc.oneof(fc.nat(8), fc.integer({ min: 20, max: 90 }), fc.integer({ min: 140, max: 220 }));
// Meaningful keys, since most bytes are none; the decoder's own target tries all others.
const KEYS = [
	..."hstlvpziqjk12345<>r+-/? .,gG",
	"\r",
	"\x1b[A",
	"\x1b[B",
	"\x1b[C",
	"\x1b[D",
	"\x1b[5~",
	"\x1b[6~",
	"\t",
	"\x1b[Z",
];
const keyed: fc.Arbitrary<Typed> = fc
	.array(fc.constantFrom(...KEYS), { maxLength: 14 })
	.map((keys) => ({ bytes: new TextEncoder().encode(keys.join("")), cuts: keys.map((_, at) => at) }));
const clicked: fc.Arbitrary<Typed> = fc
	.array(fc.tuple(fc.constantFrom(0, 0, 64, 65), fc.integer({ min: 1, max: 220 }), fc.integer({ min: 1, max: 70 })), {
		maxLength: 8,
	})
	.map((clicks) => ({
		bytes: new TextEncoder().encode(clicks.map(([button, x, y]) => `\x1b[<${button};${x};${y}M`).join("")),
		cuts: clicks.map((_, at) => at * 12),
	}));

// biome-ignore lint/suspicious/noControlCharactersInRegex: what the theme paints with
const SGR = /\x1b\[[\d;]*m/g;

type Component = (props: unknown) => ReactNode;

/** The function of one of ebtop's components, memoised or not; Ink's boxes are not drawn. */
function componentOf(type: unknown): Component | undefined {
	return typeof type === "function" ? (type as Component) : (type as { type?: Component }).type;
}

/** The lines of text in a tree of components, drawn without Ink. */
function* textRows(node: ReactNode): Generator<ComponentProps<typeof TextRows>> {
	if (Array.isArray(node)) for (const child of node) yield* textRows(child);
	if (!isValidElement(node)) return;
	const { type, props } = node as ReactElement<{ children?: ReactNode }>;
	if (type === TextRows) yield props as unknown as ComponentProps<typeof TextRows>;
	else if (type === StillTable)
		return; // drawn by ink-table, which needs Ink
	else yield* textRows(componentOf(type)?.(props) ?? props.children);
}

function checkFrame(screen: Screen, theme: Theme): void {
	const state = screen.get();
	const layout = screen.derive.layout(state);
	for (const { rect, rows: lines } of textRows(Frame({ screen, state, theme, sourceNote: null }))) {
		if (rect.height === 0) continue;
		assert.ok(rect.left >= 0 && rect.left + rect.width <= layout.columns, "a rectangle is beside the terminal");
		assert.ok(rect.top >= 0 && rect.top + rect.height <= layout.rows, "a rectangle is below the terminal");
		for (const line of lines.slice(0, rect.height)) {
			const text = line.replaceAll(SGR, "");
			assert.equal(unsafeCharacter(text), null, `${JSON.stringify(text)} is not safe to show`);
			assert.ok(!theme.isAscii || /^[\x20-\x7e]*$/.test(text), `${text} is not ASCII`);
			assert.ok(textWidth(text) <= rect.width, `${JSON.stringify(text)} is wider than ${rect.width}`);
		}
	}
	for (const { pane } of layout.panes) {
		const count = screen.derive.lines(pane, state).length;
		const { index, top } = paneState(state, pane);
		const isInside = (at: number) => at >= 0 && at < count;
		assert.ok(
			count === 0 || (isInside(index) && isInside(top)),
			`${pane.name}: row ${index}, from ${top}, of ${count}`,
		);
	}
}

export const screen: FuzzTarget<Session> = {
	name: "screen",
	about: "the screen: any keys and clicks over any refreshes, on terminals of any size",
	cases: fc.record({
		batches: anyBatches(3),
		typed: fc.oneof({ weight: 4, arbitrary: keyed }, { weight: 2, arbitrary: clicked }, typed),
		columns: size,
		rows: size,
		isAscii: fc.boolean(),
	}),
	casesInTests: 150,
	async check({ batches, typed: input, columns, rows, isAscii }) {
		const model = new Model(INFO);
		const history = new History();
		const store = createStore();
		const theme = createTheme({ color: true, ascii: isAscii });
		const tested = createScreen({
			history,
			...{ store, columns, rows, available: PANES, enabled: PANES, delaySec: 1, filter: null },
			sourceLabel: null,
			hasNote: false,
			setDelay: () => {},
			want: () => {},
			whyNoFollow: null,
			follow: () => null,
			keeper: null,
			player: null,
			isPlayed: false,
			speed: 1,
			writes: () => [],
			keys: new Map(),
			inspect: async () => "Nothing.",
			keepColumns: async () => "",
			save: async () => "Saved.",
			copy: () => {},
			onQuit: () => {},
		});
		const decoder = createInputDecoder();
		const waiting = [...batches];
		for (const bytes of [new Uint8Array(), ...readsOf(input), new Uint8Array()]) {
			const snapshot = model.apply(waiting.shift() ?? new Uint8Array());
			if (snapshot !== null) store.publish(snapshot);
			for (const event of decoder.push(bytes)) {
				const intent = intentOfEvent(event, tested.get(), tested.derive);
				if (intent) tested.dispatch(intent);
			}
			checkFrame(tested, theme);
		}
		tested.dispatch({ type: "resize", columns: rows, rows: columns });
		checkFrame(tested, theme);
		tested.close();
		await history.settled(); // memory of the compression that is under way is held until then
	},
};
