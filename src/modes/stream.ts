/** `--record -`: what is shown goes to stdout as a recording, for `ebtop --replay -` at the other end. */

import type { Options } from "../cli/command-line.ts";
import type { Failure } from "../failure.ts";
import { formatCount } from "../format/quantity.ts";
import { answerClock } from "../hosts/clock.ts";
import type { Store } from "../model/store.ts";
import { openBytesOutput, writeError } from "../output/door.ts";
import { shownInfo } from "../run/recorded-info.ts";
import type { Run } from "../run/run.ts";
import { LiveStream } from "../serve/live-stream.ts";

/** After a signal, a reader that takes nothing must not keep the program from ending. */
const STOPPED_FLUSH_MS = 3000;

/** Plays the run to its end onto stdout. Resolves with what went wrong; null after a normal end. Throws a Failure of status 2. */
export async function streamSnapshots(
	{ pipeline, info, setDelay }: Run,
	store: Store,
	options: Options,
): Promise<Error | null> {
	let problem: Failure | null = null;
	const output = openBytesOutput({
		onDrain: () => {},
		onClosed: (failure) => {
			problem = failure;
			pipeline.stop(false);
		},
	});
	const stream = new LiveStream({ ...shownInfo(info, options), isStreamed: true });
	stream.add(output, null);
	// Who asks is who reads: without him there is nobody to record for.
	if (options.clock)
		answerClock(process.stdin, {
			write: (block) => output.write(block),
			setDelay,
			end: () => pipeline.stop(false),
		});
	store.subscribe((snapshot) => stream.publish(snapshot));
	pipeline.start();
	const error = await pipeline.ended;
	stream.end();
	await output.flush(pipeline.isStopped ? STOPPED_FLUSH_MS : null);
	if (stream.skipped > 0) {
		await writeError(`${formatCount(stream.skipped)} refreshes were left out, since what reads them is slow.`);
	}
	return error ?? problem;
}
