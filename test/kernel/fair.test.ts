/**
 * The kernel side's tables are shared out: a user who fills one hides no other user, and what does not fit is counted.
 */

import { expect, test } from "vitest";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { RecordSession } from "../helpers/record-session.ts";
import { Workload } from "../helpers/workload.ts";

const HOGS = ["eb-hog1", "eb-hog2", "eb-hog3"];
const HOG_PIPES = 331;
const AT_ONCE_USERS = 499;
const GETPPID = "getppid";
/** Of a table of this size, see bpf/lib/share.bpf.h; a CPU may take one more than it should. */
const shareOf = (capacity: number) => capacity / 2 + 4;

type Check = (session: RecordSession, workload: Workload) => void;

async function watched(kind: string, users: number, check: Check): Promise<void> {
	const session = new RecordSession({ pids: [process.pid], capacity: { io: 1024, syscall: 256, users } });
	const workload = new Workload("fair", [kind]);
	try {
		await workload.ready(...HOGS, "eb-victim");
		await workload.work("eb-victim");
		session.sweep();
		check(session, workload);
	} finally {
		await workload.end();
		session.close();
	}
}

const pipesOf = (session: RecordSession, pid: number) =>
	session.objects(pid).filter((seen) => seen.io.writeBytes === 7 && seen.io.readBytes === 7);
const spillOf = (session: RecordSession, pid: number) =>
	session.all("wire_spill").findLast((spill) => spill.pid === pid);
const callsOf = (session: RecordSession, pid: number) => Object.entries(session.calls(pid));
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describeLive("fair tables", () => {
	for (const kind of ["users", "namespaces"]) {
		test(`${kind}: a user who comes after one with very many pairs has rows for all of their own`, () =>
			watched(kind, 4096, (session, workload) => {
				const victim = workload.pid("eb-victim");
				expect(pipesOf(session, victim)).toHaveLength(101);
				expect(session.calls(victim)[GETPPID]).toEqual({ count: 53, errors: 0 });
				expect(spillOf(session, victim)).toBeUndefined();

				const hogs = HOGS.map((name) => workload.pid(name));
				const pairs = sum(hogs.map((pid) => pipesOf(session, pid).length));
				expect(pairs).toBeGreaterThan(300);
				expect(pairs).toBeLessThan(shareOf(1024));
				expect(sum(hogs.map((pid) => callsOf(session, pid).length))).toBeLessThan(shareOf(256));
				for (const pid of hogs) {
					const { writes = 0, read_bytes: bytes = 0 } = spillOf(session, pid) ?? {};
					const total = session.total(pid);
					expect(total.writes + writes).toBe(HOG_PIPES);
					expect(total.readBytes + bytes).toBe(7 * HOG_PIPES);
				}
				expect(session.map("io").overflow).toBeGreaterThan(0);
				expect(session.map("syscall").overflow).toBeGreaterThan(0);
			}));
	}
	test("two processes of a new user that start at the same time both find the user's share", async () => {
		const session = new RecordSession({ pids: [process.pid] });
		const workload = new Workload("fair", ["at-once"]);
		try {
			await workload.ready("eb-first", "eb-second");
			await workload.work("eb-first", "eb-second");
			session.sweep();
			for (const name of ["eb-first", "eb-second"])
				expect(pipesOf(session, workload.pid(name))).toHaveLength(AT_ONCE_USERS);
			expect(session.map("users").overflow).toBe(0);
		} finally {
			await workload.end();
			session.close();
		}
	});
	test("a user with many wanted processes hides no other user's", async () => {
		const workload = new Workload("fair", ["users"]);
		try {
			await workload.ready(...HOGS, "eb-victim");
			const session = new LiveSession({ pids: [process.pid], capacity: { wanted: 5 } });
			session.close();
			const { processes, health } = session.first;
			const names = processes.map(({ comm }) => comm).filter((comm) => comm.startsWith("eb-"));
			expect(names.sort()).toEqual(["eb-hog1", "eb-hog2", "eb-main", "eb-victim"]);
			expect(health.maps.find(({ map }) => map === "process-wanted")).toMatchObject({ used: 4, overflow: 1 });
		} finally {
			await workload.end();
		}
	});
	test("users beyond the number of shares have one together, and health says so", () =>
		watched("users", 1, (session, workload) => {
			const pids = [...HOGS, "eb-victim"].map((name) => workload.pid(name));
			expect(sum(pids.map((pid) => pipesOf(session, pid).length))).toBeLessThan(shareOf(1024));
			expect(session.map("users")).toMatchObject({ used: 0, capacity: 1 });
			expect(session.map("users").overflow).toBeGreaterThan(0);
		}));
});
