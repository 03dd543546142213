/** Who called ebtop, and with what environment: a followed command runs as if it had been called directly. */

import { execFileSync } from "node:child_process";
import { closeSync, fstatSync, readSync } from "node:fs";
import { isAbsolute, join } from "node:path";

export interface Caller {
	/** "NAME=value" each. */
	readonly env: readonly string[];
	/** Open descriptors to pass on, besides stdin, stdout and stderr. */
	readonly descriptors: readonly number[];
	/** The user that the command runs as; null: ebtop's own. */
	readonly user: CallingUser | null;
}

export interface CallingUser {
	readonly uid: number;
	readonly gid: number;
	readonly groups: readonly number[];
}

/** Reads what `bin/ebtop` hands over: ebtop itself runs without the caller's environment. */
export function readCaller(): Caller {
	const variables = takeEnvironment();
	const descriptors = (process.env.EBTOP_DESCRIPTORS ?? "").split(" ").filter(Boolean).map(Number);
	const account = process.geteuid?.() === 0 ? sudoUser(variables) : null;
	if (account === null) return { env: entries(variables), descriptors, user: null };
	const { uid, gid, name, home } = account;
	for (const key of [...variables.keys()]) if (key.startsWith("SUDO_")) variables.delete(key);
	if (name !== null) variables.set("USER", name).set("LOGNAME", name);
	if (home !== null) variables.set("HOME", home);
	return { env: entries(variables), descriptors, user: { uid, gid, groups: groupsOf(name, gid) } };
}

function entries(variables: ReadonlyMap<string, string>): string[] {
	return [...variables].map(([name, value]) => `${name}=${value}`);
}

/** Without the launcher, as in tests of the sources: ebtop's own. */
function takeEnvironment(): Map<string, string> {
	const fd = Number(process.env.EBTOP_ENVIRONMENT ?? Number.NaN);
	if (Number.isNaN(fd)) return new Map(Object.entries(process.env).map(([name, value]) => [name, value ?? ""]));
	const bytes = Buffer.alloc(fstatSync(fd).size);
	const count = readSync(fd, bytes, 0, bytes.length, 0); // the offset is at the end of what was written
	closeSync(fd);
	const text = bytes.toString("utf8", 0, count);
	const pairs = text.split("\0").filter((entry) => entry.includes("="));
	return new Map(pairs.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]));
}

interface Account {
	readonly uid: number;
	readonly gid: number;
	readonly name: string | null;
	readonly home: string | null;
}

function sudoUser(variables: ReadonlyMap<string, string>): Account | null {
	const ids = sudoIds(variables.get("SUDO_UID"), variables.get("SUDO_GID"));
	if (ids === null) return null;
	// name:password:uid:gid:comment:home:shell
	const fields = passwordEntry(String(ids.uid))?.split(":");
	return { ...ids, name: fields?.[0] || null, home: fields?.[5] || null };
}

/** The caller of sudo; null if that is root, or if there is none. */
function sudoIds(uid = "", gid = ""): Pick<Account, "uid" | "gid"> | null {
	if (!isId(uid) || !isId(gid) || Number(uid) === 0) return null;
	return { uid: Number(uid), gid: Number(gid) };
}

const isId = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) < 0xffff_ffff;

/** Where the caller's settings are, and with whose rights they are read. */
export interface CallersPlace {
	/** The user who called sudo; null: ebtop's own. */
	readonly user: { readonly uid: number; readonly gid: number } | null;
	/** The folder with the settings of all programs; null: from the password database, which may take long. */
	readonly folder: string | null;
}

/** From the part of the caller's environment that `bin/ebtop` passes on. Under sudo HOME may be root's. */
export function callersPlace(): CallersPlace {
	const { EBTOP_HOME: home, EBTOP_XDG_CONFIG_HOME: xdg, EBTOP_SUDO_UID: uid, EBTOP_SUDO_GID: gid } = process.env;
	const user = process.geteuid?.() === 0 ? sudoIds(uid, gid) : null;
	if (xdg !== undefined && isAbsolute(xdg)) return { user, folder: xdg };
	return { user, folder: user === null && home !== undefined && isAbsolute(home) ? join(home, ".config") : null };
}

/** From the system's name services, which may take long; null if they do not know the user. */
function passwordEntry(uid: string): string | null {
	try {
		return execFileSync("getent", ["passwd", uid], { encoding: "utf8", timeout: 5000 }).trim();
	} catch {
		return null;
	}
}

function groupsOf(name: string | null, gid: number): readonly number[] {
	if (name === null) return [gid];
	try {
		const text = execFileSync("id", ["-G", "--", name], { encoding: "utf8", timeout: 5000 });
		return text.trim().split(/\s+/).map(Number);
	} catch {
		return [gid];
	}
}
