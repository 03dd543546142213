/** The programs for kernels before 5.17 (bpf/lib/form.bpf.h), on whichever kernel this is: they count the same up to their bounds. */

import { expect, test } from "vitest";
import { describeLive, isBefore517, LiveSession } from "../helpers/live-session.ts";
import { observe } from "../helpers/record-session.ts";
import { Workload } from "../helpers/workload.ts";

const force = { form: "old" };

describeLive("the old form", () => {
	test("what threads that count into one slot at once do not find there is in the row of the process", async () => {
		const { session, run } = await observe({ force, concerns: ["syscall", "file"] }, "calls", "threads");
		const counted = session.calls(run.pid).getppid?.count ?? 0;
		const spilled = session.all("wire_spill").findLast(({ pid }) => pid === run.pid)?.calls ?? 0;
		expect(counted).toBeLessThanOrEqual(4 * 25013);
		expect(counted + spilled).toBeGreaterThanOrEqual(4 * 25013);
		expect(session.files(run).shared?.io).toMatchObject({ writes: 4 * 25013, writeBytes: 4 * 25013 });
	});

	test("the end of a path of more than 768 components is kept, with a mark", async () => {
		const { session, run } = await observe({ force, concerns: ["file"] }, "deep", "short");
		const [seen] = session.objects(run.pid).filter(({ name, io }) => name !== "" && io.writes === 1);
		expect(seen?.isTruncated).toBe(true);
		expect(seen?.name).toBe(`${"/d".repeat(767)}/end`);
	});

	const many = "descriptors past the 16th of a message, and messages past the eighth of a call, are counted as lost";
	const reason = isBefore517 ? "" : " (skipped: younger verifiers refuse the program)";
	test.skipIf(!isBefore517)(many + reason, async () => {
		const session = new LiveSession({ force });
		const workload = new Workload("ipc-pass", ["many", 7]);
		const lost = () => session.refresh().health.probes.find(({ probe }) => probe === "fd-pass")?.lost;
		try {
			await workload.ready("eb-giver");
			expect(lost()).toBe(0);
			await workload.work();
			expect(lost()).toBe(2 * 7);
		} finally {
			await workload.end();
			session.close();
		}
	});
});
