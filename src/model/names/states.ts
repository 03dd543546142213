/** The states of processes and threads, as in /proc/PID/stat; one string object per state. */

const STATES = new Map(Array.from("RSDTtZXIPWK", (letter) => [letter.charCodeAt(0), letter]));

/** The state letter for a byte of a record; undefined if it is not one. */
export function letterOfState(code: number): string | undefined {
	return STATES.get(code);
}
