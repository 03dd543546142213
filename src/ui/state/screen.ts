/** The state of one screen, without React: keys and snapshots in, one immutable frame at a time out. */

import type { History } from "../../history/history.ts";
import type { SpanBounds } from "../../history/span.ts";
import type { Measurable } from "../../model/feed/feed.ts";
import type { Player } from "../../model/feed/player.ts";
import type { Inspected } from "../../model/inspected.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Store } from "../../model/store.ts";
import type { Keeper } from "../../save/keeper.ts";
import { createDerive, type Derive } from "./derive.ts";
import type { Intent } from "./keymap.ts";
import { lookedAt } from "./looked-at.ts";
import { createSpanReader } from "./read-spans.ts";
import { reduce } from "./reduce.ts";
import { ASKED } from "./reduce-overlay.ts";
import { settle, settleInSteps } from "./selection.ts";
import { type InitialState, initialState, isStill, type UiState } from "./ui-state.ts";

export interface Screen {
	readonly derive: Derive;
	get(): UiState;
	subscribe(listener: () => void): () => void;
	dispatch(intent: Intent): void;
}

export interface ScreenOptions extends InitialState {
	readonly store: Store;
	/** An empty history; from now on every snapshot of the store is added. */
	readonly history: History;
	setDelay(seconds: number): void;
	/** Called when what is on the screen changes. */
	want(things: readonly Measurable[]): void;
	/** Follows this process; null: stops following. Returns why that is not possible, or null. */
	follow(pid: number | null): string | null;
	/** Gets each refresh; null without --keep-when. */
	readonly keeper: Pick<Keeper, "see"> | null;
	/** Controls the replay; null for a live run. */
	readonly player: Player | null;
	/** What this run writes to files, as rows for the health table. */
	writes(): readonly (readonly string[])[];
	/** Saves this span, or the whole history; resolves with a sentence about the result. */
	save(bounds: SpanBounds | null): Promise<string>;
	/** Keeps the columns of a pane in the configuration; resolves with a sentence about the result. */
	keepColumns(pane: string, columns: readonly string[]): Promise<string>;
	/** Reads what may be asked about a process; a sentence if there is nothing. */
	inspect(pid: number, start: string): Promise<Inspected | string>;
	/** Puts a text into the terminal's clipboard. */
	copy(text: string): void;
	onQuit(): void;
}

type Asked = Extract<UiState["overlay"], { kind: "details" }>;

/** The details that wait for what was asked. */
const askedIn = ({ overlay }: UiState): Asked | null =>
	overlay?.kind === "details" && overlay.inspected === ASKED ? overlay : null;

const GONE = "The process is gone.";

/** A screen that follows `store` until `close`. */
export function createScreen(options: ScreenOptions): Screen & { close(): void } {
	const {
		store,
		history,
		keeper,
		player,
		writes,
		setDelay,
		want,
		follow,
		save,
		keepColumns,
		inspect,
		copy,
		onQuit,
		...initial
	} = options;
	const derive = createDerive(history, writes);
	const listeners = new Set<() => void>();
	/** The last snapshot in the history. */
	let taken: Snapshot | null = null;
	let state = settle(initialState(initial), derive);
	let wanted = "";
	const readSpan = createSpanReader(history, (span, totals) => dispatch({ type: "span-read", span, totals }));

	function dispatch(intent: Intent): void {
		const before = state;
		state = reduce(state, intent, derive);
		if (state === before) return;
		if (state.followedPid !== before.followedPid) {
			const notice = follow(state.followedPid);
			if (notice !== null) state = { ...state, followedPid: null, notice };
		}
		if (state.delaySec !== before.delaySec) setDelay(state.delaySec);
		tellWanted();
		if (player !== null) control(player, before);
		if (state.saving !== null && state.saving !== before.saving) {
			void save(state.saving.bounds).then((notice) => dispatch({ type: "saved", notice }));
		}
		if (state.chosenColumns !== null && state.chosenColumns !== before.chosenColumns) {
			const { pane, columns } = state.chosenColumns;
			void keepColumns(pane, columns).then((notice) => dispatch({ type: "notice", notice }));
		}
		const asked = askedIn(state);
		if (asked !== null && asked.id !== askedIn(before)?.id) ask(asked);
		if (state.clipboard !== null && state.clipboard !== before.clipboard) copy(state.clipboard.text);
		for (const listener of listeners) listener();
		readSpan(state.span);
		if (state.hasQuit && !before.hasQuit) onQuit();
	}

	function ask({ id, pane, row }: Asked): void {
		const [pid] = pane.pids(row);
		const process = state.snapshot?.processes.find((one) => one.pid === pid && one.exit === null);
		const found = process === undefined ? GONE : inspect(process.pid, process.start);
		void Promise.resolve(found).then((what) => dispatch({ type: "inspected", id, found: what }));
	}

	/** A recording stands still with the screen. */
	function control(played: Player, before: UiState): void {
		if (state.speed !== before.speed) played.setSpeed(state.speed);
		if (isStill(state) !== isStill(before)) played.pause(isStill(state));
		if (state.seekMs !== null && state.seekMs !== before.seekMs) played.goTo(state.seekMs);
		if (state.playSteps === before.playSteps) return;
		const hasMore = played.step();
		dispatch({ type: "stepped", hasMore });
	}

	function tellWanted(): void {
		const things = lookedAt(state, derive);
		if (things.join() === wanted) return;
		wanted = things.join();
		want(things);
	}

	function refresh(): void {
		const snapshot = store.get();
		if (!snapshot || snapshot === taken) return;
		taken = snapshot;
		history.add(snapshot, store.isAfterGap);
		keeper?.see(snapshot);
		dispatch({ type: "refresh" });
	}

	// So that keys are read between sorting one pane and the next: the lines stay known until the dispatch.
	store.onPrepare(function* (snapshot) {
		if (!isStill(state)) yield* settleInSteps({ ...state, snapshot }, derive);
	});
	tellWanted();
	refresh();
	const unsubscribe = store.subscribe(refresh);
	return {
		derive,
		close() {
			unsubscribe();
			readSpan(null);
		},
		dispatch,
		get: () => state,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
