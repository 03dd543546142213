import { describe, expect, test } from "vitest";
import { formatEndpoint } from "../../../src/format/address.ts";
import { formatDurationMs, formatDurationNs } from "../../../src/format/duration.ts";
import { formatByteRate, formatBytes, formatCount, formatPercent, formatRate } from "../../../src/format/quantity.ts";
import { formatProcess } from "../../../src/model/names/processes.ts";

test.each([
	[0, "0B"],
	[999, "999B"],
	[1000, "1.0K"],
	[1024, "1.0K"],
	[1536, "1.5K"],
	[102_400, "100K"],
	[1_048_575, "1.0M"],
	[120_000_000, "114M"],
	[5 * 1024 ** 4, "5.0T"],
])("%i bytes are %s", (bytes, text) => {
	expect(formatBytes(bytes)).toBe(text);
});

test.each([
	[0, "0"],
	[999, "999"],
	[1000, "1.0k"],
	[18_234, "18.2k"],
	[999_499, "999k"],
	[999_999, "1.0M"],
])("%i things are %s", (count, text) => {
	expect(formatCount(count)).toBe(text);
});

test("a rate of 0 is blank, so that others stand out", () => {
	expect([formatRate(0), formatByteRate(0), formatRate(0.04)]).toEqual(["", "", ""]);
	expect([formatRate(2.34), formatRate(18_234), formatByteRate(2048)]).toEqual(["2.3", "18.2k", "2.0K"]);
});

test("a percentage keeps its decimal as long as there is room", () => {
	expect([0, 12.34, 100, 1600].map(formatPercent)).toEqual(["0.0", "12.3", "100.0", "1600"]);
});

describe("durations", () => {
	test.each([
		[0, "0ns"],
		[800, "800ns"],
		[1500, "1.5us"],
		[12_000_000, "12ms"],
		[999_600_000, "1.0s"],
		[3e9, "3.0s"],
		[312e9, "5m12s"],
		[11_040e9, "3h04m"],
		[187_200e9, "2d04h"],
	])("%i ns are %s", (ns, text) => {
		expect(formatDurationNs(ns)).toBe(text);
	});

	test("milliseconds are the same times", () => {
		expect(formatDurationMs(2.1)).toBe("2.1ms");
	});
});

test("endpoints look as in ss; the kernel has no pid", () => {
	expect(formatEndpoint(4, "127.0.0.1", 80)).toBe("127.0.0.1:80");
	expect(formatEndpoint(6, "fe80::1", 80)).toBe("[fe80::1]:80");
	expect(formatEndpoint(6, "::", 0)).toBe("*:*");
	expect(formatProcess({ pid: 812, comm: "nginx" })).toBe("nginx 812");
	expect(formatProcess({ pid: 0, comm: "kernel" })).toBe("kernel");
});
