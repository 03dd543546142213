/** `--otlp` and the OpenTelemetry Collector, which scripts/otel-collector/build.sh builds: its path is in EBTOP_TEST_COLLECTOR. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { whyNoBpf } from "../helpers/drained-session.ts";
import { freePort } from "../helpers/free-port.ts";
import { describeUnless } from "../helpers/live-session.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";
import { until } from "../helpers/workload.ts";

const collector = process.env.EBTOP_TEST_COLLECTOR;
const CALLS = 1013;
const BYTES = 103;

describeUnless(collector === undefined ? "on demand, see test/README.md" : whyNoBpf)(
	"the OpenTelemetry Collector",
	() => {
		const folder = mkdtempSync(join(tmpdir(), "eb-collector-"));
		let child: ChildProcess;
		afterAll(async () => {
			const ended = once(child, "exit");
			child.kill("SIGKILL");
			await ended;
			rmSync(folder, { recursive: true });
		});

		test("gets the metrics of a command, and each of its events", async () => {
			const port = await freePort();
			const debug = { verbosity: "detailed", use_internal_logger: false, sending_queue: { enabled: false } };
			const pipeline = { receivers: ["otlp"], exporters: ["debug"] };
			const config = {
				receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
				exporters: { debug },
				service: { telemetry: { metrics: { level: "none" } }, pipelines: { metrics: pipeline, logs: pipeline } },
			};
			writeFileSync(join(folder, "config"), JSON.stringify(config)); // JSON is YAML
			const output = openSync(join(folder, "output"), "w");
			const errors = openSync(join(folder, "errors"), "w");
			child = spawn(collector ?? "", [`--config=${folder}/config`], { stdio: ["ignore", output, errors] });
			for (const fd of [output, errors]) closeSync(fd);
			await until("the collector", () => readFileSync(join(folder, "errors"), "utf8").includes("Everything is ready"));

			for (const name of ["dd", "cat"]) symlinkSync(`/bin/${name}`, join(folder, `eb-${name}`));
			execFileSync("mkfifo", [join(folder, "eb-go")]);
			const script = `cd ${folder} && read go < eb-go; ./eb-dd if=/dev/zero bs=${BYTES} count=${CALLS} status=none | ./eb-cat > eb-file`;
			const words = ["--json", "-d", "0.2", "--require-bpf", "--otlp", `http://127.0.0.1:${port}`];
			const { nextLine, ended } = startEbtop([...words, "--", "/bin/sh", "-c", script]);
			await nextLine();
			writeFileSync(join(folder, "eb-go"), "\n");
			const { status, stdout, stderr } = await ended;
			expect({ status, stderr }).toEqual({ status: 0, stderr: "" });

			const text = readFileSync(join(folder, "output"), "utf8");
			const events = stdout
				.trim()
				.split("\n")
				.flatMap((line) => (JSON.parse(line) as Snapshot).events.map(({ type }) => `ebtop.${type}`));
			expect(events).toEqual(expect.arrayContaining(["ebtop.fork", "ebtop.exec", "ebtop.exit"]));
			expect([...text.matchAll(/^EventName: (.*)$/gm)].map(([, name]) => name)).toEqual(events);
			// Of the last export.
			const points = text.slice(text.lastIndexOf("Name: ebtop.program.cpu.time")).split("NumberDataPoints #");
			const value = (...labels: string[]) =>
				points
					.filter((point) => labels.every((label) => point.includes(`: Str(${label})`)))
					.map((point) => Number(/^Value: (.*)$/m.exec(point)?.[1]));
			expect(value("eb-dd", "write")).toEqual([CALLS, 0]); // calls, errors
			expect(value("pipe", "eb-dd", "eb-cat")).toEqual([CALLS * BYTES, expect.any(Number), expect.any(Number)]);
		});
	},
);
