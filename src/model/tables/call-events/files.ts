/** Events of names in directories: created, removed, renamed, opened and queried. */

import type { AskData, FileCreateData } from "../../event-data.ts";
import { errorName } from "../../names/errors.ts";
import { WireEvent } from "../../wire/layout.gen.ts";
import type { Bounds } from "../bounds.ts";
import type { EventTable } from "../event.ts";
import { NS_PER_MS } from "../tick.ts";
import type { AskedName, Call, CallHandlers } from "./call.ts";
import { FileLives } from "./file-lives.ts";

/** include/uapi/linux/fcntl.h and fs.h */
const AT_REMOVEDIR = 0x200;
const RENAME_EXCHANGE = 2;

/** What a call creates, by the beginning of its name; all others create a file. */
const MADE: readonly [begin: string, kind: FileCreateData["kind"]][] = [
	["mkdir", "directory"],
	["mknod", "node"],
	["symlink", "symlink"],
	["link", "link"],
];
const NO_NAME: AskedName = { asked: "?", path: "?" };

/** creat() has no argument for them. */
const CREAT_FLAGS = 0o1101;

export function fileHandlers(events: EventTable, bounds: Bounds, flagNames: (flags: number) => string): CallHandlers {
	const lives = new FileLives(bounds);

	function create({ process, tid, timeNs, name, names: [{ path } = NO_NAME] }: Call): void {
		const kind = MADE.find(([begin]) => name.startsWith(begin))?.[1] ?? "file";
		lives.begin(process, path, timeNs);
		const text = kind === "file" ? path : `${path} (${kind})`;
		events.add({ timeNs, type: "file-create", process, tid, text, data: { path, kind } });
	}

	function remove({ process, tid, timeNs, name, flags, names: [{ path } = NO_NAME] }: Call): void {
		const kind = name.startsWith("rmdir") || (flags & AT_REMOVEDIR) !== 0 ? "directory" : "file";
		const bornNs = lives.end(process, path);
		const lifetimeMs = bornNs === null ? null : Math.max(0, Math.round((timeNs - bornNs) / 1000)) / (NS_PER_MS / 1000);
		const text = lifetimeMs === null ? path : `${path} after ${lifetimeMs} ms`;
		events.add({ timeNs, type: "file-delete", process, tid, text, data: { path, kind, lifetimeMs } });
	}

	function rename({ process, tid, timeNs, flags, names: [from = NO_NAME, to = NO_NAME] }: Call): void {
		const isExchange = (flags & RENAME_EXCHANGE) !== 0;
		lives.move(process, from.path, to.path, isExchange);
		const text = `${from.path} ${isExchange ? "exchanged with" : "to"} ${to.path}`;
		const data = { path: from.path, newPath: to.path, isExchange };
		events.add({ timeNs, type: "file-rename", process, tid, text, data });
	}

	const flagsOf = ({ name, flags }: Call) => flagNames(name.startsWith("creat") ? CREAT_FLAGS : flags);

	function failOpen(call: Call): void {
		const data = { ...askOf(call), flags: flagsOf(call), error: errorName(call.error) };
		events.add({ ...whoOf(call), type: "open-failed", text: `${data.path}: ${data.error}`, data });
	}

	function failStat(call: Call): void {
		const data = { ...askOf(call), error: errorName(call.error) };
		events.add({ ...whoOf(call), type: "stat-failed", text: `${data.path}: ${data.error}`, data });
	}

	function open(call: Call): void {
		const data = { ...askOf(call), flags: flagsOf(call), fd: call.other };
		events.add({ ...whoOf(call), type: "open", text: `${data.path} as ${data.fd}, ${data.flags}`, data });
	}

	function stat(call: Call): void {
		const data = askOf(call);
		events.add({ ...whoOf(call), type: "stat", text: `${data.path} by ${data.call}`, data });
	}

	function miss({ process, timeNs, names: [{ path } = NO_NAME] }: Call): void {
		events.add({ timeNs, type: "dcache-miss", process, text: path, data: { path } });
	}

	return {
		[WireEvent.DCACHE_MISS]: miss,
		[WireEvent.FILE_CREATE]: create,
		[WireEvent.FILE_DELETE]: remove,
		[WireEvent.FILE_RENAME]: rename,
		[WireEvent.OPEN_FAILED]: failOpen,
		[WireEvent.STAT_FAILED]: failStat,
		[WireEvent.OPEN]: open,
		[WireEvent.STAT]: stat,
	};
}

const whoOf = ({ process, timeNs }: Call) => ({ process, timeNs });

function askOf({ name: call, tookNs, names: [{ asked, path } = NO_NAME] }: Call): AskData {
	return { path, asked, call, latencyMs: tookNs === 0 ? null : tookNs / NS_PER_MS };
}
