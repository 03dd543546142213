import { expect, test } from "vitest";
import { type Moment, momentOf } from "../../../src/history/moment.ts";
import { createStrip } from "../../../src/ui/state/strip.ts";
import { anEvent, aSnapshot, aSystem } from "../../helpers/snapshots.ts";

test("from refresh to refresh it is what is made of all of them, while they grow, the oldest go, and the terminal changes", () => {
	const kept = createStrip();
	let moments: Moment[] = [];
	for (let seq = 0; seq < 400; seq++) {
		const events = seq % 17 === 3 ? [anEvent({ type: "oom-kill" })] : [];
		const system = aSystem({ cpuPercent: (seq * 37) % 100, forkRate: seq % 11, uptimeMs: seq * 1000 });
		moments.push(momentOf(moments.at(-1), aSnapshot({ seq, events, system, intervalMs: 1000 }), seq % 97 === 5));
		if (seq > 250) moments = moments.slice(seq % 3);
		const width = seq % 50 < 40 ? 200 : 90;
		const shown = seq % 5 === 0 ? seq - 3 : null;
		expect(kept(moments, width, shown)).toEqual(createStrip()(moments, width, shown));
	}
	expect(moments.length).toBeGreaterThan(100);
	const { buckets, parts } = kept(moments, 200, null);
	expect(buckets.reduce((sum, { oomKills }) => sum + oomKills, 0)).toBeGreaterThan(3);
	expect(Math.max(...(parts[1]?.values ?? []))).toBe(Math.max(...moments.map(({ cpuPercent }) => cpuPercent)));
});
