/**
 * The monitor of a container, from /proc: in a session for some processes the model does not know the others, nor where
 * a container is stored. model/tables/process/monitor.ts defines what counts as a monitor.
 */

import { type ForeignFiles, readText } from "../model/feed/foreign-files.ts";
import { bundleInArguments, MONITOR_STEPS, nameInArguments } from "../model/tables/process/monitor.ts";

export interface Monitor {
	readonly name: string;
	/**
	 * The folder with the list of the container's storage, from the command line of root's monitor; null for other
	 * users.
	 */
	readonly storage: string | null;
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
			const storage = (await isOfRoot(files, parent)) ? storageOf(bundleInArguments(args), id) : null;
			// Otherwise the command line may be of another process that got the parent's pid.
			return (await parentOf(files, child)) === parent ? { name, storage } : null;
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

async function isOfRoot(files: ForeignFiles, pid: number): Promise<boolean> {
	return /^Uid:\t0\t0\t/m.test((await readText(files, `/proc/${pid}/status`)) ?? "");
}

/** 0 if there is none. A comm may contain anything, even parentheses. */
async function parentOf(files: ForeignFiles, pid: number): Promise<number> {
	const stat = (await readText(files, `/proc/${pid}/stat`)) ?? "";
	return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2] ?? 0);
}
