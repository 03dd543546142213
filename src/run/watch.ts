/** A run without a screen that collects what one process and its descendants do. */

import { parseCommandLine } from "../cli/command-line.ts";
import { Followed } from "../follow/followed.ts";
import { Model } from "../model/model.ts";
import { createStore } from "../model/store.ts";
import { openFeed } from "./open-feed.ts";
import { Pipeline } from "./pipeline.ts";

export interface Watch {
	readonly followed: Followed;
	readonly host: string;
	readonly kernel: string;
	/** Waits until all of them have ended, at most `lingerMs` or until `hurry`; then releases everything. */
	finish(lingerMs: number, hurry: AbortSignal): Promise<void>;
}

/** How often to check whether any of them still lives. */
const LOOK_MS = 50;

/**
 * Attaches everything and drops the rights that are no longer needed. Rejects with a Failure if this machine cannot be
 * watched.
 */
export async function openWatch(pid: number, noArgs: boolean): Promise<Watch> {
	// Refreshes are short, so that what happens within one of them stays small.
	const words = ["--follow", String(pid), "--require-bpf", "--delay", "0.5", "--panes", "processes,ipc,files,tcp"];
	words.push("--events", "process,signal,file-create,file-delete,file-rename");
	const options = parseCommandLine(noArgs ? [...words, "--no-args"] : words);
	const { feed, lockDown } = await openFeed(options, "fast");
	const followed = new Followed([pid]);
	const model = new Model(feed.info, {}, followed);
	const pipeline = new Pipeline({ feed, model, store: createStore(), recorder: null, atEnd: null, count: null });
	pipeline.start();
	lockDown();
	return {
		followed,
		host: feed.info.host,
		kernel: feed.info.kernel,
		async finish(lingerMs, hurry) {
			const untilMs = performance.now() + lingerMs;
			while (followed.isAlive && !hurry.aborted && performance.now() < untilMs) await pause();
			pipeline.stop(true);
			const error = await pipeline.ended;
			if (error !== null) throw error;
		},
	};
}

function pause(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
