/** The states of processes and threads, as in /proc/PID/stat; the same string for every one in a state. */

const STATES = new Map(Array.from("RSDTtZXIPWK", (letter) => [letter.charCodeAt(0), letter]));

/** The letter that a record has as a byte; undefined for what is none. */
export function letterOfState(code: number): string | undefined {
	return STATES.get(code);
}
