/** `ebtop -- CMD`: the command runs while a dashboard has the terminal. */

import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getSystemErrorMessage } from "node:util";
import { type CallingUser, readCaller } from "../cli/caller.ts";
import { type CommandEnd, loadAddon } from "../model/feed/addon.ts";
import { signalName } from "../model/names/signals.ts";

/** How much of its output is shown at the end. */
const MOST_OUTPUT_BYTES = 1024 * 1024;

/** The process of a command, which waits for `run`. */
export interface MadeCommand {
	readonly pid: number;
	/** The user that it runs as; null: ebtop's own. */
	readonly user: CallingUser | null;
	/** Lets it run; resolves when it has ended. */
	run(): Promise<CommandEnd>;
}

/** With `output`, a descriptor, it has an empty stdin, writes there, and has its own process group. */
export function makeCommand(argv: readonly string[], output?: number): MadeCommand {
	const { env, descriptors, user } = readCaller();
	const { Command } = loadAddon();
	const command = new Command({
		argv,
		env,
		descriptors,
		...(user === null ? {} : { user }),
		...(output === undefined ? {} : { output }),
	});
	return { pid: command.pid, user, run: () => command.run() };
}

/** How the command ended, in one sentence. */
export function endText(program: string, { error, code, signal }: CommandEnd): string {
	if (error !== 0) return `Cannot run ${program}: ${getSystemErrorMessage(-error)}.`;
	return signal === null ? `${program} exited with ${code}.` : `${program} was ended by ${signalName(signal)}.`;
}

export interface Launched {
	readonly pid: number;
	/** Lets it run; resolves when it has ended. */
	run(): Promise<void>;
	/** Ends it if it still runs, as closing a terminal does. Returns its output and how it ended, to print. */
	finish(): string;
}

/**
 * Creates the command's process, which waits. It has an empty stdin and writes to an unnamed file. `program`: what it is called when it
 * has ended.
 */
export function launch(argv: readonly string[], program: string): Launched {
	const output = openNameless();
	const command = makeCommand(argv, output);
	let ended: string | null = null;
	return {
		pid: command.pid,
		async run() {
			ended = endText(program, await command.run());
		},
		finish() {
			if (ended === null) process.kill(command.pid, "SIGHUP");
			const text = readEnd(output);
			closeSync(output);
			const last = text === "" || text.endsWith("\n") ? text : `${text}\n`;
			return `${last}${ended ?? `${program} still ran and was sent SIGHUP.`}\n`;
		},
	};
}

function openNameless(): number {
	const folder = mkdtempSync(join(tmpdir(), "ebtop-"));
	try {
		return openSync(join(folder, "output"), "ax+", 0o600);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function readEnd(fd: number): string {
	const { size } = fstatSync(fd);
	const bytes = Buffer.alloc(Math.min(size, MOST_OUTPUT_BYTES));
	const count = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
	const cut = size > bytes.length ? `… ${size - bytes.length} bytes before this\n` : "";
	return cut + bytes.toString("utf8", 0, count);
}
