/** `--seccomp-profile`: the calls of a process and its descendants as a seccomp profile on stdout. */

import { machine } from "node:os";
import { type Options, parseCommandLine } from "../cli/command-line.ts";
import { checkBeforeStart } from "../cli/preflight.ts";
import { Failure } from "../failure.ts";
import type { CommandEnd } from "../model/feed/addon.ts";
import { formatProcess } from "../model/names/processes.ts";
import { syscallNames } from "../model/names/syscalls.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { createStore } from "../model/store.ts";
import { writeError } from "../output/door.ts";
import { printText } from "../output/print-text.ts";
import { currentCalls } from "../profile/current-calls.ts";
import { ociProfile } from "../profile/oci-profile.ts";
import { type CallsBeforeExec, SeenCalls } from "../profile/seen-calls.ts";
import { endText, type MadeCommand, makeCommand } from "../run/launch.ts";
import { openRun } from "../run/run.ts";

const STDERR = 2;
/** How long the command may take to end after a signal. */
const LAST_WORDS_MS = 5000;

/** Runs until all have ended, the count is reached or `stopBy` fires. Resolves with null after a regular end. */
export async function printSeccompProfile(options: Options, stopBy: (stop: () => void) => void): Promise<Error | null> {
	if (ociProfile(new Set(), machine()) === null) {
		throw new Failure(`Profiles can only be made for x86-64, and this machine is ${machine()}.`, 3);
	}
	const command = options.command.length === 0 ? null : makeCommand(options.command, STDERR);
	const pid = command?.pid ?? (options.seccompProfile as number);
	const watched = watchedAs(options, pid);
	if (command === null) checkBeforeStart(watched);
	const calls = new SeenCalls(command && beforeExec(command));
	const store = createStore();
	const { pipeline, lockDown } = await openRun(watched, "fast", store);
	const watch = new Ending(pid, () => pipeline.stop(true));
	store.subscribe((snapshot) => {
		calls.take(snapshot);
		watch.look(snapshot);
	});
	stopBy(() => (command === null ? pipeline.stop(true) : watch.hurry()));
	await lockDown();
	pipeline.start();
	if (command === null) await writeError(`Watching ${pid}: what it called before is not in the profile.`);
	const ending = command?.run();
	const error = await pipeline.ended;
	if (error !== null) return error;
	const gaps = [...calls.gaps(), ...addCurrent(calls, store.get())];
	if (ending !== undefined) await printEnd(options.command[0] ?? "", watch, ending);
	for (const gap of gaps) await writeError(`The profile may be too narrow. ${gap}`);
	await printText(`${JSON.stringify(ociProfile(calls.names, machine()), null, 2)}\n`, "json");
	return null;
}

/** Rejects if the command could not be run. */
async function printEnd(program: string, watch: Ending, ending: Promise<CommandEnd>): Promise<void> {
	if (watch.isRootAlive) {
		watch.signal("SIGHUP");
		return writeError(`${program} still ran and was sent SIGHUP.`);
	}
	const end = await ending;
	if (end.error !== 0) throw new Failure(endText(program, end), 1);
	await writeError(endText(program, end));
}

/** Options with which only calls are counted. */
function watchedAs({ delaySeconds, count }: Options, pid: number): Options {
	const words = ["--pid", String(pid), "--require-bpf", "--no-args", "--panes", "syscalls"];
	return { ...parseCommandLine(words), delaySeconds, count };
}

/** Calls that ebtop's own code makes in the command's process once it is watched: see native/command/child.cpp. */
function beforeExec({ pid, user }: MadeCommand): CallsBeforeExec {
	const names = ["read", ...(user === null ? [] : ["setgroups", "setgid", "setuid"])];
	return { pid, calls: new Map(names.map((name) => [name, 1])) };
}

/** Stops the run when the last process has ended, or when the time is up. */
class Ending {
	isRootAlive = true;
	readonly #pid: number;
	readonly #stop: () => void;

	constructor(pid: number, stop: () => void) {
		this.#pid = pid;
		this.#stop = stop;
	}

	look({ processes }: Snapshot): void {
		const living = processes.filter(({ exit }) => exit === null);
		// One more refresh: it may bring the last counts of a process that just ended.
		if (living.length === 0) setImmediate(this.#stop);
		const wasAlive = this.isRootAlive;
		this.isRootAlive = living.some(({ pid }) => pid === this.#pid);
		if (!wasAlive || this.isRootAlive || living.length === 0) return;
		const others = living.map(formatProcess).join(", ");
		void writeError(
			`${this.#pid} has ended, ${others} still run: Ctrl-C prints the profile of what they called so far.`,
		);
	}

	/** Asks the command to end, so that its last calls are in the profile. */
	hurry(): void {
		this.signal("SIGTERM");
		setTimeout(this.#stop, this.isRootAlive ? LAST_WORDS_MS : 0);
	}

	signal(name: "SIGTERM" | "SIGHUP"): void {
		try {
			if (this.isRootAlive) process.kill(this.#pid, name);
		} catch {
			// it has ended since the last refresh
		}
	}
}

/** Adds the calls that living processes are in now; returns sentences about those that could not be read. */
function addCurrent(calls: SeenCalls, snapshot: Snapshot | null): string[] {
	const names = syscallNames(machine());
	return (snapshot?.processes ?? []).flatMap((process) => {
		if (process.exit !== null) return [];
		const current = currentCalls(process.pid, names);
		for (const name of current ?? []) calls.add(name);
		return current === null ? [`The calls that ${formatProcess(process)} is in at this moment cannot be read.`] : [];
	});
}
