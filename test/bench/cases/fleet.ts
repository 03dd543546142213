// Many machines and one Prometheus: series, scrapes and memory, with what ebtop really answers. EBTOP_BENCH_MACHINES and
// EBTOP_BENCH_MINUTES choose how many and for how long.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createExposition } from "../../../src/metrics/exposition.ts";
import { Families } from "../../../src/metrics/families.ts";
import { BOUNDS } from "../../../src/metrics/series.ts";
import type { LatencyHistogram, Snapshot } from "../../../src/model/snapshot.ts";
import { aLink, aProcess, aSnapshot, aSocket, aSyscall } from "../../helpers/snapshots.ts";
import { ebtop } from "../observer.ts";
import type { Case, Result } from "../result.ts";
import { median } from "../statistics.ts";

const MACHINES = Number(process.env.EBTOP_BENCH_MACHINES ?? 1000);
const MINUTES = Number(process.env.EBTOP_BENCH_MINUTES ?? 5);
const SCRAPE_SECONDS = 15;
/** How long this machine is measured before its answer stands for the others. */
const WATCHED_MS = 30_000;
const ANSWERS = 20;
/** What each scrape adds itself, such as `up`. */
const OWN_SERIES_OF_A_SCRAPE = 5;

const generator = fileURLToPath(new URL("../load/fleet.ts", import.meta.url));

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as { port: number };
	server.close();
	await once(server, "close");
	return port;
}

async function end(child: ChildProcess): Promise<void> {
	const ended = once(child, "exit");
	if (child.exitCode === null && child.kill("SIGTERM")) await ended;
}

const countSeries = (text: string): number =>
	text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;

interface Answer {
	readonly text: string;
	/** Milliseconds. */
	readonly took: number;
}

async function answerOf(read: () => Promise<string>): Promise<Answer> {
	const times: number[] = [];
	let text = "";
	for (let at = 0; at < ANSWERS; at++) {
		const beganMs = performance.now();
		text = await read();
		times.push(performance.now() - beganMs);
	}
	return { text, took: median(times) };
}

/** Of this machine, measured by the service. */
async function answerHere(folder: string): Promise<Answer> {
	const port = await freePort();
	const words = ["serve", "--require-bpf", "--socket", join(folder, "run", "socket"), "--listen", String(port)];
	const service = spawn(ebtop, words, { stdio: ["ignore", "ignore", "inherit"] });
	try {
		await sleep(WATCHED_MS);
		return await answerOf(async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
	} finally {
		await end(service);
	}
}

const LATENCY: LatencyHistogram = {
	...{ totalNs: 1e9, avgNs: 1000, p50Ns: 1000, p99Ns: 1000, maxNs: 1e6 },
	buckets: Array.from({ length: 30 }, () => 1000),
};

/** A machine with more programs than a family has series, as which it can have at most. */
function fullMachine(seq: number): Snapshot {
	const programs = Array.from({ length: BOUNDS.series + 50 }, (_, at) => ({ pid: at + 10, comm: `program-${at}` }));
	const exit = { code: 0, signal: null, oom: false, durationMs: 1 };
	return aSnapshot({
		seq,
		processes: programs.flatMap((program, at) => [
			aProcess({ ...program, cgroup: `/system.slice/unit-${at}.service` }),
			aProcess({ ...program, pid: 100_000 * seq + at, exit }),
		]),
		syscalls: programs.map((program, at) =>
			aSyscall({ ...program, name: `call_${at}`, count: 1000 * seq, latency: LATENCY }),
		),
		ipc: programs.map((program, at) =>
			aLink({ channel: `pipe:[${at}]`, from: program, to: program, bytes: 1000 * seq }),
		),
		tcp: programs.map((program, at) => aSocket({ ...program, localPort: at + 1, txBytes: 1000 * seq })),
	});
}

async function answerOfFull(): Promise<Answer> {
	const families = new Families();
	for (let seq = 1; seq <= 3; seq++) families.add(fullMachine(seq));
	const registry = createExposition(families, "0.1.0", null);
	return answerOf(() => registry.metrics());
}

interface Scraped {
	readonly series: number;
	readonly memoryBytes: number;
	readonly cpuPercent: number;
	readonly scrapeMs: number;
	readonly slowestMs: number;
	readonly up: number;
}

/** Prometheus with all these machines, after some minutes. */
async function scrape(folder: string, answerFile: string): Promise<Scraped> {
	const machines = spawn(process.execPath, [generator, answerFile], { stdio: ["ignore", "pipe", "inherit"] });
	const port = await freePort();
	const [line] = (await once(createInterface({ input: machines.stdout }), "line")) as [string];
	const config = join(folder, "prometheus.yml");
	const targets = Array.from({ length: MACHINES }, (_, at) => ({
		targets: [`127.0.0.1:${line}`],
		labels: { __metrics_path__: `/${at}/metrics`, instance: `machine-${at}` },
	}));
	const job = { job_name: "ebtop", scrape_interval: `${SCRAPE_SECONDS}s`, static_configs: targets };
	writeFileSync(config, JSON.stringify({ scrape_configs: [job] })); // JSON is YAML
	const flags = [
		`--config.file=${config}`,
		`--storage.tsdb.path=${folder}/tsdb`,
		`--web.listen-address=127.0.0.1:${port}`,
	];
	const prometheus = spawn("prometheus", flags, { stdio: "ignore" });
	const api = `http://127.0.0.1:${port}`;
	const own = async (name: string): Promise<number> => {
		const text = await (await fetch(`${api}/metrics`)).text();
		return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
	};
	const ask = async (expression: string): Promise<number> => {
		const response = await fetch(`${api}/api/v1/query?query=${encodeURIComponent(expression)}`);
		const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
		return Number(data.result[0]?.value[1]);
	};
	try {
		await sleep((MINUTES * 60_000) / 2);
		const [beganMs, beganCpu] = [performance.now(), await own("process_cpu_seconds_total")];
		await sleep((MINUTES * 60_000) / 2);
		const seconds = (performance.now() - beganMs) / 1000;
		return {
			series: await own("prometheus_tsdb_head_series"),
			memoryBytes: await own("process_resident_memory_bytes"),
			cpuPercent: (100 * ((await own("process_cpu_seconds_total")) - beganCpu)) / seconds,
			scrapeMs: 1000 * (await ask("avg(scrape_duration_seconds)")),
			slowestMs: 1000 * (await ask("quantile(0.99, scrape_duration_seconds)")),
			up: await ask("sum(up)"),
		};
	} finally {
		await end(prometheus);
		await end(machines);
	}
}

const line = (what: string, ours: number, unit: string, bounds: Partial<Result> = {}): Result => ({
	...{ what, ours, unit, against: null, theirs: null, atMostRatio: null },
	...bounds,
});

export const fleet: Case = {
	name: "fleet",
	async run() {
		const folder = mkdtempSync(join(tmpdir(), "ebtop-fleet-"));
		try {
			const here = await answerHere(folder);
			const full = await answerOfFull();
			const file = join(folder, "answer");
			writeFileSync(file, here.text);
			const scraped = await scrape(folder, file);
			const series = countSeries(here.text);
			return [
				line("series of this machine", series, "series"),
				line("size of its answer", here.text.length / 1000, "kB"),
				line("time for its answer", here.took, "ms"),
				line("series of a machine with the most that there can be", countSeries(full.text), "series"),
				line("size of its answer", full.text.length / 1000, "kB"),
				line("time for its answer", full.took, "ms"),
				line(`${MACHINES} machines like this one that are up in Prometheus`, scraped.up, "", { atLeast: MACHINES }),
				line("their series", scraped.series, "series", { atLeast: MACHINES * (series + OWN_SERIES_OF_A_SCRAPE) }),
				line(`memory of Prometheus after ${MINUTES} minutes`, scraped.memoryBytes / 1e6, "MB"),
				line("for each series", scraped.memoryBytes / scraped.series, "bytes"),
				line("its CPU", scraped.cpuPercent, "%"),
				line("a scrape", scraped.scrapeMs, "ms"),
				line("a scrape, p99", scraped.slowestMs, "ms"),
			];
		} finally {
			rmSync(folder, { recursive: true });
		}
	},
};
