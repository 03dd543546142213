import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { createExposition } from "../../src/metrics/exposition.ts";
import { Families } from "../../src/metrics/families.ts";
import { BOUNDS } from "../../src/metrics/series.ts";
import { aProcess, aSnapshot, aSocket } from "../helpers/snapshots.ts";

const container = (name: string) => ({ runtime: "podman", id: "7".repeat(64), name, image: null });

test("by process-exporter's names it has programs as groups", async () => {
	const families = new Families();
	const process = (pid: number, state: string, unit: string) =>
		aProcess({ pid, ppid: 1, comm: "eb-a", state, container: container(unit), rssBytes: 100, threads: 3, readRate: 7 });
	families.add(
		aSnapshot({ processes: [process(103, "S", "one"), process(105, "I", "two"), process(107, "t", "two")] }),
	);
	const text = await createExposition(families, "1", "process-exporter").metrics();
	const values = Object.fromEntries(
		[...text.matchAll(/^namedprocess_namegroup_(.*) (\d+)$/gm)].map(([, k, v]) => [k, v]),
	);
	expect(values).toMatchObject({
		'num_procs{groupname="eb-a"}': "3",
		'num_threads{groupname="eb-a"}': "9",
		'memory_bytes{groupname="eb-a",memtype="resident"}': "300",
		'states{groupname="eb-a",state="Sleeping"}': "2",
		'states{groupname="eb-a",state="Other"}': "1",
		'states{groupname="eb-a",state="Running"}': "0",
		'read_bytes_total{groupname="eb-a"}': "21",
	});
	expect(await createExposition(families, "1").metrics()).not.toContain("namedprocess");
});

test("latencies are a histogram with cumulative buckets of powers of two", async () => {
	const families = new Families();
	// 3 below half a microsecond, 5 from 512 ns to 1,024 ns, 7 longer than all bounds.
	const buckets = Array.from({ length: 41 }, (_, power) => ({ 3: 3, 9: 5, 40: 7 })[power] ?? 0);
	const latency = { totalNs: 2_000_000_000, avgNs: 0, p50Ns: 0, p99Ns: 0, maxNs: 0, buckets };
	const call = (pid: number) =>
		({ pid, comm: "eb", nr: 0, name: "read", count: 15, rate: 0, errors: 0, errorRate: 0, latency }) as const;
	families.add(aSnapshot({ syscalls: [call(1), call(2)] }));
	families.add(aSnapshot({ seq: 2, syscalls: [call(1), call(2)] }));
	const text = await createExposition(families, "1").metrics();
	const value = (series: string) =>
		Number(
			text
				.split("\n")
				.find((line) => line.startsWith(series))
				?.split(" ")
				.at(-1),
		);
	const bucket = (le: string) => value(`ebtop_syscall_duration_seconds_bucket{program="eb",syscall="read",le="${le}"}`);
	expect([bucket("5.12e-7"), bucket("0.000001024"), bucket("0.000002048")]).toEqual([6, 16, 16]);
	expect([bucket("68.719476736"), bucket("+Inf")]).toEqual([16, 30]);
	expect(value('ebtop_syscall_duration_seconds_count{program="eb",syscall="read"}')).toBe(30);
	expect(value('ebtop_syscall_duration_seconds_sum{program="eb",syscall="read"}')).toBe(4);
	expect(value('ebtop_syscall_seconds_total{program="eb",syscall="read"}')).toBe(4);
	expect(spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" })).toMatchObject({
		status: 0,
		stderr: "",
	});
});

test("round-trip times are means, of the connections that have one", async () => {
	const families = new Families();
	const connection = (localPort: number, rttUs: number) =>
		aSocket({ pid: 1, comm: "eb", role: "client", state: "ESTABLISHED", localPort, rttUs });
	families.add(aSnapshot({ tcp: [connection(1, 1000), connection(2, 2000), connection(3, 0)] }));
	const text = await createExposition(families, "1").metrics();
	expect(text).toContain('\nebtop_tcp_rtt_seconds{program="eb",role="client",port=""} 0.0015\n');
	expect(text).toContain('\nebtop_tcp_connections{program="eb",role="client",port=""} 3\n');
});

test("connections of a listener have its port", async () => {
	const families = new Families();
	const listener = aSocket({ pid: 1, comm: "eb", role: "listener", state: "LISTEN", localPort: 8080 });
	const accepted = [5, 7].map((remotePort) =>
		aSocket({ pid: 1, comm: "eb", role: "server", state: "ESTABLISHED", localPort: 8080, remotePort }),
	);
	families.add(aSnapshot({ tcp: [listener, ...accepted] }));
	const text = await createExposition(families, "1").metrics();
	expect(text).toContain('\nebtop_tcp_connections{program="eb",role="listener",port="8080"} 1\n');
	expect(text).toContain('\nebtop_tcp_connections{program="eb",role="server",port="8080"} 2\n');
});

test("without --latency the time in calls has no series", async () => {
	const families = new Families();
	const call = { pid: 1, comm: "eb", nr: 0, name: "read", count: 15, rate: 0, errors: 0, errorRate: 0, latency: null };
	families.add(aSnapshot({ syscalls: [call] }));
	const text = await createExposition(families, "1").metrics();
	expect(text).toContain('\nebtop_syscalls_total{program="eb",syscall="read"} 15\n');
	expect(text).not.toContain('seconds_total{program="eb",syscall');
});

test("a program named other, in a unit of that name, is added to what has no series of its own", async () => {
	const families = new Families({ ...BOUNDS, series: 1 });
	const process = (pid: number, comm: string, unit: string) =>
		aProcess({ pid, ppid: 1, comm, container: container(unit), rssBytes: 1000 + pid });
	const processes = [process(103, "other", "other"), process(105, "eb-a", "eb"), process(107, "eb-b", "eb")];
	families.add(aSnapshot({ processes, intervalMs: 1000 }));
	const text = await createExposition(families, "1").metrics();
	expect(text).toContain('\nebtop_process_resident_bytes{program="other",unit="other"} 3315\n');
	expect(text).toContain('\nebtop_processes{program="other",unit="other"} 3\n');
	expect(text.match(/^ebtop_processes\{/gm)).toHaveLength(1);
});
