/** A service with BPF: what its viewers see is what it measured, in every pane. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Snapshot, TABLES } from "../../src/model/snapshot.ts";
import { describeNew } from "../helpers/live-session.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CALLS = 1013;
const BYTES = 103;
const PANES = "processes,syscalls,ipc,files,tcp,events,disk,containers,threads";
/** What the unit of share/ grants. */
const set = ["bpf", "perfmon", "sys_ptrace", "dac_read_search"].map((name) => `+${name}`).join();
const asService = [
	...["setpriv", "--reuid=65533", "--regid=65533", "--clear-groups", "--no-new-privs"],
	...[`--inh-caps=${set}`, `--ambient-caps=${set}`, `--bounding-set=-all,${set}`],
];

const parsed = (line: string | null): Snapshot => JSON.parse(line ?? "null");
const measured = ({ health, ...snapshot }: Snapshot) => ({
	...snapshot,
	health: { ...health, maps: health.maps.filter(({ map }) => map !== "viewers") },
});

describeNew("a service that is not root, with the capabilities of its unit", () => {
	test("is seen by its viewers as it measures, in every pane", async () => {
		chownSync(folder, 65533, 65533);
		const socket = join(folder, "run/eb.sock");
		const record = join(folder, "recorded/");
		const words = ["-d", "0.3", "--require-bpf", "--panes", PANES, "--events", "all", "--latency", "--sched"];
		const service = startEbtop(["serve", "--socket", socket, "--record", record, ...words], asService);
		const viewers = [0, 1].map(() => viewerOf(socket));
		const [first, second] = await Promise.all(viewers);
		if (first === undefined || second === undefined) throw new Error("no viewer");
		const path = join(folder, "eb-file");
		const command = `dd if=/dev/zero of=${path} bs=${BYTES} count=${CALLS} status=none | cat; true`;
		await once(spawn("sh", ["-c", command]), "exit");
		const seen: Snapshot[][] = [];
		for (const viewer of [first, second]) {
			const own: Snapshot[] = [];
			const ended = () => own.at(-1)?.processes.find(({ args, exit }) => args.includes(`of=${path}`) && exit !== null);
			while (ended() === undefined) own.push(parsed(await viewer.nextLine()));
			const last = own.at(-1) as Snapshot;
			const pid = ended()?.pid;
			const writes = last.syscalls.filter((row) => row.pid === pid && row.name === "write");
			expect(writes.map(({ count, errors }) => [count, errors])).toEqual([[CALLS, 0]]);
			const files = last.files.filter((row) => row.pid === pid && row.path === path);
			expect(files.map(({ writeBytes }) => writeBytes)).toEqual([CALLS * BYTES]);
			seen.push(own);
			viewer.child.kill("SIGTERM");
		}
		service.child.kill("SIGTERM");
		expect(await service.ended).toMatchObject({ status: 0, stdout: "" });
		const replay = await startEbtop(["--replay", record, "--json", "--panes", PANES]).ended;
		expect(replay.status).toBe(0);
		const recorded = new Map(
			replay.stdout
				.trimEnd()
				.split("\n")
				.map((line) => [parsed(line).seq, parsed(line)]),
		);
		for (const snapshot of seen.flat()) expect(measured(snapshot)).toEqual(recorded.get(snapshot.seq));
		const rows = TABLES.map((table) => [table, Math.max(...seen.flat().map((snapshot) => snapshot[table].length))]);
		const empty = rows.filter(([, most]) => most === 0).map(([table]) => table);
		expect(empty.filter((table) => table !== "containers" && table !== "disks" && table !== "tcp")).toEqual([]);
	});
});

/** A viewer that shows all panes, as soon as there is a service. */
async function viewerOf(socket: string) {
	for (;;) {
		const viewer = startEbtop(["--socket", socket, "--json", "--panes", PANES]);
		if ((await viewer.nextLine()) !== null) return viewer;
		await viewer.ended;
	}
}
