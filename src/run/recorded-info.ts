/** What a recording says of the run that it was made in. */

import type { Options } from "../cli/command-line.ts";
import { version } from "../cli/version.ts";
import type { FeedInfo } from "../model/feed/feed.ts";
import { type RecordingInfo, snapshotsInfo } from "../model/feed/recorder.ts";

/** The options that shape what is recorded. */
export function recordedOptions({
	pids,
	comm,
	delaySeconds,
	panes,
	events,
	latency,
	noArgs,
}: Options): RecordingInfo["options"] {
	return { pids, comm, delaySeconds, panes: panes.map(({ name }) => name), events, latency, noArgs };
}

/** Of a recording of what is shown. */
export function shownInfo(feed: FeedInfo, options: Options): RecordingInfo {
	return snapshotsInfo(feed, version(), recordedOptions(options));
}
