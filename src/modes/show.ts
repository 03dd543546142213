/** A run on the screen: until the user quits, a signal comes, the count is reached or the live feed fails. */

import { openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isatty, ReadStream } from "node:tty";
import type { Options } from "../cli/command-line.ts";
import type { ReadFile } from "../config/read-file.ts";
import { KEEPER_NEEDS_MS } from "../history/bounds.ts";
import { History } from "../history/history.ts";
import { createStore, type Store } from "../model/store.ts";
import { openScreenOutput } from "../output/door.ts";
import { openRun, type Run } from "../run/run.ts";
import { openSaving } from "../save/open-saving.ts";

/** How long the rest waits for the first frame: a terminal that nobody reads never takes it. */
const MOST_UNTIL_COMPLETE_MS = 1000;

export interface Show {
	/** Ends properly: a last refresh for the recording, the terminal restored. */
	stop(): void;
	/** Resolves when the terminal is restored, with what went wrong or null. */
	readonly ended: Promise<Error | null>;
}

/** Whether a screen can be drawn on stdout. */
export function isScreenPossible(): boolean {
	return isatty(1) && process.env.TERM !== "dumb";
}

/**
 * Opens the run, which may reject with a Failure, then takes the terminal. `note`: a sentence for the header, or null.
 * `settings`: the file in which chosen columns are kept.
 */
export async function startShow(options: Options, note: string | null, settings: ReadFile | null): Promise<Show> {
	const store = createStore();
	const screenEnd = new AbortController();
	// The kernel verifies the programs on one CPU while the screen's code is loaded on another.
	// The configuration may say less than --keep-when needs.
	const leastMs = options.keepWhen === null ? 0 : KEEPER_NEEDS_MS;
	const history = new History({ spanMs: Math.max(options.historyMs, leastMs) });
	let tell: (notice: string) => void = () => {};
	let onLost: (isLost: boolean) => void = () => {};
	const open = () =>
		openRun(options, "recorded", store, {
			tell: (notice) => tell(notice),
			onLost: (isLost) => onLost(isLost),
			onPast: (past) => void history.receive(past),
		});
	let run: Run;
	const [openedRun, { runScreen }, saving] = await Promise.all([
		open(),
		import("../ui/index.ts"),
		openSaving(
			options,
			history,
			() => run.info,
			(notice) => tell(notice),
		),
	]);
	run = openedRun;
	let problem: Error | null = null;
	/** Plays the run; the demo starts over at its end, any other recording keeps showing its last refresh. */
	const play = async (): Promise<void> => {
		for (;;) {
			run.pipeline.start();
			problem = await run.pipeline.ended;
			const isLastPicture = run.pipeline.isPlayedOut && options.replay !== null;
			if (isLastPicture) return;
			if (!run.pipeline.isPlayedOut || !options.demo || problem !== null) return screenEnd.abort();
			run = await open();
			if (screenEnd.signal.aborted) return run.pipeline.stop(false);
		}
	};
	const shown = screenOptions(options, run.label, [note, run.note]);
	if (run.complete === null) await run.lockDown();
	const show = async (): Promise<Error | null> => {
		const playing = play();
		const screen = runScreen({
			...shown,
			store,
			history,
			abort: screenEnd.signal,
			setDelay: (s) => run.setDelay(s),
			want: (things) => run.want(things),
			whyNoFollow: run.whyNoFollow,
			follow: (pid) => run.follow(pid),
			inspect: (pid, start) => run.inspect(pid, start),
			keepColumns: (pane, columns) => saving.keepColumns(settings, pane, columns),
			save: (bounds) => saving.save(bounds),
			player: run.player && {
				setSpeed: (speed) => run.player?.setSpeed(speed),
				pause: (isPaused) => run.player?.pause(isPaused),
				step: () => run.player?.step() ?? false,
				goTo: (clockMs) => run.player?.goTo(clockMs),
			},
			speed: options.speed ?? 1,
			keeper: saving.keeper,
			writes: () => [run.recording(), run.exporting(), saving.keeper?.row ?? null].filter((row) => row !== null),
		});
		({ tell, onLost } = screen);
		const { complete, lockDown } = run;
		if (complete !== null) {
			const completed = firstRefresh(store)
				.then(() => Promise.race([screen.drawn(), delay(MOST_UNTIL_COMPLETE_MS)]))
				.then(complete)
				.then(lockDown);
			completed.catch((error) => {
				problem ??= error;
				screenEnd.abort();
			});
		}
		await screen.ended;
		screenEnd.abort();
		run.pipeline.stop(options.record !== null);
		await playing;
		await saving.close();
		return problem;
	};
	const stop = (): void => {
		run.pipeline.stop(true);
		screenEnd.abort();
	};
	return { stop, ended: show() };
}

function firstRefresh(store: Store): Promise<void> {
	return new Promise((resolve) => {
		if (store.get() !== null) return resolve();
		const unsubscribe = store.subscribe(() => {
			unsubscribe();
			resolve();
		});
	});
}

function screenOptions(options: Options, sourceLabel: string | null, notes: readonly (string | null)[]) {
	const output = openScreenOutput();
	return {
		available: options.availablePanes,
		enabled: options.panes,
		initialFilter: options.filter?.text ?? null,
		delaySec: options.delaySeconds,
		color: !options.noColor && !process.env.NO_COLOR,
		theme: options.theme,
		trueColor: ["truecolor", "24bit"].includes(process.env.COLORTERM ?? ""),
		ascii: options.ascii,
		mouse: !options.noMouse,
		keys: options.keys,
		sourceLabel,
		sourceNote: notes.filter((note) => note !== null).join(" ") || null,
		stdin: openKeyboard(),
		stdout: output,
		copy: (text: string) => output.copy(text, process.env.TMUX !== undefined),
	};
}

/** stdin may not be the keyboard, as in `… | ebtop`. */
function openKeyboard(): NodeJS.ReadStream {
	if (process.stdin.isTTY) return process.stdin;
	try {
		return new ReadStream(openSync("/dev/tty", "r"));
	} catch {
		return process.stdin;
	}
}
