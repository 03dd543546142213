// The receiver that --otlp is tested with: VictoriaMetrics of Debian 13. Debian 12 has none, and both build Prometheus
// without its own.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { environment, top } from "./paths.mjs";
import { say } from "./report.mjs";

export const otlpReceiver = join(top, "build", "victoria-metrics");
/** A mirror that does not answer shall not stop the set-up. */
const TIMEOUT_MS = 120_000;

/** Unpacks it into build/, if the mirror has it; without it the test is skipped. */
export async function fetchOtlpReceiver() {
	if (existsSync(otlpReceiver)) return;
	say("unpacking VictoriaMetrics of Debian 13 for the tests");
	const script = join(top, "scripts", "setup", "debian-13.sh");
	const words = [otlpReceiver, "victoria-metrics", "usr/bin/victoria-metrics"];
	try {
		await promisify(execFile)(script, words, { env: environment, timeout: TIMEOUT_MS });
	} catch (error) {
		const reason = error.stderr?.trim().split("\n").at(-1) || error.message;
		say(`there is no receiver for a test of --otlp, so it will be skipped: ${reason}`);
	}
}
