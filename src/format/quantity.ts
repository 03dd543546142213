/** Numbers in at most five characters, with a unit if needed, blank for nothing. By hand: packages keep to no width. */

const BINARY_UNITS = ["B", "K", "M", "G", "T", "P", "E"];
const DECIMAL_UNITS = ["", "k", "M", "G", "T", "P"];

function scaled(value: number, base: number, units: readonly string[]): string {
	let unit = 0;
	let rest = value;
	// 999.5 and not 1000: "1000K" would be one character wider than its column.
	while (rest >= 999.5 && unit < units.length - 1) {
		rest /= base;
		unit += 1;
	}
	const digits = unit === 0 || rest >= 99.95 ? 0 : 1;
	return rest.toFixed(digits) + units[unit];
}

/** 0B, 999B, 1.5K, 120M; powers of 1024. */
export function formatBytes(bytes: number): string {
	return scaled(bytes, 1024, BINARY_UNITS);
}

/** 0, 999, 1.5k, 18.2k; powers of 1000. */
export function formatCount(count: number): string {
	return scaled(Math.round(count), 1000, DECIMAL_UNITS);
}

/** As `formatBytes`, but blank for 0, so that activity stands out. */
export function formatByteRate(bytesPerSec: number): string {
	return bytesPerSec < 0.5 ? "" : formatBytes(bytesPerSec);
}

/** A rate; one decimal below ten; blank for 0. */
export function formatRate(perSec: number): string {
	if (perSec < 0.05) return "";
	return perSec < 9.95 ? perSec.toFixed(1) : scaled(perSec, 1000, DECIMAL_UNITS);
}

/** Like `formatRate`, for places where a blank would look like a mistake; "-" for a rate that is not counted. */
export function wholeRate(perSec: number | null): string {
	return perSec === null ? "-" : formatRate(perSec) || "0";
}

/** Like `wholeRate`, for bytes. */
export function wholeByteRate(bytesPerSec: number | null): string {
	return bytesPerSec === null ? "-" : formatByteRate(bytesPerSec) || "0";
}

/** Percent of one CPU: 0.0 to 100.0 and above. */
export function formatPercent(percent: number): string {
	return percent >= 999.5 ? percent.toFixed(0) : percent.toFixed(1);
}
