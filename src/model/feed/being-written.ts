/** Whether a recording is still being written, as far as can be told without its writer. */

import { hostname, uptime } from "node:os";
import type { RecordingInfo } from "./recorder.ts";
import { FileBytes } from "./recording-bytes.ts";
import { lastRefreshOf, RecordingReader } from "./recording-reader.ts";

const NS_PER_MS = 1_000_000n;
const LONGEST_DELAY_SECONDS = 60;
/** Refreshes may be late, as with a busy disk. */
const DELAYS = 3;
const LEAST_QUIET_MS = 1000;

/**
 * After how many quiet milliseconds the recording counts as ended; null if nobody writes it any more. It is being written if it
 * has no end and its last refresh happened a moment ago on this machine. A file that cannot be read is not being written.
 */
export function quietTimeOf(path: string, sinceBootMs = uptime() * 1000): number | null {
	try {
		const quietMs = quietTimeBy(infoOf(path));
		const { timeNs, hasEnd } = lastRefreshOf(new FileBytes(path));
		const ageMs = sinceBootMs - Number(timeNs / NS_PER_MS);
		return !hasEnd && ageMs > -LEAST_QUIET_MS && ageMs < quietMs ? quietMs : null;
	} catch {
		return null;
	}
}

function infoOf(path: string): RecordingInfo {
	const reader = new RecordingReader(path);
	reader.close();
	return reader.info;
}

/** 0 if it comes from another machine. */
function quietTimeBy({ host, options }: RecordingInfo): number {
	const { delaySeconds } = Object(options) as { delaySeconds?: unknown };
	const seconds = typeof delaySeconds === "number" ? Math.min(LONGEST_DELAY_SECONDS, Math.max(0, delaySeconds)) : 1;
	return host === hostname() ? LEAST_QUIET_MS + DELAYS * seconds * 1000 : 0;
}
