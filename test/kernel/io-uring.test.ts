import { spawnSync } from "node:child_process";
import { beforeAll, expect, test } from "vitest";
import { WireHow, WireKind } from "../../src/model/wire/layout.gen.ts";
import { describeNew } from "../helpers/live-session.ts";
import { observe, RecordSession, type Seen } from "../helpers/record-session.ts";
import { compileWorkload, Workload } from "../helpers/workload.ts";

describeNew("io_uring", () => {
	for (const [how, args] of [
		["inline", []],
		["by the poller's thread", ["poll"]],
	] as const) {
		test(`reads, writes and opens that complete ${how} belong to the submitter and its file`, async () => {
			const { session, run } = await observe({}, "uring", ...args);
			const { file, opened } = session.files(run);
			expect(file?.io).toEqual({ opens: 1, writes: 7, writeBytes: 707, reads: 5, readBytes: 485 });
			expect(opened?.io).toMatchObject({ opens: 1, writes: 0, reads: 0 });
			expect(session.probe("io-uring").state).not.toBe(0);
		});
	}
});

/** Runs cases of uring-many under one session; if they are older than it, their requests already wait for data. */
async function observeMany(names: readonly string[], isOlder: boolean) {
	const begin = async (name: string) => {
		const workload = new Workload("uring-many", [name]);
		await workload.ready("eb-uring");
		return workload;
	};
	let session = isOlder ? null : new RecordSession();
	const workloads = new Map<string, Workload>();
	for (const name of names) workloads.set(name, await begin(name));
	session ??= new RecordSession();
	const pids = new Map([...workloads].map(([name, workload]) => [name, workload.pid("eb-uring")]));
	try {
		session.sweep();
		for (const workload of workloads.values()) await workload.work();
		session.sweep();
		return { session, pids };
	} finally {
		for (const workload of workloads.values()) await workload.end();
		session.close();
	}
}

/** "reads of bytes, writes of bytes" of all with traffic, in no particular order. */
const moved = (objects: readonly Seen[]) =>
	objects
		.filter(({ object, io }) => kinds.has(object.kind) && io.reads + io.writes > 0)
		.map(({ io }) => `${io.reads} of ${io.readBytes}, ${io.writes} of ${io.writeBytes}`)
		.sort();

const kinds = new Set<number>([WireKind.UNIX_SEQPACKET, WireKind.UDP, WireKind.TCP, WireKind.PIPE]);

const can = (what: string) => spawnSync(compileWorkload("uring-many"), ["can", what]).status === 0;
const cases = [
	{ name: "receives", expected: ["0 of 0, 11 of 1111", "11 of 1111, 0 of 0"] },
	{ name: "messages", expected: ["0 of 0, 8 of 721", "8 of 721, 0 of 0"] },
	{ name: "reads", expected: ["5 of 445, 5 of 445"], isHere: can("read") },
	{ name: "sends", expected: ["0 of 0, 3 of 123", "3 of 123, 0 of 0"], isHere: can("bundle") },
	{ name: "zero-copy", expected: ["0 of 0, 13 of 13117", "some of 13117, 0 of 0"] },
];
const names = [...cases.filter(({ isHere }) => isHere !== false).map(({ name }) => name), "accepts", "shared"];

for (const isOlder of [false, true]) {
	describeNew(`io_uring requests that complete many times, ${isOlder ? "older" : "younger"} than the session`, () => {
		let seen: Awaited<ReturnType<typeof observeMany>>;
		const pidOf = (name: string) => seen.pids.get(name) ?? Number.NaN;
		beforeAll(async () => {
			seen = await observeMany(names, isOlder);
		});

		for (const { name, expected, isHere = true } of cases) {
			const title = isHere ? name : `${name} (skipped: this kernel's io_uring has none)`;
			test.skipIf(!isHere)(`${title}: each counts for its file, bytes without headers`, () => {
				const lines = moved(seen.session.objects(pidOf(name)));
				expect(lines.map((line) => line.replace(/^\d+ (?=of 13117)/, "some "))).toEqual(expected);
				expect(seen.session.probe("io-uring").lost).toBe(0);
			});
		}

		test("accepted sockets are announced at once", () => {
			const accepted = seen.session
				.objects(pidOf("accepts"))
				.filter(({ object, name }) => object.how === WireHow.USED && name.includes("many.sock"));
			expect(accepted.length).toBeGreaterThanOrEqual(3);
		});

		test("two files with the same user data: the process's sum is right", () => {
			const { session } = seen;
			const pid = pidOf("shared");
			expect(session.total(pid)).toMatchObject({ reads: 0, writes: 2, writeBytes: 68 });
			const spill = session.all("wire_spill").findLast((record) => record.pid === pid);
			expect(spill).toMatchObject({ reads: 2, read_bytes: 68 });
		});
	});
}

describeNew("io_uring completions that find no room in the ring", () => {
	test("are counted as lost", async () => {
		const { session, pids } = await observeMany(["full"], false);
		expect(session.total(pids.get("full") ?? Number.NaN)).toMatchObject({ writes: 4, writeBytes: 428 });
		expect(session.probe("io-uring").lost).toBe(3);
	});
});
