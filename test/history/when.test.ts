import { expect, test } from "vitest";
import type { Moment } from "../../src/history/moment.ts";
import { momentAt, parseWhen } from "../../src/history/when.ts";

/** A refresh each second from 23:58:00.004 on; at the end the clock is set back by half a minute. */
const moments = Array.from({ length: 180 }, (_, no): Moment => {
	const clockMs = Date.UTC(2026, 10, 20, 23, 58, no) + 4 - (no >= 170 ? 30_000 : 0);
	const quiet = { oomKills: 0, failedExits: 0, losses: 0, gaps: 0, uptimeMs: 0, events: 0 };
	return {
		no,
		atMs: no * 1000,
		gaplessMs: no * 1000,
		clockMs,
		cpuPercent: 0,
		forkRate: 0,
		syscallRate: 0,
		diskRate: null,
		netRate: 0,
		...quiet,
	};
});

/** Number of the refresh that `text` means; "before" if it is older than all. */
function noOf(text: string): number | string | undefined {
	const when = parseWhen(text);
	return when === null ? "no time" : (momentAt(moments, when)?.no ?? "before");
}

test.each([
	["-90s", 89],
	["90s ago", 89],
	["1.5m", 89],
	["2m ago", 59],
	["- 2m", 59],
	["-01:30", 89],
	["-0:01:30", 89],
	["0s", 179],
	["1h", "before"],
	["23:58:30", 30],
	["23:58", 0],
	["0:00:20", 170],
	["23:57", "before"],
	["2026-11-20T23:58:30Z", 30],
	["2026-11-20 23:58:30", 30],
	["2026-11-21T00:58:30+01:00", 30],
	["2026-11-20T23:58:30.003Z", 29],
	["2027-01-01T00:00:00Z", 179],
	["1999-01-01T00:00", "before"],
])("%s is a time", (text, no) => {
	expect(noOf(text)).toBe(no);
	expect(noOf(`  ${text} `)).toBe(no);
});

test.each([
	"",
	"x",
	"24:00",
	"12:60",
	"12:00:61",
	"5",
	"-5",
	"m",
	"5m10s",
	"--5m",
	"2026-13-01T00:00Z",
	"2026-11-20",
	"1e3s",
	"99999999s",
])("%j is none", (text) => {
	expect(parseWhen(text)).toBeNull();
});

test("of nothing remembered there is no moment", () => {
	expect(momentAt([], { agoMs: 0 })).toBeUndefined();
});
