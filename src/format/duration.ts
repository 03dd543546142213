/** Durations in at most seven characters, and as users type them. */

/** Units of time that users may type, in milliseconds. */
export const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
export const DAY_MS = 24 * 3_600_000;

function short(value: number): string {
	return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}

/** 800ns, 1.5us, 12ms, 3.0s, 5m12s, 3h04m, 2d04h. */
export function formatDurationNs(ns: number): string {
	if (ns < 999.5) return `${ns.toFixed(0)}ns`;
	if (ns < 999_500) return `${short(ns / 1e3)}us`;
	if (ns < 999.5e6) return `${short(ns / 1e6)}ms`;
	return formatSeconds(ns / 1e9);
}

/** As `formatDurationNs`, from milliseconds. */
export function formatDurationMs(ms: number): string {
	return formatDurationNs(ms * 1e6);
}

function formatSeconds(seconds: number): string {
	if (seconds < 59.5) return `${short(seconds)}s`;
	const whole = Math.round(seconds);
	const two = (value: number) => String(value).padStart(2, "0");
	if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
	if (whole < 86_400) return `${Math.floor(whole / 3600)}h${two(Math.floor(whole / 60) % 60)}m`;
	return `${Math.floor(whole / 86_400)}d${two(Math.floor(whole / 3600) % 24)}h`;
}

/** 00:07, 04:12, 1:04:12. */
export function formatStopwatch(ms: number): string {
	const seconds = Math.round(ms / 1000);
	const two = (value: number) => String(value).padStart(2, "0");
	const minutes = Math.floor(seconds / 60);
	const tail = `${two(minutes % 60)}:${two(seconds % 60)}`;
	return minutes < 60 ? tail : `${Math.floor(minutes / 60)}:${tail}`;
}

/** How long ago, with a single unit: 3s, 2m, 5h, 9d. */
export function formatAge(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1000));
	if (seconds < 60) return `${seconds}s`;
	if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
	return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** The time of day in an ISO time. */
export function formatClock(isoTime: string): string {
	return isoTime.slice(11, 19);
}
