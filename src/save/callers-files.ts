/**
 * Writes files with the caller's rights, although ebtop may be root and has dropped the rights that it would need for
 * that: a shell, started earlier as the user behind sudo, waits and writes what it is sent.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import type { CallersPlace } from "../cli/caller.ts";

/** Writing is given up if the file system does not answer for this long. */
const PATIENCE_MS = 10_000;
/** How much is sent at once: dd reads all of it before it writes, so none of it is parsed as a command. */
const PIECE_BYTES = 1 << 20;

/**
 * `WORD LENGTH PATH`, and after `append` and `replace` that many bytes; answers `ok`, or `no` and why. `replace` has the
 * SHA-256 of the file that it replaces before the path, or `-` if there must be none, and makes the file's folder. It
 * writes only into a folder of its own user: as root, not into the home of another.
 */
const SCRIPT = `
umask 077
replace() {
	text=$(dd bs="$1" count=1 iflag=fullblock status=none && printf x)
	sum=\${2%% *} file=\${2#* }
	place=\${file%/*}
	while [ ! -e "\${place:-/}" ]; do place=\${place%/*}; done
	[ -O "\${place:-/}" ] || { echo "its folder belongs to another user" && return 1; }
	mkdir -p -- "\${file%/*}" || return
	now=-
	if [ -e "$file" ]; then now=$(sha256sum < "$file") && now=\${now%% *} || return; fi
	[ "$now" = "$sum" ] || { echo "it was changed meanwhile" && return 1; }
	new=$(mktemp -- "$file.XXXXXXXXXX") && printf %s "\${text%x}" > "$new" && mv -T -- "$new" "$file" && return
	rm -f -- "$new"
	return 1
}
while read -r word length path; do
	case $word in
	folder) why=$(mkdir -- "$path" 2>&1) ;;
	replace) why=$(replace "$length" "$path" 2>&1) ;;
	append) why=$(dd bs="$length" count=1 iflag=fullblock status=none | { cat >> "$path"; } 2>&1) ;;
	esac && echo ok || printf 'no %s\\n' "\${why##*: }"
done
`;

export class CallersFiles {
	readonly #shell: ChildProcess;
	#answers = "";
	#waiting: ((why: string | null) => void) | null = null;
	#last: Promise<string | null> = Promise.resolve(null);
	/** Why nothing can be written any more; null if it can. */
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
			detached: true, // must not get signals to ebtop's process group
			...(user === null ? {} : { uid: user.uid | 0, gid: user.gid | 0 }),
		});
		const { stdin, stdout } = this.#shell;
		this.#shell.once("error", () => this.#end("the shell that writes it could not be started"));
		stdin?.on("error", () => this.#end("the shell that writes it has ended"));
		stdout?.on("data", (text: Buffer) => this.#take(text.toString()));
		stdout?.once("end", () => this.#end("the shell that writes it has ended"));
		this.#unref();
	}

	/** Creates a folder with mode 0700. Resolves with the reason if that failed (the end of a sentence), else null. */
	makeFolder(path: string): Promise<string | null> {
		return this.#ask(`folder 0 ${path}\n`);
	}

	/** Appends to a file of mode 0600. Resolves like `makeFolder`. `path` must not begin or end with a blank. */
	async append(path: string, bytes: Uint8Array): Promise<string | null> {
		for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
			const piece = bytes.subarray(at, at + PIECE_BYTES);
			const why = await this.#ask(`append ${piece.length} ${path}\n`, piece);
			if (why !== null) return why;
		}
		return null;
	}

	/** Replaces the text file, or makes it and its folder; `before` is what it must have had, null for no file. */
	replace(path: string, before: string | null, text: string): Promise<string | null> {
		const sum = before === null ? "-" : createHash("sha256").update(before).digest("hex");
		const bytes = Buffer.from(text);
		return this.#ask(`replace ${bytes.length} ${sum} ${path}\n`, bytes);
	}

	close(): void {
		this.#end("it is closed");
	}

	/** Requests run one after the other, since several may save at once. */
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

	/** The shell must not keep the event loop alive. */
	#unref(): void {
		this.#shell.unref();
		for (const stream of [this.#shell.stdin, this.#shell.stdout])
			(stream as unknown as { unref?(): void } | null)?.unref?.();
	}
}
