/** The table of kernels in bpf/README.md, and the results of a guest that it is made of. */

import { expect, test } from "vitest";
import { sumsIn, table } from "../../scripts/guest/results.mjs";

test("probes with the same state on all kernels share a row", () => {
	const tests = {
		"a.test.ts": { date: "2026-01-03", passed: 90, failed: 1, skipped: 0 },
		"b.test.ts": { date: "2026-01-02", passed: 7, failed: 0, skipped: 3 },
	};
	const old = { kernel: "6.1.0-1", date: "2026-01-02", tests, probes: { fork: "`tp_btf`", exec: "`tp_btf`" } };
	const young = { ...old, kernel: "7.2.1", tests: {}, probes: { fork: "`perf`", exec: "`perf`", disk: "`tp_btf`" } };
	expect(table([old, young], 3)).toEqual([
		"| probe | 6.1.0-1 | 7.2.1 |",
		"|---|---|---|",
		"| fork, exec | `tp_btf` | `perf` |",
		"| disk | – | `tp_btf` |",
		"| loaded on | 2026-01-02 | 2026-01-02 |",
		"| test files that were run | 2 of 3 | 0 of 3 |",
		"| not before | 2026-01-02 | – |",
		"| tests in them | 97 passed, 1 failed, 3 skipped | 0 passed, 0 failed, 0 skipped |",
	]);
});

test("the log of a guest has a sum for each test file, and the last one counts", () => {
	const line = (file: string, passed: number, skipped: number) =>
		`@@ tests ${JSON.stringify({ file, passed, failed: 0, skipped })}`;
	const log = [
		"@@ ready 6.1.0-1",
		line("a.test.ts", 0, 3),
		" ✓ noise",
		line("b.test.ts", 5, 0),
		line("a.test.ts", 3, 0),
	];
	expect(sumsIn(log.join("\n"))).toEqual({
		"a.test.ts": { passed: 3, failed: 0, skipped: 0 },
		"b.test.ts": { passed: 5, failed: 0, skipped: 0 },
	});
});
