/** `--otlp` and a real receiver: what VictoriaMetrics answers to queries is what the watched command did. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { otlpReceiver } from "../../scripts/setup/otlp-receiver.mjs";
import { patienceMs } from "../helpers/circumstances.ts";
import { whyNoBpf } from "../helpers/drained-session.ts";
import { freePort } from "../helpers/free-port.ts";
import { describeUnless } from "../helpers/live-session.ts";
import { type Outcome, startEbtop } from "../helpers/run-ebtop.ts";

const CALLS = 1013;
const BYTES = 103;

interface Found {
	readonly metric: Readonly<Record<string, string>>;
	readonly value: readonly [number, string];
}

const whyNot = existsSync(otlpReceiver)
	? whyNoBpf
	: "needs VictoriaMetrics of Debian 13, which the set-up did not find";
describeUnless(whyNot)("a real OpenTelemetry receiver", () => {
	const folder = mkdtempSync(join(tmpdir(), "eb-victoria-"));
	let victoria: ChildProcess;
	let outcome: Outcome;
	let found: readonly Found[] = [];

	beforeAll(async () => {
		const address = `127.0.0.1:${await freePort()}`;
		const flags = [`-httpListenAddr=${address}`, `-storageDataPath=${folder}/data`, "-search.latencyOffset=0s"];
		victoria = spawn(otlpReceiver, flags, { stdio: "ignore" });
		const ask = async (path: string) => (await fetch(`http://${address}${path}`)).text();
		const end = Date.now() + patienceMs;
		while ((await ask("/health").catch(() => "")) !== "OK" && Date.now() < end)
			await new Promise((resolve) => setTimeout(resolve, 50));
		for (const name of ["dd", "cat"]) symlinkSync(`/bin/${name}`, join(folder, `eb-${name}`));
		// Bytes of processes are counted from the first snapshot on.
		const script = `cd ${folder} && read go < eb-go; ./eb-dd if=/dev/zero bs=${BYTES} count=${CALLS} status=none | ./eb-cat > eb-file`;
		execFileSync("mkfifo", [join(folder, "eb-go")]);
		const words = ["--json", "-d", "0.2", "--require-bpf", "--otlp", `http://${address}/opentelemetry`];
		const { nextLine, ended } = startEbtop([...words, "--", "/bin/sh", "-c", script]);
		await nextLine();
		writeFileSync(join(folder, "eb-go"), "\n");
		outcome = await ended;
		const query = `/api/v1/query?query=${encodeURIComponent('{"service.name"="ebtop"}')}&nocache=1`;
		while (found.length === 0 && Date.now() < end) found = JSON.parse(await ask(query)).data.result;
	});
	afterAll(async () => {
		const ended = once(victoria, "exit");
		victoria.kill("SIGKILL");
		await ended;
		rmSync(folder, { recursive: true });
	});

	/** The values of the series of a metric with these labels. */
	const values = (name: string, labels: Readonly<Record<string, string>> = {}) =>
		found
			.filter(({ metric }) =>
				Object.entries({ __name__: name, ...labels }).every(([key, text]) => metric[key] === text),
			)
			.map(({ value }) => Number(value[1]));

	it("has the numbers of a command", () => {
		const dd = { "ebtop.program": "eb-dd" };
		const cat = { "ebtop.program": "eb-cat" };
		expect(values("ebtop.syscall.calls", { ...dd, "ebtop.syscall": "write" })).toEqual([CALLS]);
		expect(values("ebtop.syscall.errors", { ...dd, "ebtop.syscall": "write" })).toEqual([0]);
		expect(values("ebtop.program.written", dd)).toEqual([CALLS * BYTES]);
		expect(values("ebtop.program.written", cat)).toEqual([CALLS * BYTES]);
		const link = { "ebtop.link.kind": "pipe", "ebtop.link.from": "eb-dd", "ebtop.link.to": "eb-cat" };
		expect(values("ebtop.link.io", link)).toEqual([CALLS * BYTES]);
		for (const program of [dd, cat])
			expect(values("ebtop.process.exits", { ...program, "ebtop.exit.how": "exit" })).toEqual([1]);
		expect(values("ebtop.syscall.time")).toEqual([]); // without --latency
		expect(values("ebtop.otlp.dropped")).toHaveLength(1);
	});

	it("takes no events, which is said once", () => {
		expect(outcome.status).toBe(0);
		expect(outcome.stderr).toMatch(
			/^ebtop: The OpenTelemetry receiver \S+ answers with HTTP status 4\d\d to events; .*\.\n$/,
		);
	});
});
