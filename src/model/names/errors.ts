/** Errors of system calls by number. */

import { getSystemErrorName } from "node:util";

/** "ENOENT" for -2. */
export function errorName(error: number): string {
	return error < 0 && error > -4096 ? getSystemErrorName(error) : `error ${error}`;
}
