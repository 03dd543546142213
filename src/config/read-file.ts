/** Reads the configuration file with the caller's rights. If the file system hangs, it gives up after half a second. */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { CallersPlace } from "../cli/caller.ts";

export interface ReadFile {
	readonly path: string;
	/** Null: there is no such file, which only the default one may be. */
	readonly text: string | null;
}

/** Why there is no configuration, a sentence. */
export interface NotRead {
	readonly problem: string;
}

const MOST_BYTES = 64 * 1024;
/** The size of everything around the content. */
const MOST_FRAME_BYTES = 16 * 1024;
const LOOK_MS = 50;
/** Half a second without output, in which none of the shell's processes ran or waited for a CPU. */
const BLOCKED_LOOKS = 10;
const MOST_LOOKS = 200;
/** The shell, its subshell, the program that this one runs. */
const DEPTH = 3;
const MOST_CHILDREN = 8;

/**
 * A thread of this process that hangs in a file system would keep the process from ending, so a separate shell reads
 * the file, and is left behind if it hangs. Arguments: the path or "", the folder of settings or "", the uid of the
 * folder's owner. It writes a NUL, then path, NUL, state, NUL, content, NUL, state: if both states are equal, the
 * content is that of the checked file.
 */
const SCRIPT = `
printf '\\0'
file=$1
if [ -z "$file" ]; then
	folder=$2
	if [ -z "$folder" ]; then
		entry=$(getent passwd "$3") || exit 0
		entry=\${entry%:*}
		folder=\${entry##*:}/.config
	fi
	file=$folder/ebtop/config.json
	[ -e "$file" ] || [ -L "$file" ] || { printf '%s' "$file" && exit 0; }
fi
state() { stat -c '%f %u %s %d:%i %z' -- "$file" 2>&1; }
before=$(state)
printf '%s\\0%s\\0' "$file" "$before"
case $before in
8???' '*) dd if="$file" iflag=nofollow,nonblock,fullblock bs=${MOST_BYTES + 1} count=1 status=none 2> /dev/null ;;
esac
printf '\\0%s' "$(state)"
`;

/** `named`: the requested path; null for the default one. Returns null if there is no place for a default file. */
export async function readConfiguration(named: string | null, place: CallersPlace): Promise<ReadFile | NotRead | null> {
	const { user, folder } = place;
	const path = named === null || isAbsolute(named) ? (named ?? "") : `./${named}`;
	const bytes = await runScript([path, folder ?? "", String(user?.uid ?? process.geteuid?.() ?? 0)], user);
	if (typeof bytes === "string") {
		const which = named === null ? "Your configuration" : `The configuration ${named}`;
		return { problem: `${which} is not used: ${bytes}.` };
	}
	const [start, end] = [bytes.indexOf(0, 1), bytes.lastIndexOf(0)];
	if (bytes.length <= 1) return null;
	if (start < 0) return { path: bytes.toString("utf8", 1), text: null };
	const middle = bytes.indexOf(0, start + 1);
	const found = named ?? bytes.toString("utf8", 1, start);
	if (middle < 0 || end <= middle) return { problem: `The configuration ${found} is not used: its reader was killed.` };
	const before = bytes.toString("utf8", start + 1, middle);
	const content = bytes.subarray(middle + 1, end);
	const why = refusal(before, content, user?.uid) ?? (bytes.toString("utf8", end + 1) === before ? null : CHANGED);
	if (why !== null) return { problem: `The configuration ${found} is not used: ${why}.` };
	return { path: found, text: new TextDecoder().decode(content) };
}

const CHANGED = "it changed while it was read";
const TYPE = 0xf000;
const REGULAR = 0x8000;
const LINK = 0xa000;
const WRITABLE_BY_OTHERS = 0o022;

/** Why the file must not be used, the end of a sentence. `state` is the output of stat, or its error. */
function refusal(state: string, content: Uint8Array, callersUid: number | undefined): string | null {
	const [, modeText = "", owner, size] = /^([0-9a-f]+) (\d+) (\d+) /.exec(state) ?? [];
	if (owner === undefined) return state.slice(state.lastIndexOf(": ") + 2).toLowerCase();
	const mode = Number.parseInt(modeText, 16);
	if ((mode & TYPE) === LINK) return "it is a symbolic link";
	if ((mode & TYPE) !== REGULAR) return "it is not a regular file";
	if (process.geteuid?.() === 0) {
		if (![0, callersUid].includes(Number(owner))) return "it belongs to another user";
		if ((mode & WRITABLE_BY_OTHERS) !== 0) return "other users may write it (use chmod go-w)";
	}
	if (Number(size) > MOST_BYTES || content.length > MOST_BYTES) return `it is larger than ${MOST_BYTES / 1024} KB`;
	if (content.length === 0 && Number(size) > 0) return "permission is denied";
	return null;
}

/** Its output, or why there is none, the end of a sentence. */
function runScript(words: readonly string[], user: CallersPlace["user"]): Promise<Buffer | string> {
	const child = spawn("/bin/sh", ["-c", SCRIPT, "sh", ...words], {
		env: { PATH: process.env.PATH, LC_ALL: "C" },
		stdio: ["ignore", "pipe", "ignore"],
		detached: true, // in its own process group, which is killed as a whole
		// And with no supplementary groups. Node takes the numbers as signed ones.
		...(user === null ? {} : { uid: user.uid | 0, gid: user.gid | 0 }),
	});
	const chunks: Buffer[] = [];
	let length = 0;
	let looks = 0;
	let blockedLooks = 0;
	let timer: NodeJS.Timeout | undefined;
	return new Promise((resolve) => {
		const giveUp = (why: string): void => {
			clearInterval(timer);
			try {
				process.kill(-(child.pid ?? Number.NaN), "SIGKILL");
			} catch {
				// it ended
			}
			child.stdout.destroy();
			child.unref();
			resolve(why);
		};
		// If it waits for a CPU, the machine is busy and the file system does not hang.
		timer = setInterval(() => {
			looks++;
			blockedLooks = wantsToRun(child.pid, DEPTH) ? 0 : blockedLooks + 1;
			if (blockedLooks < BLOCKED_LOOKS && looks < MOST_LOOKS) return;
			giveUp("its file system, or that of the password database, does not answer");
		}, LOOK_MS);
		child.stdout.on("data", (chunk: Buffer) => {
			chunks.push(chunk);
			length += chunk.length;
			blockedLooks = 0;
			if (length > MOST_BYTES + MOST_FRAME_BYTES) giveUp("it is too large");
		});
		child.once("error", () => {
			clearInterval(timer);
			resolve("no shell could be started to read it");
		});
		child.once("close", () => {
			clearInterval(timer);
			resolve(Buffer.concat(chunks));
		});
	});
}

/** Whether the process, or one that it waits for, is running or waits for a CPU. */
function wantsToRun(pid: number | undefined, depth: number): boolean {
	if (depth === 0) return false;
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
		if (stat.slice(stat.lastIndexOf(")")).startsWith(") R")) return true;
		const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").match(/\d+/g) ?? [];
		return children.slice(0, MOST_CHILDREN).some((child) => wantsToRun(Number(child), depth - 1));
	} catch {
		return false; // it has ended, or this kernel does not say
	}
}
