/** Numbers as the plain tables show them. */

const UNITS = ["", "K", "M", "G", "T", "P"] as const;

/** Bytes with a binary unit and three digits at most before it: 12, 1.5K, 120M. */
export function bytes(value: number): string {
	let unit = 0;
	let scaled = value;
	while (scaled >= 999.5 && unit < UNITS.length - 1) {
		scaled /= 1024;
		unit++;
	}
	const digits = unit === 0 || scaled >= 9.95 ? 0 : 1;
	return `${scaled.toFixed(digits)}${UNITS[unit]}`;
}

/** A rate: one digit behind the point while it is small; "-" where nobody measures it. */
export function perSecond(value: number | null): string {
	if (value === null) return "-";
	return value >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}

/** Nanoseconds with the unit that fits: 850ns, 12us, 3.4ms, 2.0s. */
export function time(ns: number): string {
	if (ns < 1e3) return `${Math.round(ns)}ns`;
	if (ns < 1e6) return `${(ns / 1e3).toFixed(ns < 1e4 ? 1 : 0)}us`;
	if (ns < 1e9) return `${(ns / 1e6).toFixed(ns < 1e7 ? 1 : 0)}ms`;
	return `${(ns / 1e9).toFixed(1)}s`;
}

/** The clock part of an ISO time. */
export function clock(isoTime: string): string {
	return isoTime.slice(11, 19);
}

/** 3 days, 2:05. */
export function uptime(ms: number): string {
	const minutes = Math.floor(ms / 60_000);
	const days = Math.floor(minutes / 1440);
	const clock = `${Math.floor((minutes % 1440) / 60)}:${String(minutes % 60).padStart(2, "0")}`;
	if (days === 0) return clock;
	return `${days} ${days === 1 ? "day" : "days"}, ${clock}`;
}
