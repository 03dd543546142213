/** How rows name objects that have a key, an id or a name. */

import type { IpcKind } from "../../snapshot.ts";
import type { KernelObject } from "../object/kernel-object.ts";

const SEMAPHORE_PREFIX = "sem.";
const DELETED = " (deleted)";

/** For example "sysv-sem:[3]". */
export function objectLabel(kind: IpcKind, object: KernelObject): string {
	return `${kind}:[${object.inode}]`;
}

/** Eight digits instead of a kernel address: enough to distinguish objects without revealing the address. */
export function pointerLabel(low: number, high: number): string {
	const mixed = Math.imul((low >>> 6) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
	return ((mixed ^ (mixed >>> 15)) >>> 0).toString(16).padStart(8, "0");
}

export function objectName(kind: IpcKind, object: KernelObject): string | null {
	switch (kind) {
		case "sysv-shm":
		case "sysv-sem":
		case "sysv-msg":
			if (object.owner === null) return `id ${object.inode}`; // removed before its key was known
			return `key 0x${(object.rdev >>> 0).toString(16).padStart(8, "0")} id ${object.inode}`;
		case "posix-shm":
		case "posix-mq":
			return posixName(lastingName(object), "");
		case "posix-sem":
			return posixName(lastingName(object), SEMAPHORE_PREFIX);
		case "memfd":
			return object.name === null ? null : memoryName(withoutMark(object.name));
		default:
			return null;
	}
}

/**
 * sem_open creates a file under a temporary name, writes the first value into it and links it to the final name: the
 * creator knows the temporary name, all others the final one.
 */
function lastingName(object: KernelObject): string | null {
	const lasting = object.uses.filter(({ path }) => path !== null && !path.endsWith(DELETED));
	const opened = lasting.find((use) => !use.hasWritten) ?? lasting[0];
	return opened?.path ?? object.name;
}

/** "/name" for a path in /dev/shm or in a queue file system, as shm_open, sem_open and mq_open take it. */
function posixName(path: string | null, prefix: string): string | null {
	if (path === null) return null;
	const base = withoutMark(path.slice(path.lastIndexOf("/") + 1));
	return `/${base.startsWith(prefix) ? base.slice(prefix.length) : base}`;
}

/** Shared anonymous memory has a file of its own, named as in /proc/PID/maps. */
function memoryName(name: string): string {
	return name === "dev/zero" ? "/dev/zero" : name;
}

function withoutMark(name: string): string {
	return name.endsWith(DELETED) ? name.slice(0, -DELETED.length) : name;
}
