/** A session that loads and attaches most of its programs after its first refresh. */

import { release } from "node:os";
import { expect, test } from "vitest";
import { forcedVariants } from "../helpers/circumstances.ts";
import { describeLive, isBefore517 } from "../helpers/live-session.ts";
import { RecordSession } from "../helpers/record-session.ts";

const STANDBY = ["disk", "thread", "sched", "follow"] as const;
const SCREEN = {
	concerns: ["process", "syscall", "ipc", "file", "tcp"],
	standby: isBefore517 ? STANDBY.filter((name) => name !== "follow") : STANDBY,
} as const;
const FIRST = ["fork", "exec", "exit", "syscall", "tcp", "sysv", "signal"];
const REST = ["io-uring", "aio", "fd-pass", "datagram", "mapping"];
const ON_STANDBY = ["disk", "threads", "sched"];
const STANDBY_STATE = 3;
/** Of other kernels all programs are loaded at once. */
const comesInParts = !isBefore517 && Number.parseInt(release(), 10) < 7 && Object.keys(forcedVariants).length === 0;

const statesOf = (session: RecordSession, probes: readonly string[]) =>
	Object.fromEntries(probes.map((name) => [name, session.probe(name).state]));

describeLive("a session in parts", () => {
	test("has the probes of a whole session when it is complete, and they count", async () => {
		const whole = new RecordSession(SCREEN);
		whole.sweep();
		const wanted = statesOf(whole, [...FIRST, ...REST, ...ON_STANDBY]);
		whole.close();
		const session = new RecordSession({ ...SCREEN, inParts: true });
		try {
			session.sweep();
			expect(statesOf(session, FIRST)).toEqual(Object.fromEntries(FIRST.map((name) => [name, wanted[name]])));
			if (comesInParts)
				expect(statesOf(session, REST)).toEqual(Object.fromEntries(REST.map((name) => [name, STANDBY_STATE])));
			session.want(["disk", "thread", "sched"]);
			session.sweep();
			await session.complete();
			session.want([]);
			session.sweep();
			expect(statesOf(session, [...FIRST, ...REST, ...ON_STANDBY])).toEqual(wanted);
			session.want(["disk", "thread", "sched"]);
			session.sweep();
			expect(Object.values(statesOf(session, ON_STANDBY))).not.toContain(STANDBY_STATE);
			if (session.probe("io-uring").state === 0) return;
			const run = await session.run("uring");
			session.sweep();
			const { file } = session.files(run);
			expect(file?.io).toEqual({ opens: 1, writes: 7, writeBytes: 707, reads: 5, readBytes: 485 });
		} finally {
			session.close();
		}
	});

	test("may be closed before it is complete", async () => {
		const session = new RecordSession({ ...SCREEN, inParts: true });
		const completed = session.complete();
		session.close();
		await expect(completed).resolves.toBeUndefined();
		expect(() => session.sweep()).toThrow(/closed/);
	});
});
