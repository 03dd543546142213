/** Runs ebtop on another machine over ssh, which never asks for anything. */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { shellWord } from "../format/shell-word.ts";
import { safeText } from "../model/safe-text.ts";
import type { Host } from "./host.ts";

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** ssh itself notices within 15 s that the other machine is gone. */
const OPTIONS = ["BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=5", "ServerAliveCountMax=3"];

/** What is kept of what ssh and ebtop say there. */
const MOST_SAID = 4096;
const LONGEST_SAYING = 300;

const SSH_FAILED = 255;
const NOT_FOUND = 127;

export class SshRun {
	readonly #host: Host;
	readonly #child: Child;
	#said = "";
	#isEnded = false;
	/** Resolves with why it failed, a sentence; null if it ended with status 0, or by `end`. */
	readonly ended: Promise<string | null>;

	/** `words`: of ebtop there. */
	constructor(host: Host, words: readonly string[]) {
		this.#host = host;
		const options = OPTIONS.flatMap((option) => ["-o", option]);
		const command = ["ebtop", ...words].map(shellWord).join(" ");
		this.#child = spawn("ssh", ["-T", ...options, "--", host.destination, command], {
			stdio: ["pipe", "pipe", "pipe"],
			env: environment(),
		});
		this.#child.stderr.on("data", (bytes: Buffer) => {
			this.#said = (this.#said + bytes.toString("utf8")).slice(-MOST_SAID);
		});
		this.#child.stdin.on("error", () => {}); // it has ended, which is told below
		this.ended = new Promise((resolve) => {
			this.#child.once("error", ({ message }) => resolve(whyNotStarted(message)));
			this.#child.once("close", (status) => resolve(this.#whyEnded(status)));
		});
	}

	get output(): Readable {
		return this.#child.stdout;
	}

	tell(line: string): void {
		if (this.#child.stdin.writable) this.#child.stdin.write(line);
	}

	end(): void {
		this.#isEnded = true;
		this.#child.stdin.destroy();
		this.#child.stdout.destroy();
		this.#child.kill("SIGTERM");
	}

	#whyEnded(status: number | null): string | null {
		if (status === 0 || this.#isEnded) return null;
		const { name, destination } = this.#host;
		const said = lastLine(this.#said);
		if (status === SSH_FAILED) return sshSentence(name, destination, this.#said, said);
		if (status === NOT_FOUND)
			return `There is no ebtop on ${name}, or not in the PATH that ssh gives it: install it there.`;
		return said === "" ? `ebtop on ${name} has ended.` : `ebtop on ${name} has ended: ${said}`;
	}
}

/** What bin/ebtop passes on. */
function environment(): NodeJS.ProcessEnv {
	const { PATH, LANG, EBTOP_HOME, EBTOP_SSH_AUTH_SOCK } = process.env;
	const agent = EBTOP_SSH_AUTH_SOCK === undefined ? {} : { SSH_AUTH_SOCK: EBTOP_SSH_AUTH_SOCK };
	return { PATH, LANG, HOME: EBTOP_HOME, ...agent };
}

function whyNotStarted(message: string): string {
	const isMissing = message.includes("ENOENT");
	return isMissing ? "There is no ssh here: install the package openssh-client." : `Cannot start ssh: ${message}.`;
}

function sshSentence(name: string, destination: string, all: string, said: string): string {
	if (/permission denied/i.test(all)) {
		return `${name} wants a password, or does not take your key, and ebtop never asks: let 'ssh ${destination}' work without a question (ssh-copy-id, ssh-agent).`;
	}
	if (/host key verification failed/i.test(all)) {
		return `The key of ${name} is not known here, or is another one than before: run 'ssh ${destination}' once, and look at what it says.`;
	}
	return `ssh cannot reach ${name}${said === "" ? "." : `: ${said}`}`;
}

/** The last one with text, safe to show, as the end of a sentence. */
function lastLine(text: string): string {
	const line =
		text
			.split("\n")
			.map((each) => each.trim())
			.filter((each) => each !== "")
			.at(-1) ?? "";
	const safe = safeText(line.slice(0, LONGEST_SAYING));
	return safe === "" || /[.!?]$/.test(safe) ? safe : `${safe}.`;
}
