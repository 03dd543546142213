/** Removes the parts of names that differ from run to run: pids and counters, ids, temporary files, what --redact put there. */

const TEMPORARY = /\/(?:tmp|var\/tmp|dev\/shm|run\/user\/\d+)\/\S*/g;
/** The random part of mktemp(3) and the like: letters of both cases, or letters and digits. */
const CHOSEN = /(?<=^|[^A-Za-z0-9])(?=[A-Za-z0-9_]*(?:\d|[a-z][A-Z]|[A-Z]{2}))[A-Za-z0-9_]{6,}/g;
const AFTER_TMP = /(?<=tmp[._-])[A-Za-z0-9_]{6,}/g;
/** An IPv4 address is kept; so is a port below the usual ephemeral range. */
const NUMBER = /\d{1,3}(?:\.\d{1,3}){3}|:?\d+/g;
const FIRST_CHOSEN_PORT = 32_768;
const REDACTED = /\[redacted-[0-9a-f]{6}\]/g;
const ID = /\b[0-9a-f]{12,}\b/g;

export function withoutVolatileParts(text: string): string {
	return text
		.replace(TEMPORARY, (path) => path.replace(AFTER_TMP, "<temp>").replace(CHOSEN, "<temp>"))
		.replace(REDACTED, "<redacted>")
		.replace(ID, "<id>")
		.replace(NUMBER, withoutNumber);
}

function withoutNumber(number: string): string {
	const isPort = number.startsWith(":");
	if (number.includes(".") || (isPort && Number(number.slice(1)) < FIRST_CHOSEN_PORT)) return number;
	return isPort ? ":#" : "#";
}
