/** The socket of the service: who may connect is decided by its folder and its mode alone. */

import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { Failure, systemReason } from "../failure.ts";
import { loadAddon } from "../model/feed/addon.ts";
import { VIEWERS_GROUP } from "./protocol.ts";

const FOLDER_MODE = 0o750;
const WRITABLE_BY_OTHERS = 0o022;
const FOR_GROUP = 0o660;
const FOR_OWNER = 0o600;

export interface Listening {
	readonly server: Server;
	/** Who else may not view, and what to do, a sentence; null if the group may. */
	readonly note: string | null;
}

/** Makes the folder if there is none. Rejects with a Failure of status 1 or 2. */
export async function listenAt(path: string): Promise<Listening> {
	try {
		const gid = groupToServe();
		makeFolder(dirname(path), gid);
		await removeStale(path);
		const server = createServer();
		await listen(server, path);
		if (gid !== null) chownSync(path, -1, gid);
		chmodSync(path, gid === null ? FOR_OWNER : FOR_GROUP);
		return { server, note: gid === null ? whyNoGroup() : null };
	} catch (error) {
		if (error instanceof Failure) throw error;
		throw new Failure(`Cannot serve at ${path}: ${systemReason(error)}. Choose another place with --socket.`, 1);
	}
}

/** The uid of who connected, or of who created his user namespace; null if that cannot be told. */
export function userOf(socket: Socket): number | null {
	// Node has no other way to a socket's descriptor.
	const { fd } = (socket as Socket & { readonly _handle: { readonly fd: number } | null })._handle ?? { fd: -1 };
	return loadAddon().peerUser(fd);
}

const isRoot = (): boolean => process.geteuid?.() === 0;

function whyNoGroup(): string {
	return isRoot()
		? `There is no group ${VIEWERS_GROUP}, so only root can view: make one with 'groupadd --system ${VIEWERS_GROUP}' and start again.`
		: `Only this user and root can view: this user is not in the group ${VIEWERS_GROUP}.`;
}

/** The group that may view; null if there is none, or if this user may not give the socket to it. */
function groupToServe(): number | null {
	const gid = numberOfGroup(VIEWERS_GROUP);
	const isMember = isRoot() || process.getegid?.() === gid || (process.getgroups?.() ?? []).includes(gid ?? -1);
	return isMember ? gid : null;
}

/** From /etc/group alone: a directory service may hang. */
function numberOfGroup(name: string): number | null {
	const lines = readFileSync("/etc/group", "utf8").split("\n");
	const line = lines.find((one) => one.startsWith(`${name}:`));
	const gid = line?.split(":")[2] ?? "";
	return /^\d{1,9}$/.test(gid) ? Number(gid) : null;
}

/** A user who can write to it could put another socket there. */
function makeFolder(folder: string, gid: number | null): void {
	const made = mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
	if (made !== undefined) {
		chmodSync(folder, FOLDER_MODE);
		if (gid !== null) chownSync(folder, -1, gid);
	}
	const { uid, mode } = lstatSync(folder);
	const isOwn = uid === process.geteuid?.() || uid === 0;
	if (isOwn && (mode & WRITABLE_BY_OTHERS) === 0) return;
	const why = isOwn ? "others may write to its folder (chmod go-w helps)" : "its folder belongs to another user";
	throw new Failure(`Cannot serve at ${folder}: ${why}.`, 2);
}

/** A socket that nobody listens on was left by a service that was killed. */
async function removeStale(path: string): Promise<void> {
	const stat = lstatSync(path, { throwIfNoEntry: false });
	if (stat === undefined) return;
	if (!stat.isSocket()) throw new Failure(`Cannot serve at ${path}: something else is there. Remove it first.`, 2);
	if (await isServed(path)) throw new Failure(`Another ebtop serves at ${path} already: end it, or use --socket.`, 1);
	unlinkSync(path);
}

function isServed(path: string): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(path);
		socket.once("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "ECONNREFUSED"));
	});
}

/** At no time can others connect. */
function listen(server: Server, path: string): Promise<void> {
	const before = process.umask(0o177);
	return new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(path, () => {
			server.off("error", reject);
			server.on("error", () => {}); // a connection that could not be accepted
			resolve();
		});
	}).finally(() => process.umask(before));
}
