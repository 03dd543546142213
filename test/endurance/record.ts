// `npm run soak -- --record [--minutes N]`, as root: for two hours 200 forks, connections and files per second, while a service
// without viewers records them in a folder of segments. Checks that its memory stays as it is, and at the end that all
// forks are in the folder, which is played without a gap. It watches only the load, so that other work does not affect the figures.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StateReader } from "../../src/history/state-reader.ts";
import { listSegments } from "../../src/model/feed/segment-names.ts";
import { SegmentsReader } from "../../src/model/feed/segments-reader.ts";
import { ebtop } from "../bench/observer.ts";
import { cpuMs, memoryIn } from "../helpers/proc-usage.ts";
import { until, Workload } from "../helpers/workload.ts";

const ROLE = "eb-churn";
const MOST_GROWTH = 0.05;
/** Memory is a mean over so many minutes, since it rises until the next garbage collection. */
const MEAN_MINUTES = 5;
/** After these the first mean begins: tables, history and V8's heap are full, see `soak.ts`. */
const FILL_MINUTES = 5;

/** Waits in its shell until it is watched, so that its first fork is recorded too. */
const WAITING = [
	"/bin/sh",
	"-c",
	'echo $$ > pid.waiting; while [ ! -e begin ]; do sleep 0.1; done; exec "$@"',
	"eb-wait",
];

export async function record(minutes: number): Promise<void> {
	if (minutes <= FILL_MINUTES + MEAN_MINUTES) throw new Error("With --record, --minutes must be more than 10.");
	const place = mkdtempSync(join(tmpdir(), "eb-record-"));
	const folder = join(place, "recording");
	const workload = new Workload("flood", ["churn"], {}, undefined, (words) => [...WAITING, ...words]);
	const watched = await until("the load", () => workload.pids.get("waiting"));
	const options = ["--require-bpf", "--no-config", "--history", "30s", "--pid", String(watched)];
	const service = ["serve", "--socket", join(place, "eb.sock"), "--record", `${folder}/`, ...options];
	const recorder = spawn(ebtop, service, { stdio: ["ignore", "ignore", "inherit"] });
	const pid = recorder.pid as number;
	try {
		await until("the first segment", () => sizesOf(folder).length > 0);
		await sleep(1000);
		writeFileSync(join(workload.directory, "begin"), "");
		await workload.ready(ROLE);
		const means = await watch(pid, folder, minutes);
		const churn = workload.pid(ROLE);
		await workload.work(ROLE);
		await sleep(3000);
		recorder.kill("SIGTERM");
		const [status] = await once(recorder, "exit");
		const made = Number(workload.marks("made")[0]);
		const { forks, lost, gaps } = readBack(folder, churn);
		const growth = mean(means.slice(-MEAN_MINUTES)) / mean(means.slice(FILL_MINUTES).slice(0, MEAN_MINUTES)) - 1;
		const isFine = status === 0 && forks === made && lost === 0 && gaps === 0 && growth <= MOST_GROWTH;
		const said = `${forks} of ${made} forks recorded, ${lost} records lost, ${gaps} gaps, status ${status}`;
		process.stdout.write(
			`${said}; ${(growth * 100).toFixed(1)} % more memory than in minutes ${FILL_MINUTES + 1} to ${FILL_MINUTES + MEAN_MINUTES}: ${isFine ? "holds" : "FAILS"}\n`,
		);
		if (!isFine) process.exitCode = 1;
	} finally {
		recorder.kill("SIGKILL");
		writeFileSync(join(workload.directory, "begin"), "");
		await workload.end();
		rmSync(place, { recursive: true, force: true });
	}
}

/** Its proportional memory in MB, minute by minute. */
async function watch(pid: number, folder: string, minutes: number): Promise<readonly number[]> {
	const means: number[] = [];
	let usedMs = cpuMs(pid);
	for (let minute = 1; minute <= minutes; minute++) {
		const looks: { readonly pssMb: number; readonly rssMb: number }[] = [];
		for (let second = 1; second <= 60; second++) {
			await sleep(1000);
			if (second % 2 === 0) looks.push(memoryOf(pid));
		}
		means.push(mean(looks.map(({ pssMb }) => pssMb)));
		const rssMb = mean(looks.map((look) => look.rssMb));
		const sizes = sizesOf(folder);
		const megabytes = sizes.reduce((sum, bytes) => sum + bytes, 0) / 1e6;
		const nowMs = cpuMs(pid);
		process.stdout.write(
			`minute ${minute}: Pss ${means.at(-1)?.toFixed(1)} MB, RSS ${rssMb.toFixed(1)} MB, CPU ${((nowMs - usedMs) / 600).toFixed(1)} %, ${sizes.length} segments, ${megabytes.toFixed(1)} MB\n`,
		);
		usedMs = nowMs;
	}
	return means;
}

function memoryOf(pid: number) {
	const mb = memoryIn(`/proc/${pid}/smaps_rollup`);
	return { pssMb: mb("Pss"), rssMb: mb("Rss") };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Bytes of each segment. */
function sizesOf(folder: string): readonly number[] {
	if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
	return listSegments(folder).map(({ name }) => statSync(join(folder, name)).size);
}

/** What the recording says about the load. Throws if it is damaged. */
function readBack(folder: string, churn: number) {
	const reader = new SegmentsReader(folder);
	const states = new StateReader();
	let [forks, gaps, lost] = [0, 0, 0];
	for (let block = reader.next(); block !== null && block !== "later"; block = reader.next()) {
		if (block.isAfterGap) gaps++;
		for (const batch of block.batches) {
			const snapshot = states.apply(batch);
			if (snapshot === null) continue;
			const own = snapshot.events.filter(({ type, pid }) => type === "fork" && pid === churn);
			forks += own.reduce((sum, { count }) => sum + count, 0);
			lost = snapshot.health.probes.reduce((sum, probe) => sum + probe.lost, 0);
		}
	}
	reader.close();
	return { forks, gaps, lost };
}
