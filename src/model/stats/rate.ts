/** Rates over the actual time between two refreshes. */

const PER_SECOND_DIGITS = 1000;

/** `delta` per second, to three decimals; 0 before the first interval. */
export function perSecond(delta: number, seconds: number): number {
	return seconds > 0 && delta > 0 ? Math.round((delta / seconds) * PER_SECOND_DIGITS) / PER_SECOND_DIGITS : 0;
}

/** `part` of `whole` in percent, to two decimals. */
export function percent(part: number, whole: number): number {
	return whole > 0 && part > 0 ? Math.round((part / whole) * 10000) / 100 : 0;
}

/** The increase of a counter; a smaller value means that it restarted from zero. */
export function growth(now: number, before: number): number {
	return now >= before ? now - before : now;
}
