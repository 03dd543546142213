/** `ebtop serve`: measures without a screen, for viewers that connect to its socket. */

import type { Options } from "../cli/command-line.ts";
import { History } from "../history/history.ts";
import { createStore } from "../model/store.ts";
import { writeError } from "../output/door.ts";
import { shownInfo } from "../run/recorded-info.ts";
import { openRun } from "../run/run.ts";
import { listenAt, userOf } from "../serve/listen.ts";
import { USUAL_SOCKET } from "../serve/protocol.ts";
import { Viewers } from "../serve/viewers.ts";

/** Serves until it is stopped; `stopBy` registers how. Resolves with what went wrong, or null; rejects with a Failure. */
export async function serve(options: Options, stopBy: (stop: () => void) => void): Promise<Error | null> {
	const store = createStore();
	const run = await openRun(options, "fast", store, { tell: (notice) => void writeError(notice) });
	const { pipeline, info, note } = run;
	stopBy(() => pipeline.stop(true));
	try {
		const { server, note: whoNot } = await listenAt(options.socket ?? USUAL_SOCKET);
		const history = new History({ spanMs: options.historyMs });
		const viewers = new Viewers({ server, store, history, info: shownInfo(info, options), userOf });
		for (const sentence of [note, whoNot]) if (sentence !== null) await writeError(sentence);
		await run.lockDown();
		pipeline.start();
		const error = await pipeline.ended;
		server.close();
		viewers.close();
		return error;
	} catch (error) {
		pipeline.stop(false);
		throw error;
	}
}
