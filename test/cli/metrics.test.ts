/** `--listen`: the built program, scraped by promtool and a real Prometheus. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { patienceMs } from "../helpers/circumstances.ts";
import { freePort } from "../helpers/free-port.ts";
import { runEbtop, startEbtop } from "../helpers/run-ebtop.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-metrics-"));
const open: ChildProcess[] = [];
afterEach(() => {
	for (const child of open.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts it; resolves when it has answered with a first snapshot. */
async function served(...words: string[]): Promise<number> {
	const port = await freePort();
	const { child, nextLine } = startEbtop(["--json", "-d", "0.2", "--listen", String(port), ...words]);
	open.push(child);
	await nextLine();
	await nextLine();
	child.stdout?.resume();
	return port;
}

const scrape = async (port: number): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

/** The value of the first series with this prefix. */
function seriesValue(text: string, series: string): number {
	const line = text.split("\n").find((one) => one.startsWith(series));
	return Number(line?.slice(line.lastIndexOf(" ") + 1) ?? Number.NaN);
}

describe("--listen", () => {
	it("serves metrics that promtool accepts, ebtop's own included", async () => {
		const text = await scrape(await served("--source", "proc", "--metrics-compat", "process-exporter"));
		expect(spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" })).toMatchObject({
			status: 0,
			stderr: "",
		});
		expect(seriesValue(text, 'ebtop_processes{program="ebtop"')).toBeGreaterThanOrEqual(1);
		expect(seriesValue(text, 'namedprocess_namegroup_num_procs{groupname="ebtop"}')).toBeGreaterThanOrEqual(1);
		expect(seriesValue(text, "ebtop_own_resident_bytes ")).toBeGreaterThan(1e7);
		expect(text).not.toMatch(/pid="|path="/);
	});

	it("answers no other path", async () => {
		const port = await served("--source", "proc");
		const status = async (path: string, method = "GET") =>
			(await fetch(`http://127.0.0.1:${port}${path}`, { method })).status;
		expect(await status("/")).toBe(404);
		expect(await status("/metrics", "POST")).toBe(405);
		expect(await status("/metrics", "HEAD")).toBe(200);
	});

	it("survives scrapers that send nothing, read nothing or send garbage", async () => {
		const port = await served("--source", "proc");
		const sockets = Array.from({ length: 40 }, (_, at) => {
			const socket = connect(port, "127.0.0.1");
			socket.on("error", () => {});
			socket.pause();
			socket.write(at % 2 === 0 ? "GET /metrics HTTP/1.1\r\nHost: eb\r\n\r\n".repeat(50) : "\x00\xff eb\r\n\r\n");
			return socket;
		});
		let text = "";
		const end = Date.now() + patienceMs; // once their time is up, the places are free
		while (text === "" && Date.now() < end) text = await scrape(port).catch(() => "");
		expect(text).toContain("ebtop_build_info");
		for (const socket of sockets) socket.destroy();
	});

	it("refuses a wrong address in one sentence", async () => {
		const taken: Server = createServer();
		await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
		const { port } = taken.address() as { port: number };
		const cases: [string[], number, string][] = [
			[["--listen", String(port)], 1, "another program listens there"],
			[["--listen", "0.0.0.0:9435"], 2, "--allow-remote"],
			[["--listen", "[::]:9435"], 2, "--allow-remote"],
			[["--listen", "localhost:9435"], 2, "--listen takes"],
			[["--listen", "127.0.0.1:99999"], 2, "--listen takes"],
			[["--allow-remote"], 2, "--listen"],
			[["--metrics-compat", "process-exporter"], 2, "--listen"],
			[["--listen", "9435", "--metrics-compat", "node"], 2, "--metrics-compat takes"],
			[["--listen", "10.99.99.99:9435", "--allow-remote"], 1, "Cannot listen on"],
		];
		for (const [words, status, part] of cases) {
			const outcome = await runEbtop("--demo", "--json", "-n", "1", ...words);
			expect(outcome).toMatchObject({ status, stdout: "" });
			expect(outcome.stderr).toMatch(/^ebtop: [^\n]*\.\n$/);
			expect(outcome.stderr).toContain(part);
		}
		taken.close();
	});
});

describe("a real Prometheus", () => {
	let port = 0;
	let api = "";
	const started: ChildProcess[] = [];
	beforeAll(async () => {
		port = await freePort();
		const own = await freePort();
		api = `http://127.0.0.1:${own}/api/v1`;
		const config = join(folder, "prometheus.yml");
		const job = { job_name: "eb", scrape_interval: "1s", static_configs: [{ targets: [`127.0.0.1:${port}`] }] };
		writeFileSync(config, JSON.stringify({ scrape_configs: [job] })); // JSON is YAML
		const words = ["--source", "proc", "--json", "-d", "0.2", "--listen", String(port)];
		const { child } = startEbtop(words);
		child.stdout?.resume();
		const flags = [`--config.file=${config}`, `--storage.tsdb.path=${folder}/tsdb`];
		const prometheus = spawn("prometheus", [...flags, `--web.listen-address=127.0.0.1:${own}`], { stdio: "ignore" });
		started.push(child, prometheus);
	});
	afterAll(async () => {
		for (const child of started) {
			const ended = new Promise((resolve) => child.once("exit", resolve));
			if (child.kill("SIGKILL")) await ended;
		}
	});

	/** The labels and values of an instant query; none before anything was scraped. */
	async function query(expression: string): Promise<{ metric: Record<string, string>; value: number }[]> {
		try {
			const response = await fetch(`${api}/query?query=${encodeURIComponent(expression)}`);
			const { data } = (await response.json()) as {
				data: { result: { metric: Record<string, string>; value: [number, string] }[] };
			};
			return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
		} catch {
			return [];
		}
	}

	it("answers the queries of Grafana's dashboard, whose links lead from program to program", async () => {
		const dashboard = readFileSync(join(import.meta.dirname, "../../share/grafana-dashboard.json"), "utf8");
		const panels = (JSON.parse(dashboard) as { panels: { targets: { refId: string; expr: string }[] }[] }).panels;
		const asked = (expr: string) =>
			expr
				.replaceAll("$__rate_interval", "1m")
				.replaceAll("$instance", ".*")
				.replaceAll(/ > 0(?!.* > 0)| > 0(?=[,)])/g, ""); // without BPF links have no bytes
		const ask = async ({ expr }: { expr: string }) => {
			const response = await fetch(`${api}/query?query=${encodeURIComponent(asked(expr))}`);
			return (await response.json()) as { status: string; data?: { result: { metric: Record<string, string> }[] } };
		};
		const targets = panels.flatMap((panel) => panel.targets);
		const [nodes, edges] = ["nodes", "edges"].map((id) => targets.find(({ refId }) => refId === id) ?? { expr: "" });
		const end = Date.now() + patienceMs;
		let links: Record<string, string>[] = [];
		while (links.length === 0 && Date.now() < end) {
			await new Promise((resolve) => setTimeout(resolve, 200));
			links = ((await ask(edges as { expr: string }).catch(() => null))?.data?.result ?? []).map(
				({ metric }) => metric,
			);
		}
		expect(links[0]).toMatchObject({ id: `${links[0]?.source} > ${links[0]?.target}` });
		const programs = ((await ask(nodes as { expr: string })).data?.result ?? []).map(({ metric }) => metric.id);
		expect(new Set(programs)).toEqual(
			new Set([...programs, ...links.flatMap(({ source, target }) => [source, target])]),
		);
		for (const target of targets) expect(await ask(target), target.expr).toMatchObject({ status: "success" });
	});

	it("scrapes it and answers queries about it", async () => {
		const end = Date.now() + patienceMs;
		const ask = () => query('sum by (program) (ebtop_processes{program="prometheus"})');
		let found = await ask();
		while (found.length === 0 && Date.now() < end) {
			await new Promise((resolve) => setTimeout(resolve, 200));
			found = await ask();
		}
		expect(found).toEqual([{ metric: { program: "prometheus" }, value: expect.any(Number) }]);
		expect(found[0]?.value).toBeGreaterThanOrEqual(1);
		expect(await query("up")).toMatchObject([{ value: 1 }]);
		expect(await query("ebtop_build_info")).toMatchObject([{ value: 1 }]);
	});
});
