/** Saves the history of a run: on request, and automatically. */

import { callersPlace } from "../cli/caller.ts";
import type { Options } from "../cli/command-line.ts";
import { version } from "../cli/version.ts";
import type { ReadFile } from "../config/read-file.ts";
import type { History } from "../history/history.ts";
import type { SpanBounds } from "../history/span.ts";
import type { FeedInfo } from "../model/feed/feed.ts";
import { CallersFiles } from "./callers-files.ts";
import type { Keeper } from "./keeper.ts";
import type { NotSaved, Saved, SpanToSave } from "./save-span.ts";

export interface Saving {
	/** Null without --keep-when. */
	readonly keeper: Keeper | null;
	/** Null: the whole history. Resolves with a sentence about the result. */
	save(bounds: SpanBounds | null): Promise<string>;
	/** The same for columns in the configuration `file`; null: there is none. */
	keepColumns(file: ReadFile | null, pane: string, columns: readonly string[]): Promise<string>;
	/** Saves what is waiting first. */
	close(): Promise<void>;
}

/** Call it before rights are dropped. `tell` shows sentences about what --keep-when keeps. */
export async function openSaving(
	{ keepWhen }: Options,
	history: History,
	info: () => FeedInfo,
	tell: (notice: string) => void,
): Promise<Saving> {
	const files = new CallersFiles(callersPlace().user);
	let last: Promise<unknown> = Promise.resolve();
	const saveSpan = (span: Pick<SpanToSave, "bounds" | "reason" | "limits">): Promise<Saved | NotSaved> => {
		const saving = import("./save-span.ts").then(({ saveSpan }) =>
			saveSpan({ ...span, history, info: info(), version: version() }, files),
		);
		last = saving;
		return saving;
	};
	const keeper = keepWhen === null ? null : await openKeeper(keepWhen);
	return {
		keeper,
		async save(bounds) {
			const { savedNotice } = await import("./save-span.ts");
			return savedNotice(await saveSpan({ bounds, reason: null, limits: [] }));
		},
		keepColumns(file, pane, columns) {
			const keeping = import("../config/keep-columns.ts").then((module) =>
				module.keepColumns(file, pane, columns, files),
			);
			last = keeping;
			return keeping;
		},
		async close() {
			await keeper?.finish();
			await last;
			files.close();
		},
	};

	async function openKeeper(filter: NonNullable<Options["keepWhen"]>): Promise<Keeper> {
		const { Keeper } = await import("./keeper.ts");
		return new Keeper({ filter, history, save: saveSpan, tell });
	}
}
