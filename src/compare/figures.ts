/** The figures of a comparison: how they are printed, and from when on two of them differ. */

import { formatDurationNs } from "../format/duration.ts";
import { formatBytes, formatPercent, wholeByteRate, wholeRate } from "../format/quantity.ts";

export interface Figure {
	readonly label: string;
	print(value: number): string;
	/** A smaller difference is none. */
	readonly least: number;
	/** So is one that is a smaller share of the larger value. */
	readonly share: number;
}

/** What happens a few times a minute differs by as much from one minute to the next. */
const SHARE = 0.25;
/** A percentile is known to a factor of two. */
const PERCENTILE_SHARE = 0.5;

const bytesPerSecond = (label: string): Figure => ({
	label,
	print: (value) => `${wholeByteRate(value)}/s`,
	least: 1,
	share: SHARE,
});
const perSecond = (label: string): Figure => ({
	label,
	print: (value) => `${wholeRate(value)}/s`,
	least: 0.05,
	share: SHARE,
});
const time = (label: string, share: number): Figure => ({ label, print: formatDurationNs, least: 1000, share });
const times = (of: string) => ({
	[of === "" ? "avgNs" : `${of}AvgNs`]: time(`${of} average`.trim(), SHARE),
	[of === "" ? "p99Ns" : `${of}P99Ns`]: time(`${of} P99`.trim(), PERCENTILE_SHARE),
});
/** A longer span has more of them, so they are not compared. */
const number = (label: string): Figure => ({ label, print: String, least: Number.POSITIVE_INFINITY, share: 1 });

export const FIGURES: Readonly<Record<string, Figure>> = {
	processes: number("processes"),
	connections: number("connections"),
	cpuPercent: { label: "CPU", print: (value) => `${formatPercent(value)} %`, least: 1, share: SHARE },
	mostRssBytes: { label: "largest", print: formatBytes, least: 2 ** 20, share: SHARE },
	startRate: perSecond("started"),
	forkRate: perSecond("forks"),
	syscallRate: perSecond("calls"),
	callRate: perSecond("calls"),
	errorRate: perSecond("errors"),
	openRate: perSecond("opened"),
	readRate: bytesPerSecond("read"),
	writeRate: bytesPerSecond("written"),
	rxRate: bytesPerSecond("received"),
	txRate: bytesPerSecond("sent"),
	byteRate: bytesPerSecond("moved"),
	messageRate: perSecond("messages"),
	requestRate: perSecond("requests"),
	retransmitRate: perSecond("retransmits"),
	eventRate: perSecond("events"),
	...times(""),
	...times("queued"),
	...times("served"),
};

/** Whether two values of a figure are different; false if one is not known. */
export function differs(name: string, a: number | undefined, b: number | undefined): boolean {
	if (a === undefined || b === undefined) return false;
	const { least = 0, share = SHARE } = FIGURES[name] ?? {};
	const difference = Math.abs(a - b);
	return difference >= least && difference > share * Math.max(a, b);
}
