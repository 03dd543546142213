/** Calls that seccomp filters refuse: exactly those, whatever the verdict. */

import { expect, test } from "vitest";
import { describeLive, LiveSession, processIn } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

const roles = ["eb-refused", "eb-child"];
const calls = [
	["swapon: EPERM", 17],
	["sethostname: no error", 11],
	["acct: no error", 7],
];

describeLive("seccomp", () => {
	test.each([
		["watched", ["seccomp-refused"], [17 + 11 + 7, 13], calls],
		["not watched", [], [null, null], []],
	])("%s", async (_, events, counts, told) => {
		const workload = new Workload("seccomp", ["refused"]);
		const session = new LiveSession({ concerns: ["process"], events });
		try {
			await workload.ready("eb-refused");
			await workload.work(...roles);
			const snapshot = session.refresh();
			const rows = roles.map((role) => processIn(snapshot, workload.pid(role)));
			expect(rows.map((row) => row?.seccompRefused)).toEqual(counts);
			for (const row of rows) expect(row).toMatchObject({ seccomp: "filter", seccompFilters: 3 });
			const refused = snapshot.events.filter(({ type, pid }) => type === "seccomp-refused" && pid === rows[0]?.pid);
			const byText = Map.groupBy(refused, ({ text }) => text);
			expect([...byText].map(([text, all]) => [text, all.length])).toEqual(told);
			expect(session.losses()).toEqual([]);
		} finally {
			session.close();
			await workload.end();
		}
	});

	test("more than one thread can report in a second are counted with its next report", async () => {
		const workload = new Workload("seccomp", ["flood"]);
		const session = new LiveSession({ concerns: ["process"], events: ["seccomp-refused"] });
		try {
			await workload.ready("eb-flood");
			await workload.work("eb-flood");
			expect(processIn(session.refresh(), workload.pid("eb-flood"))?.seccompRefused).toBe(1709 + 1);
			expect(session.losses()).toEqual([]);
		} finally {
			session.close();
			await workload.end();
		}
	});
});
