/**
 * Programs that change their title after the start, as postgres, nginx and sshd do: both sources show what ps shows.
 */

import { afterEach, beforeEach, expect, test } from "vitest";
import { WireType } from "../../src/model/wire/layout.gen.ts";
import { describeLive, LiveSession, processIn } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";
import { Observer } from "../proc-source/observer.ts";

let workload: Workload;
beforeEach(async () => {
	workload = new Workload("title", ["x".repeat(101)]);
	await workload.ready("eb-main", "eb-worker");
});
afterEach(() => workload.end());

const titled = [
	["eb-main", "eb: main 13"],
	["eb-worker", "eb: worker 7"],
] as const;

describeLive("a title", () => {
	test.each([
		["BPF", () => new LiveSession({ concerns: ["process"] })],
		["/proc", () => new Observer({ concerns: ["process"] })],
	] as const)("is read again from who had a CPU, with %s", async (_, open) => {
		const session = open();
		try {
			const before = session.refresh();
			for (const [role] of titled) expect(processIn(before, workload.pid(role))?.args[1]).toBe("x".repeat(101));
			await workload.work();
			for (const [role, title] of titled) {
				const pid = workload.pid(role);
				const words = await session.until(title, (snapshot) => {
					const args = processIn(snapshot, pid)?.args;
					return args?.[0] === title && args;
				});
				expect(words.slice(1).join("")).toBe("");
			}
		} finally {
			session.close();
		}
	});

	test("is the child's own if it was forked from a process with another title", async () => {
		const session = new LiveSession({ concerns: ["process"] });
		const second = new Workload("title", ["y".repeat(101)]);
		try {
			await second.ready("eb-main", "eb-worker");
			await second.work();
			for (const [role, title] of titled) {
				const pid = second.pid(role);
				await session.until(title, (snapshot) => processIn(snapshot, pid)?.args[0] === title);
			}
		} finally {
			await second.end();
			session.close();
		}
	});

	test("is never read with --no-args", async () => {
		const session = new LiveSession({ concerns: ["process"], noArgs: true });
		await workload.work();
		for (let refresh = 0; refresh < 3; refresh++) session.refresh();
		session.close();
		expect(session.records(WireType.ARGS)).toEqual([]);
	});
});
