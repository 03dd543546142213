/** The composition root: reads the command line, starts the run, sets the exit status. */

import { writeFileSync } from "node:fs";
import { type Options, parseCommandLine } from "./cli/command-line.ts";
import { checkBeforeStart } from "./cli/preflight.ts";
import { version } from "./cli/version.ts";
import { loadSettings, summaryOf } from "./config/load.ts";
import type { ReadFile } from "./config/read-file.ts";
import { Failure } from "./failure.ts";
import { KEEPER_NEEDS_MS } from "./history/bounds.ts";
import type { FeedInfo } from "./model/feed/feed.ts";
import { createStore, type Store } from "./model/store.ts";
import type { Stop } from "./modes/follow.ts";
import { printSnapshots } from "./modes/print.ts";
import { isScreenPossible, type Show, startShow } from "./modes/show.ts";
import { writeError } from "./output/door.ts";
import { printText } from "./output/print-text.ts";
import { returnEmptyPages } from "./run/empty-pages.ts";
import { endFailure, openRun, type Run } from "./run/run.ts";
import type { Saving } from "./save/open-saving.ts";

/** How long restoring the terminal may take after a bug, before the program ends anyway. */
const RESTORE_MS = 500;

let show: Show | null = null;
let isFailing = false;
/** Ends the current run properly, unless it returns true; before a run starts it just exits. */
let stop: Stop = () => process.exit(0);

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
stopOnSignals();
command(process.argv.slice(2)).then((status) => isFailing || process.exit(status), fail);

/** Returns the exit status; rejects with a Failure. */
async function command(words: readonly string[]): Promise<number> {
	const [name, ...rest] = words;
	const stopBy = (end: Stop): void => {
		stop = end;
	};
	if (name === "follow") return (await import("./modes/follow.ts")).follow(rest, stopBy);
	if (name === "receipt") return (await import("./modes/receipt.ts")).receipt(rest);
	if (name === "diff") return (await import("./modes/diff.ts")).diff(rest);
	await main(words);
	return 0;
}

async function main(words: readonly string[]): Promise<void> {
	const asked = parseCommandLine(words);
	if (asked.help) return printText((await import("./cli/help.ts")).helpText());
	if (asked.version) return printText(`ebtop ${version()}\n`);
	if (asked.probes) return printProbes(asked);
	if (asked.seccompProfile !== null) return profileCalls(asked);
	const { settings, mistakes, file } = await loadSettings(asked);
	const options = parseCommandLine(words, settings);
	if (options.printConfig) return printConfiguration(options, mistakes);
	checkBeforeStart(options);
	nameProcess();
	returnEmptyPages();
	if (options.sql !== null || options.export !== null) return readRecording(options, mistakes);
	if (options.serve) return serveViewers(options);
	const isPrinted = options.record === "-" || options.json || options.batch || !isScreenPossible();
	if (isPrinted) await printMistakes(mistakes);
	const run: RunOf = isPrinted ? printRun : (...words) => showRun(summaryOf(mistakes), file, ...words);
	const error = await (options.command.length === 0 ? run(options) : runWithDashboard(options, run));
	if (error !== null) throw endFailure(error, options);
}

type RunOf = (options: Options, onReady?: () => void) => Promise<Error | null>;

/** A dashboard of a command and its descendants; the command's output is printed after it. */
async function runWithDashboard(options: Options, run: RunOf): Promise<Error | null> {
	const { launch } = await import("./run/launch.ts");
	const launched = launch(options.command, options.redact.length > 0 ? "The command" : (options.command[0] ?? ""));
	const endWithIt = () => run === printRun && stop();
	const onReady = () => void launched.run().then(endWithIt).catch(fail);
	const error = await run({ ...options, pids: [launched.pid], follow: [launched.pid] }, onReady);
	if (options.json) launched.finish();
	else await printText(launched.finish());
	return error;
}

async function profileCalls(options: Options): Promise<void> {
	nameProcess();
	const { printSeccompProfile } = await import("./modes/seccomp-profile.ts");
	const stopBy = (end: () => void): void => {
		stop = end;
	};
	const error = await printSeccompProfile(options, stopBy);
	if (error !== null) throw endFailure(error, options);
}

/** What asks about a recording instead of playing it. */
async function readRecording(options: Options, mistakes: readonly string[]): Promise<void> {
	await printMistakes(mistakes);
	const { sql, export: folder } = options;
	const error =
		sql === null
			? await (await import("./modes/export.ts")).exportTables(options, folder ?? "")
			: await (await import("./modes/sql.ts")).printAnswer(options, sql);
	if (error !== null) throw endFailure(error, options);
}

/** `ebtop serve`. */
async function serveViewers(options: Options): Promise<void> {
	const { serve } = await import("./modes/serve.ts");
	const error = await serve(options, (end) => {
		stop = end;
	});
	if (error !== null) throw endFailure(error, options);
}

async function printConfiguration(options: Options, mistakes: readonly string[]): Promise<void> {
	const { configurationText } = await import("./config/print.ts");
	await printText(configurationText(options), "json");
	await printMistakes(mistakes);
}

async function printMistakes(mistakes: readonly string[]): Promise<void> {
	for (const mistake of mistakes) await writeError(mistake);
}

async function printProbes({ json }: Options): Promise<void> {
	const { probesText } = await import("./modes/probes.ts");
	return printText(await probesText(json), json ? "json" : "text");
}

async function printRun(options: Options, onReady?: () => void): Promise<Error | null> {
	const store = createStore();
	const run = await openRun(options, options.speed === null ? "fast" : "recorded", store, {
		tell: (notice) => void writeError(notice),
	});
	stop = () => run.pipeline.stop(true);
	const keeping = options.keepWhen === null ? null : await keepFrom(store, options, run.info);
	await run.lockDown();
	onReady?.();
	const error = await printOrStream(run, store, options);
	await keeping?.close();
	return error;
}

async function printOrStream(run: Run, store: Store, options: Options): Promise<Error | null> {
	if (options.record !== "-") return printSnapshots(run.pipeline, store, options);
	const { streamSnapshots } = await import("./modes/stream.ts");
	return streamSnapshots(run, store, options);
}

/** Keeps a history for --keep-when if there is no screen. */
async function keepFrom(store: Store, options: Options, info: FeedInfo): Promise<Pick<Saving, "close">> {
	const { openSaving } = await import("./save/open-saving.ts");
	const { History } = await import("./history/history.ts");
	const history = new History({ spanMs: KEEPER_NEEDS_MS });
	const saving = await openSaving(
		options,
		history,
		() => info,
		(notice) => void writeError(notice),
	);
	store.subscribe((snapshot, isAfterGap) => {
		history.add(snapshot, isAfterGap);
		saving.keeper?.see(snapshot);
	});
	return saving;
}

async function showRun(
	note: string | null,
	file: ReadFile | null,
	options: Options,
	onReady?: () => void,
): Promise<Error | null> {
	show = await startShow(options, note, file);
	onReady?.();
	stop = show.stop;
	return show.ended;
}

/** Node calls its first thread MainThread; process lists should show ebtop. The arguments stay as they are. */
function nameProcess(): void {
	try {
		writeFileSync("/proc/self/comm", "ebtop");
	} catch {
		// without /proc no process list shows it
	}
}

/**
 * The first signal ends the run properly, with a last snapshot; the second ends it at once. Signals that other programs
 * use (dd's SIGUSR1) are ignored: their default action would not restore the terminal.
 */
function stopOnSignals(): void {
	for (const signal of ["SIGUSR1", "SIGUSR2"] as const) process.on(signal, () => {});
	let isStopping = false;
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) {
		process.on(signal, () => {
			if (isStopping) process.exit(0);
			isStopping = stop(signal) !== true;
		});
	}
}

/** Reports in one sentence what went wrong and ends; if there was a screen, after restoring the terminal. */
async function fail(error: unknown): Promise<void> {
	if (isFailing) return;
	isFailing = true;
	if (show !== null) {
		stop();
		await Promise.race([show.ended.catch(() => {}), new Promise((resolve) => setTimeout(resolve, RESTORE_MS))]);
	}
	const failure =
		error instanceof Failure
			? error
			: new Failure(`This is a bug in ebtop, please report it: ${String(error).replace(/\.$/, "")}.`, 1);
	await writeError(failure.message);
	process.exit(failure.status);
}
