/**
 * The series of one family of metrics: totals by labels. A family has a bounded number of series, however many names a
 * machine has; the rest is added up in a series whose labels are all "other", so sums are right. What was added to a
 * series stays in it, so rates are right too.
 */

export interface Bounds {
	/** Series with labels of their own. */
	readonly series: number;
	/** Label sets without a series that are considered for one. */
	readonly waiting: number;
	/** A series ends after this time without a use. */
	readonly idleMs: number;
	/** How often series are reassigned to the label sets used most since. */
	readonly reviewMs: number;
}

export const BOUNDS: Bounds = { series: 200, waiting: 1000, idleMs: 15 * 60_000, reviewMs: 60_000 };

export const OTHER = "other";

export interface Series {
	readonly labels: readonly string[];
	/** Only grow. */
	readonly counters: number[];
	/** The present values. */
	readonly gauges: number[];
}

interface OwnSeries extends Series {
	/** What was added since the last review, in the family's first counter or gauge. */
	use: number;
	idleMs: number;
}

export class Family {
	readonly #counters: number;
	readonly #gauges: number;
	readonly #bounds: Bounds;
	readonly #own = new Map<string, OwnSeries>();
	readonly #other: Series;
	/** Uses of label sets without a series, since the last review. */
	readonly #waiting = new Map<string, number>();
	#sinceReviewMs = 0;

	/** `labels`, `counters`, `gauges`: how many of each every series has. */
	constructor(sizes: { readonly labels: number; readonly counters: number; readonly gauges: number }, bounds = BOUNDS) {
		this.#counters = sizes.counters;
		this.#gauges = sizes.gauges;
		this.#bounds = bounds;
		this.#other = this.#make(Array<string>(sizes.labels).fill(OTHER));
	}

	/** All series; "other" once it has something. */
	*[Symbol.iterator](): Iterator<Series> {
		yield* this.#own.values();
		if (this.#other.counters.some((value) => value > 0) || this.#other.gauges.some((value) => value > 0))
			yield this.#other;
	}

	/** Begins a refresh: resets the gauges. */
	begin(intervalMs: number): void {
		this.#sinceReviewMs += intervalMs;
		this.#other.gauges.fill(0);
		for (const [key, series] of this.#own) {
			series.gauges.fill(0);
			series.idleMs += intervalMs;
			if (series.idleMs > this.#bounds.idleMs) this.#own.delete(key);
		}
		if (this.#sinceReviewMs >= this.#bounds.reviewMs) this.#review();
	}

	add(labels: readonly string[], counters: readonly number[], gauges: readonly number[] = []): void {
		const key = labels.join("\0");
		const use = counters.reduce((sum, value) => sum + value, 0) + gauges.reduce((sum, value) => sum + value, 0);
		const own = this.#own.get(key) ?? this.#admit(key, labels);
		if (own === undefined) this.#wait(key, use);
		else own.use += use;
		if (own !== undefined && use > 0) own.idleMs = 0;
		const { counters: totals, gauges: sums } = own ?? this.#other;
		for (const [at, value] of counters.entries()) totals[at] = (totals[at] ?? 0) + value;
		for (const [at, value] of gauges.entries()) sums[at] = (sums[at] ?? 0) + value;
	}

	#make(labels: readonly string[]): OwnSeries {
		const zeros = (length: number) => Array<number>(length).fill(0);
		return { labels, counters: zeros(this.#counters), gauges: zeros(this.#gauges), use: 0, idleMs: 0 };
	}

	#admit(key: string, labels: readonly string[]): OwnSeries | undefined {
		if (this.#own.size >= this.#bounds.series) return undefined;
		const series = this.#make(labels);
		this.#own.set(key, series);
		return series;
	}

	#wait(key: string, use: number): void {
		const before = this.#waiting.get(key);
		if (before !== undefined || this.#waiting.size < this.#bounds.waiting) this.#waiting.set(key, (before ?? 0) + use);
	}

	/**
	 * A waiting label set that was used twice as much as a series takes its place; later values are added to its own
	 * series.
	 */
	#review(): void {
		const waiting = [...this.#waiting].sort(([, a], [, b]) => b - a);
		const least = [...this.#own].sort(([, a], [, b]) => a.use - b.use);
		for (const [at, [, use]] of waiting.entries()) {
			const loser = least[at];
			if (loser === undefined || use <= 2 * loser[1].use) break;
			this.#own.delete(loser[0]);
		}
		for (const series of this.#own.values()) series.use = 0;
		this.#waiting.clear();
		this.#sinceReviewMs = 0;
	}
}
