/** `ebtop follow --receipt FILE -- CMD`: no screen, the command's own streams and status, the receipt at the end. */

import { constants } from "node:os";
import { getSystemErrorMessage } from "node:util";
import { type FollowOptions, parseFollow } from "../cli/follow-words.ts";
import { version } from "../cli/version.ts";
import { Failure, systemReason } from "../failure.ts";
import { buildReceipt } from "../follow/build-receipt.ts";
import type { Receipt, Run } from "../follow/receipt.ts";
import { MEASURED, MEASURED_ON, RULES } from "../follow/rules.ts";
import type { CommandEnd } from "../model/feed/addon.ts";
import { OutputFile } from "../model/feed/regular-file.ts";
import { signalName } from "../model/names/signals.ts";
import { safeText } from "../model/safe-text.ts";
import { writeError } from "../output/door.ts";
import { printText } from "../output/print-text.ts";
import { makeCommand } from "../run/launch.ts";
import { openWatch, type Watch } from "../run/watch.ts";

/** The exit statuses of env(1), timeout(1) and nohup(1) for their own failures. */
const OWN_FAILURE = 125;
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
const ENOENT = 2;

/** So many signals within this time end the watch although the command goes on: it may handle one, or ignore all. */
const IMPATIENT = { signals: 3, withinMs: 2000 };

/** What a signal to ebtop itself does; returns true if the run goes on. */
export type Stop = (signal?: NodeJS.Signals) => unknown;

/** Runs the command to its end; returns the exit status. `stopBy` registers what signals do. */
export async function follow(words: readonly string[], stopBy: (stop: Stop) => void): Promise<number> {
	const options = parseFollow(words);
	if (options.rules) {
		await printText(rulesText());
		return 0;
	}
	try {
		return await followCommand(options, stopBy);
	} catch (error) {
		throw new Failure(error instanceof Error ? error.message : String(error), OWN_FAILURE);
	}
}

async function followCommand(options: FollowOptions, stopBy: (stop: Stop) => void): Promise<number> {
	const file = openReceipt(options.receipt);
	const hurry = new AbortController();
	stopBy(() => hurry.abort());
	try {
		const command = makeCommand(options.command);
		const { user } = command;
		const watch = await watchIfPossible(command.pid, options);
		const startedAt = new Date();
		const cut = untilCut(stopBy);
		const seen = await Promise.race([command.run(), cut]);
		stopBy(() => hurry.abort());
		const cutBy = typeof seen === "string" ? seen : null;
		const end: CommandEnd = typeof seen === "string" ? { error: 0, code: null, signal: null } : seen;
		const durationMs = Date.now() - startedAt.getTime();
		if (end.error !== 0) return await printNotRun(options.command[0] ?? "", end.error);
		const status = cutBy === null ? statusOf(end) : 128 + constants.signals[cutBy];
		if (watch === null) return status;
		await watch.finish(cutBy === null ? options.lingerSeconds * 1000 : 0, hurry.signal);
		const run: Run = {
			command: options.noArgs ? options.command.slice(0, 1).map(safeText) : options.command.map(safeText),
			cwd: safeText(process.cwd()),
			user: { uid: user?.uid ?? process.geteuid?.() ?? 0, gid: user?.gid ?? process.getegid?.() ?? 0 },
			host: watch.host,
			kernel: watch.kernel,
			ebtop: version(),
			rules: RULES,
			exit: { code: end.code, signal: end.signal === null ? null : signalName(end.signal) },
			startedAt: startedAt.toISOString(),
			durationMs,
		};
		const receipt = await redacted(buildReceipt(watch.followed, run, process.pid, cutBy), options);
		writeReceipt(file, options.receipt, `${JSON.stringify(receipt, null, "\t")}\n`);
		return status;
	} finally {
		file.close();
	}
}

/** Resolves with the last of several signals in a row, while the command goes on. */
function untilCut(stopBy: (stop: Stop) => void): Promise<NodeJS.Signals> {
	const times: number[] = [];
	return new Promise((resolve) => {
		stopBy((signal) => {
			times.push(performance.now());
			if (times.length > IMPATIENT.signals) times.shift();
			const [first = 0, last = 0] = [times[0], times.at(-1)];
			const isEnough = times.length === IMPATIENT.signals && last - first <= IMPATIENT.withinMs;
			if (isEnough && signal !== undefined) resolve(signal);
			return true;
		});
	});
}

/** The code is loaded only if it is needed. */
async function redacted(receipt: Receipt, { redact }: FollowOptions): Promise<Receipt> {
	if (redact.length === 0) return receipt;
	const { redactReceipt } = await import("../redact/redact-receipt.ts");
	return redactReceipt(redact, receipt);
}

function statusOf({ code, signal }: CommandEnd): number {
	return code ?? 128 + (signal ?? 0);
}

function openReceipt(path: string): OutputFile {
	try {
		return new OutputFile(path);
	} catch (error) {
		throw new Failure(`Cannot write the receipt to ${path}: ${systemReason(error)}.`, OWN_FAILURE);
	}
}

function writeReceipt(file: OutputFile, path: string, text: string): void {
	try {
		file.write(Buffer.from(text));
	} catch (error) {
		throw new Failure(`Cannot write the receipt to ${path}: ${systemReason(error)}.`, OWN_FAILURE);
	}
}

function rulesText(): string {
	const lines = RULES.map(({ rule, class: sure, says }) => {
		const found = MEASURED[rule];
		const measured =
			found === null
				? "not in the benchmark"
				: `${Math.floor((100 * found.right) / found.said)} % of ${found.said} files right: ${found.on}`;
		return `${rule.padEnd(14)} ${sure.padEnd(8)} ${says}\n${"".padEnd(24)}${measured}\n`;
	});
	return `${lines.join("")}\nMeasured ${MEASURED_ON}.\n`;
}

/** Null if ebtop cannot watch and the command shall run anyway. */
async function watchIfPossible(pid: number, { orRun, noArgs }: FollowOptions): Promise<Watch | null> {
	try {
		return await openWatch(pid, noArgs);
	} catch (error) {
		if (!orRun || !(error instanceof Failure)) throw error;
		await writeError(`${error.message} The command runs anyway, and there will be no receipt.`);
		return null;
	}
}

async function printNotRun(program: string, error: number): Promise<number> {
	const reason = error === ENOENT ? "there is no such program" : getSystemErrorMessage(-error);
	await writeError(`Cannot run ${program}: ${reason}.`);
	return error === ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
}
