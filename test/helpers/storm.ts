/** A shell that starts short-lived processes as fast as it can, and never outlives its test. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs the sh `commands` in a loop, as "eb-storm"; call the result to end it. */
export function startStorm(commands: string): () => void {
	const folder = mkdtempSync(join(tmpdir(), "eb-storm-"));
	const shell = join(folder, "eb-storm");
	symlinkSync("/bin/sh", shell);
	// A test that is killed cannot clean up.
	const script = `while kill -0 ${process.pid}; do ${commands}; done`;
	const storm = spawn(shell, ["-c", script], { argv0: "sh", stdio: "ignore" });
	return () => {
		storm.kill("SIGKILL");
		rmSync(folder, { recursive: true });
	};
}
