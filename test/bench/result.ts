// The result of a benchmark, and its table.

/** One line: what was measured, what it is compared with, and whether the ratio or figure is good enough. */
export interface Result {
	readonly what: string;
	readonly ours: number;
	readonly against: string | null;
	readonly theirs: number | null;
	readonly unit: string;
	/** Upper bound of the ratio ours/theirs; null if there is nothing to compare with. */
	readonly atMostRatio: number | null;
	/** Bounds of `ours` itself. */
	readonly atMost?: number;
	readonly atLeast?: number;
	/** Everything measured, for the JSON. */
	readonly raw?: unknown;
}

export interface Case {
	readonly name: string;
	run(): Promise<Result[]>;
}

const ratioOf = (result: Result): number | null => (result.theirs === null ? null : result.ours / result.theirs);

/** True if the result is within all its bounds. */
export function holds(result: Result): boolean {
	const ratio = ratioOf(result);
	if (result.atMostRatio !== null && (ratio === null || !(ratio <= result.atMostRatio))) return false;
	if (result.atMost !== undefined && !(result.ours <= result.atMost)) return false;
	return result.atLeast === undefined || result.ours >= result.atLeast;
}

function bound(result: Result): string {
	if (result.atMostRatio !== null) return `<= ${result.atMostRatio} x`;
	if (result.atMost !== undefined) return `<= ${result.atMost}`;
	return result.atLeast === undefined ? "" : `>= ${result.atLeast}`;
}

const figure = (value: number | null): string =>
	value === null ? "" : Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : value.toFixed(1);

/** The results as rows of a Markdown table. */
export function table(results: readonly Result[]): string {
	const rows = results.map((result) => [
		result.what,
		figure(result.ours),
		result.against ?? "",
		figure(result.theirs),
		result.unit,
		ratioOf(result)?.toFixed(2) ?? "",
		bound(result),
		holds(result) ? "yes" : "NO",
	]);
	const all = [["what", "ebtop", "against", "", "unit", "ratio", "at most", "holds"], ...rows];
	const widths = (all[0] ?? []).map((_, column) => Math.max(3, ...all.map((row) => (row[column] ?? "").length)));
	const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
	const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
	return [line(all[0] ?? []), rule, ...all.slice(1).map(line)].join("\n");
}
