/**
 * The monitor of a container, from /proc: in a session for some processes the model does not know the others, nor where
 * a container is stored. model/tables/process/monitor.ts defines what counts as a monitor.
 */

import { type ForeignFiles, readText } from "../model/feed/foreign-files.ts";
import { bundleInArguments, MONITOR_STEPS, nameInArguments } from "../model/tables/process/monitor.ts";

export interface Monitor {
	readonly name: string;
	/** The folder with the list of the container's storage. */
	readonly storage: string | null;
	/** The user that it runs as. */
	readonly owner: number;
}

/** `pid` is in the container. */
export async function findMonitor(files: ForeignFiles, pid: number, id: string): Promise<Monitor | null> {
	let child = pid;
	for (let step = 0; step < MONITOR_STEPS; step++) {
		const parent = await parentOf(files, child);
		if (parent <= 1) return null;
		const args = (await readText(files, `/proc/${parent}/cmdline`))?.split("\0") ?? [];
		const cgroup = (await readText(files, `/proc/${parent}/cgroup`)) ?? "";
		const name = isInside(cgroup, id) ? null : nameInArguments(args, id);
		if (name !== null) {
			const owner = await ownerOf(files, parent);
			const storage = storageOf(bundleInArguments(args), id);
			// Otherwise the command line may be of another process that got the parent's pid.
			return (await parentOf(files, child)) === parent ? { name, storage, owner } : null;
		}
		child = parent;
	}
	return null;
}

/** A bundle is STORAGE/DRIVER-containers/ID/userdata, and the list is in DRIVER-containers. */
function storageOf(bundle: string | null, id: string): string | null {
	const end = `/${id}/userdata`;
	return bundle?.startsWith("/") && bundle.endsWith(end) ? bundle.slice(0, -end.length) : null;
}

/** The monitor's own cgroup may have the id too: libpod-conmon-ID.scope. */
const isInside = (cgroup: string, id: string): boolean => cgroup.replaceAll(`conmon-${id}`, "").includes(id);

/** Owns no file. */
const NOBODY = 0xffffffff;

/** Its user, if the real and the effective one are the same. */
async function ownerOf(files: ForeignFiles, pid: number): Promise<number> {
	const [, uid = NOBODY] = /^Uid:\t(\d+)\t\1\t/m.exec((await readText(files, `/proc/${pid}/status`)) ?? "") ?? [];
	return Number(uid);
}

/** 0 if there is none. A comm may contain anything, even parentheses. */
async function parentOf(files: ForeignFiles, pid: number): Promise<number> {
	const stat = (await readText(files, `/proc/${pid}/stat`)) ?? "";
	return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2] ?? 0);
}
