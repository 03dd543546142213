/** The table of kernels in bpf/README.md, and the results of a guest that it is made of. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSum, table } from "../../scripts/guest/results.mjs";

const folder = mkdtempSync(join(tmpdir(), "eb-"));
afterAll(() => rmSync(folder, { recursive: true }));
const leave = (name: string, passed: number, failed: number, skipped: string[]) =>
	writeFileSync(join(folder, name), JSON.stringify({ passed, failed, skipped }));

test("probes with the same state on all kernels share a row", () => {
	const tests = { date: "2026-01-02", passed: 97, failed: 1, skipped: 3 };
	const old = { kernel: "6.1.0-1", date: "2026-01-02", tests, probes: { fork: "`tp_btf`", exec: "`tp_btf`" } };
	const young = { ...old, kernel: "7.2.1", tests: null, probes: { fork: "`perf`", exec: "`perf`", disk: "`tp_btf`" } };
	expect(table([old, young])).toEqual([
		"| probe | 6.1.0-1 | 7.2.1 |",
		"|---|---|---|",
		"| fork, exec | `tp_btf` | `perf` |",
		"| disk | – | `tp_btf` |",
		"| loaded on | 2026-01-02 | 2026-01-02 |",
		"| tests | 97 passed, 1 failed, 3 skipped, 2026-01-02 | not all were run |",
	]);
});

test("a guest that was not locked down in the end has failed", () => {
	expect(readSum(folder)).toBe(null);
	leave("sum.json", 89, 0, ["one"]);
	expect(readSum(folder)).toEqual({ passed: 89, failed: 1, skipped: 1 });
	leave("lockdown.json", 3, 0, []);
	expect(readSum(folder)).toEqual({ passed: 92, failed: 0, skipped: 1 });
});
