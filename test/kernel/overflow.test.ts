import { afterEach, expect, test } from "vitest";
import { describeLive } from "../helpers/live-session.ts";
import { RecordSession } from "../helpers/record-session.ts";
import { Workload } from "../helpers/workload.ts";

const open: RecordSession[] = [];

function opened(options: ConstructorParameters<typeof RecordSession>[0]): RecordSession {
	const session = new RecordSession(options);
	open.push(session);
	return session;
}

afterEach(() => {
	for (const session of open.splice(0)) session.close();
});

const callsOf = (session: RecordSession, pid: number) =>
	Object.values(session.calls(pid)).reduce((sum, call) => sum + call.count, 0);

function spillOf(session: RecordSession, pid: number) {
	return session.all("wire_spill").findLast((spill) => spill.pid === pid);
}

describeLive("full tables", () => {
	test("what found no room is in the spill: the process's totals are those of a table with room", async () => {
		const tight = opened({ pids: [process.pid], capacity: { syscall: 64, io: 64 } });
		const roomy = opened({ pids: [process.pid] });
		const run = await tight.run("io-calls", "many");
		tight.sweep();
		roomy.sweep();

		const spill = spillOf(tight, run.pid);
		const [kept, all] = [tight.total(run.pid), roomy.total(run.pid)];
		expect(all.writes).toBeGreaterThanOrEqual(300);
		expect(kept.writes).toBeLessThan(300);
		expect(kept.writes + (spill?.writes ?? 0)).toBe(all.writes);
		expect(kept.writeBytes + (spill?.write_bytes ?? 0)).toBe(all.writeBytes);
		expect(kept.reads + (spill?.reads ?? 0)).toBe(all.reads);
		expect(callsOf(tight, run.pid) + (spill?.calls ?? 0)).toBe(callsOf(roomy, run.pid));
		expect(tight.map("io").overflow).toBeGreaterThan(0);
		expect(tight.map("io").capacity).toBe(64);
		expect(roomy.map("io").overflow).toBe(0);
	});

	test("if the spill is full too, the rest of all processes is counted together", async () => {
		const workload = new Workload("fair", ["users"]);
		try {
			const names = ["eb-hog1", "eb-hog2", "eb-hog3"];
			await workload.ready(...names);
			const pids = names.map((name) => workload.pid(name));
			const session = opened({ pids, capacity: { syscall: 64, io: 64, spill: 1 } });
			await workload.work(...names);
			session.sweep();
			const spills = [...pids, 0].map((pid) => spillOf(session, pid));
			const kept = pids.reduce((sum, pid) => sum + session.total(pid).writes, 0);
			const spilled = spills.reduce((sum, spill) => sum + (spill?.writes ?? 0), 0);
			expect(spills.at(-1)?.writes).toBeGreaterThan(0);
			expect(kept + spilled).toBe(3 * 331);
			expect(session.map("spill")).toMatchObject({ used: 1, capacity: 1 });
			expect(session.map("spill").overflow).toBeGreaterThan(0);
		} finally {
			await workload.end();
		}
	});

	test("the slots of dead processes are freed: nothing overflows after 7 processes with 300 files each", async () => {
		const session = opened({ pids: [process.pid], capacity: { io: 1024 } });
		for (let index = 0; index < 7; index++) {
			await session.run("io-calls", "many");
			session.drain();
		}
		session.sweep();
		expect(session.map("io").overflow).toBe(0);
		expect(session.map("io").used).toBeLessThan(700);
	});
});

describeLive("a full ring", () => {
	test("every object that was not announced is counted as lost; the counts are complete", async () => {
		const session = opened({ capacity: { ringBytes: 4096 }, beatMs: null });
		const run = await session.run("io-calls", "many");
		session.sweep();
		expect(session.probe("file").lost).toBeGreaterThan(250);
		const total = session.total(run.pid);
		expect(total.opens).toBeGreaterThanOrEqual(300);
		expect(total.writeBytes).toBeGreaterThanOrEqual(2100);
	});

	test("is read once, however fast it fills meanwhile", async () => {
		const ringBytes = 1 << 23;
		const floods = Array.from({ length: 13 }, () => new Workload("signal", ["flood"]));
		try {
			await Promise.all(floods.map((flood) => flood.ready("eb-flood")));
			const pids = floods.map((flood) => flood.pid("eb-flood"));
			const session = opened({ concerns: ["ipc"], pids, capacity: { ringBytes }, beatMs: null });
			await Promise.all(floods.map((flood) => flood.work()));
			// Each record takes more room in the ring than in a batch.
			for (let sum = 0; sum < 3 * ringBytes; ) {
				const bytes = session.drain();
				expect(bytes).toBeLessThan(ringBytes);
				sum += bytes;
			}
		} finally {
			await Promise.all(floods.map((flood) => flood.end()));
		}
	});

	test("processes whose exit was lost free their slots", async () => {
		const session = opened({ pids: [process.pid], capacity: { ringBytes: 4096 }, beatMs: null });
		for (let index = 0; index < 3; index++) await session.run("io-calls", "many");
		session.sweep();
		session.sweep();
		expect(session.probe("exit").lost).toBeGreaterThan(0);
		expect(session.map("io").used).toBeLessThan(300);
	});
});
