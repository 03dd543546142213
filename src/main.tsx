/** The composition root: reads the command line, lets the run print or show itself, and sets the exit status. */

import { writeFileSync, writeSync } from "node:fs";
import { helpText } from "./cli/help.ts";
import { checkBeforeStart } from "./cli/preflight.ts";
import { version } from "./cli/version.ts";
import { type Options, parseCommandLine } from "./cli.ts";
import { Failure } from "./failure.ts";
import { createStore } from "./model/store.ts";
import { printSnapshots, printText } from "./print.ts";
import { probesText } from "./probes.ts";
import { endFailure, openRun, type Run } from "./run.ts";

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
main(process.argv.slice(2)).then(() => process.exit(0), fail);

async function main(words: readonly string[]): Promise<void> {
	const options = parseCommandLine(words);
	if (options.help) return printText(helpText());
	if (options.version) return printText(`ebtop ${version()}\n`);
	if (options.probes) return printText(probesText(options.json));
	checkBeforeStart(options);
	nameProcess();
	const error = await print(options);
	if (error !== null) throw endFailure(error, options);
}

/** Node calls its first thread MainThread; in a list of processes this one is ebtop. Its arguments stay as they are. */
function nameProcess(): void {
	try {
		writeFileSync("/proc/self/comm", "ebtop");
	} catch {
		// without /proc there is no list that would show it
	}
}

function print(options: Options): Promise<Error | null> {
	const store = createStore();
	const run = openRun(options, "fast", store);
	stopOnSignals(run);
	return printSnapshots(run.pipeline, store, options);
}

/** The first signal ends the run in order, with a last snapshot; the second does not wait for that. */
function stopOnSignals({ pipeline }: Run): void {
	let isStopping = false;
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		process.on(signal, () => {
			if (isStopping) process.exit(0);
			isStopping = true;
			pipeline.stop(true);
		});
	}
}

/** Says in one sentence what went wrong and ends; a defect is told apart from what a user can change. */
function fail(error: unknown): never {
	const failure = error instanceof Failure ? error : new Failure(`This is a defect of ebtop: ${String(error)}.`, 1);
	try {
		writeSync(2, `ebtop: ${failure.message}\n`);
	} catch {
		// nobody reads it
	}
	process.exit(failure.status);
}
