/** Names of signals; the numbers are the same on x86 and arm64. */

const NAMES =
	"HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS".split(
		" ",
	);
const RT_MIN = 34;
const RT_MAX = 64;

/** "SIGTERM", "SIGRTMIN+3", or "SIG99" for an unknown number. */
export function signalName(signal: number): string {
	const name = NAMES[signal - 1];
	if (name !== undefined) return `SIG${name}`;
	if (signal === RT_MIN) return "SIGRTMIN";
	return signal > RT_MIN && signal <= RT_MAX ? `SIGRTMIN+${signal - RT_MIN}` : `SIG${signal}`;
}
