/** Starts the screen on a terminal, and always restores the terminal. */

import type { Writable } from "node:stream";
import { render } from "ink";
import { createTheme, type ThemeName } from "../format/theme.ts";
import type { History } from "../history/history.ts";
import type { SpanBounds } from "../history/span.ts";
import type { Measurable } from "../model/feed/feed.ts";
import type { Player } from "../model/feed/player.ts";
import type { Inspected } from "../model/inspected.ts";
import type { Store } from "../model/store.ts";
import type { Pane } from "../panes/pane.ts";
import type { Keeper } from "../save/keeper.ts";
import { App } from "./app.tsx";
import type { InputEvent } from "./input/decode-input.ts";
import { paceByTerminal } from "./pace.ts";
import { intentOfEvent } from "./state/intent-of-event.ts";
import { whyNoMeaning } from "./state/keymap.ts";
import { readFilter } from "./state/prompt.ts";
import { createScreen } from "./state/screen.ts";
import { openTerminal, type TerminalInput } from "./terminal.ts";

export type TerminalOutput = Writable & { readonly columns?: number; readonly rows?: number };

export interface ScreenRunOptions {
	readonly store: Store;
	/** An empty history, which the screen fills. */
	readonly history: History;
	/** All panes, in the order of their number keys. */
	readonly available: readonly Pane[];
	/** The panes that are shown at first. */
	readonly enabled: readonly Pane[];
	/** The text of `--filter`, already checked. */
	readonly initialFilter?: string | null;
	readonly delaySec: number;
	readonly color: boolean;
	readonly theme: ThemeName;
	/** The terminal has 24 bits per colour. */
	readonly trueColor: boolean;
	readonly ascii: boolean;
	readonly mouse: boolean;
	/** "REPLAY file", "DEMO" or "SERVICE" in the header; null if it is live. */
	readonly sourceLabel?: string | null;
	/** One sentence about what ebtop does not see. */
	readonly sourceNote?: string | null;
	readonly stdin: TerminalInput;
	readonly stdout: TerminalOutput;
	/** Ends the screen from outside, as a signal does. */
	readonly abort?: AbortSignal;
	/** Why no process can be chosen to be followed, a sentence; null if one can. */
	readonly whyNoFollow: string | null;
	/** Follows this process; null: stops following. Returns why that is not possible, or null. */
	follow(pid: number | null): string | null;
	/** Gets each refresh; null without --keep-when. */
	readonly keeper: Pick<Keeper, "see"> | null;
	/** Controls the replay; null for a live run. */
	readonly player: Player | null;
	/** With which it begins. */
	readonly speed: number;
	/** What this run writes to files, as rows for the health table. */
	writes(): readonly (readonly string[])[];
	/** Saves this span, or the whole history; resolves with a sentence about the result. */
	save(bounds: SpanBounds | null): Promise<string>;
	/** Keys of the configuration. */
	readonly keys: ReadonlyMap<string, string>;
	/** Keeps the columns of a pane in the configuration; resolves with a sentence about the result. */
	keepColumns(pane: string, columns: readonly string[]): Promise<string>;
	/** Reads what may be asked about a process; a sentence if there is nothing. */
	inspect(pid: number, start: string): Promise<Inspected | string>;
	/** Puts a text into the terminal's clipboard. */
	copy(text: string): void;
	/** The user asked for another refresh interval. */
	setDelay(seconds: number): void;
	/** Called when what is on the screen changes. */
	want(things: readonly Measurable[]): void;
}

const MAX_FPS = 60;
/** A stuck terminal must not keep the program from ending. */
const LEAVE_MS = 3000;

export interface RunningScreen {
	/** Settles when the user has quit or `abort` has fired, and the terminal is restored. */
	readonly ended: Promise<void>;
	/** Resolves when all keys and snapshots so far are drawn, and the terminal has taken them. */
	drawn(): Promise<void>;
	/** Shows a sentence until the next key. */
	tell(notice: string): void;
	/** What is shown does not come any more, or it does again. */
	onLost(isLost: boolean): void;
}

/** Shows the screen. Throws if there is no usable terminal. */
export function runScreen(options: ScreenRunOptions): RunningScreen {
	const { store, stdin, stdout, color, ascii } = options;
	let quit = () => {};
	const screen = createScreen({
		store,
		history: options.history,
		columns: stdout.columns ?? 80,
		rows: stdout.rows ?? 24,
		available: options.available,
		enabled: options.enabled,
		delaySec: options.delaySec,
		filter: readFilter(options.initialFilter ?? ""),
		sourceLabel: options.sourceLabel ?? null,
		hasNote: (options.sourceNote ?? null) !== null,
		setDelay: options.setDelay,
		want: options.want,
		whyNoFollow: options.whyNoFollow,
		follow: options.follow,
		keeper: options.keeper,
		player: options.player,
		isPlayed: options.player !== null,
		speed: options.speed,
		writes: options.writes,
		save: options.save,
		keys: options.keys,
		keepColumns: options.keepColumns,
		inspect: options.inspect,
		copy: options.copy,
		onQuit: () => quit(),
	});
	const mistake = whyNoMeaning(options.available, options.keys);
	if (mistake !== null) screen.dispatch({ type: "notice", notice: mistake });
	const paced = paceByTerminal(screen, stdout);
	const onResize = () => screen.dispatch({ type: "resize", columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
	// Before Ink's own listener, so that Ink never draws the old layout at the new size.
	stdout.on("resize", onResize);
	const onEvent = (event: InputEvent) => {
		const intent = intentOfEvent(event, screen.get(), screen.derive);
		if (intent) screen.dispatch(intent);
	};
	// Before the first frame, so that no key is echoed into it.
	const terminal = openTerminal({ stdin, stdout, hasMouse: options.mouse, onEvent });
	process.once("exit", terminal.restore);
	const app = render(
		<App
			screen={paced}
			theme={createTheme({ color, ascii, name: options.theme, isTrueColor: options.trueColor })}
			sourceNote={options.sourceNote ?? null}
		/>,
		{
			stdout: stdout as NodeJS.WriteStream,
			stderr: stdout as NodeJS.WriteStream, // Ink's default would write past the door
			stdin: stdin as NodeJS.ReadStream,
			alternateScreen: true,
			incrementalRendering: true,
			interactive: true,
			exitOnCtrlC: false,
			patchConsole: false,
			maxFps: MAX_FPS,
		},
	);
	let leaving: NodeJS.Timeout | undefined;
	const givenUp = Promise.withResolvers<void>();
	quit = () => {
		leaving ??= setTimeout(givenUp.resolve, LEAVE_MS);
		app.unmount();
	};
	// The terminal is gone: there is nothing left to draw on.
	stdout.on("error", quit);
	options.abort?.addEventListener("abort", quit, { once: true });
	if (options.abort?.aborted) quit();
	const untilEnd = async () => {
		try {
			await Promise.race([app.waitUntilExit(), givenUp.promise]);
		} finally {
			clearTimeout(leaving);
			terminal.restore();
			process.off("exit", terminal.restore);
			options.abort?.removeEventListener("abort", quit);
			stdout.off("resize", onResize);
			stdout.off("error", quit);
			screen.close();
		}
	};
	return {
		ended: untilEnd(),
		tell: (notice) => screen.dispatch({ type: "notice", notice }),
		onLost: (isLost) => screen.dispatch({ type: "lost", isLost }),
		async drawn() {
			do {
				await terminal.settled();
				await app.waitUntilRenderFlush();
			} while (paced.isBehind());
		},
	};
}
