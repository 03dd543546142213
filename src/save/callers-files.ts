/**
 * Writes files with the caller's rights, though ebtop may be root and has dropped what it would need for that: a shell that
 * runs as the user behind sudo from before then, waits, and writes what it is told to.
 */

import { type ChildProcess, spawn } from "node:child_process";
import type { CallersPlace } from "../cli/caller.ts";

/** A file system that does not answer for so long is given up. */
const PATIENCE_MS = 10_000;
/** What is handed over at once: dd has all of it in memory before it is written, so nothing of it is taken for a word. */
const PIECE_BYTES = 1 << 20;

/** `WORD LENGTH PATH`, and after `append` that many bytes; answers `ok`, or `no` and why. */
const SCRIPT = `
umask 077
while read -r word length path; do
	case $word in
	folder) why=$(mkdir -- "$path" 2>&1) ;;
	append) why=$(dd bs="$length" count=1 iflag=fullblock status=none | { cat >> "$path"; } 2>&1) ;;
	esac && echo ok || printf 'no %s\\n' "\${why##*: }"
done
`;

export class CallersFiles {
	readonly #shell: ChildProcess;
	#answers = "";
	#waiting: ((why: string | null) => void) | null = null;
	#last: Promise<string | null> = Promise.resolve(null);
	/** Why nothing can be written any more. */
	#isOver: string | null = null;

	readonly #patienceMs: number;

	/** Starts the shell, which ends with this process. `cwd` and `patienceMs` are for tests. */
	constructor(
		user: CallersPlace["user"],
		{ cwd, patienceMs = PATIENCE_MS }: { readonly cwd?: string; readonly patienceMs?: number } = {},
	) {
		this.#patienceMs = patienceMs;
		this.#shell = spawn("/bin/sh", ["-c", SCRIPT, "sh"], {
			env: { PATH: process.env.PATH, LC_ALL: "C" },
			stdio: ["pipe", "pipe", "ignore"],
			cwd,
			detached: true, // a signal to ebtop's process group is not for it
			...(user === null ? {} : { uid: user.uid | 0, gid: user.gid | 0 }),
		});
		const { stdin, stdout } = this.#shell;
		this.#shell.once("error", () => this.#end("no shell could be started to write it"));
		stdin?.on("error", () => this.#end("the shell that writes it has ended"));
		stdout?.on("data", (text: Buffer) => this.#take(text.toString()));
		stdout?.once("end", () => this.#end("the shell that writes it has ended"));
		this.#unref();
	}

	/** Makes a folder for its owner only. Resolves with why that failed, the end of a sentence; null where it did not. */
	makeFolder(path: string): Promise<string | null> {
		return this.#ask(`folder 0 ${path}\n`);
	}

	/** Adds to a file for its owner only. Resolves as `makeFolder`. `path` has no blanks at its ends. */
	async append(path: string, bytes: Uint8Array): Promise<string | null> {
		for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
			const piece = bytes.subarray(at, at + PIECE_BYTES);
			const why = await this.#ask(`append ${piece.length} ${path}\n`, piece);
			if (why !== null) return why;
		}
		return null;
	}

	close(): void {
		this.#end("it is closed");
	}

	/** One after the other, since several may save at once. */
	#ask(line: string, bytes?: Uint8Array): Promise<string | null> {
		this.#last = this.#last.then(() => this.#askNow(line, bytes));
		return this.#last;
	}

	#askNow(line: string, bytes?: Uint8Array): Promise<string | null> {
		if (this.#isOver !== null) return Promise.resolve(this.#isOver);
		return new Promise((resolve) => {
			const timer = setTimeout(() => this.#end("the file system does not answer"), this.#patienceMs);
			this.#waiting = (why) => {
				clearTimeout(timer);
				this.#waiting = null;
				resolve(why);
			};
			this.#shell.stdin?.write(line);
			if (bytes !== undefined) this.#shell.stdin?.write(bytes);
		});
	}

	#take(text: string): void {
		this.#answers += text;
		const end = this.#answers.indexOf("\n");
		if (end < 0) return;
		const answer = this.#answers.slice(0, end);
		this.#answers = this.#answers.slice(end + 1);
		this.#waiting?.(answer === "ok" ? null : answer.slice("no ".length).toLowerCase() || "it cannot be written");
	}

	#end(why: string): void {
		if (this.#isOver !== null) return;
		this.#isOver = why;
		this.#shell.stdin?.destroy();
		this.#shell.stdout?.destroy();
		this.#waiting?.(why);
	}

	/** It keeps the program from ending no longer than the program itself wants. */
	#unref(): void {
		this.#shell.unref();
		for (const stream of [this.#shell.stdin, this.#shell.stdout])
			(stream as unknown as { unref?(): void } | null)?.unref?.();
	}
}
