/**
 * The name of a container by its monitor, from /proc: where only some processes are followed, the model does not know the
 * others. See model/tables/process/monitor.ts for what is taken for one.
 */

import { type ForeignFiles, readText } from "../model/feed/foreign-files.ts";
import { MONITOR_STEPS, nameInArguments } from "../model/tables/process/monitor.ts";

/** `pid` is in the container. */
export async function nameFromMonitorProcess(files: ForeignFiles, pid: number, id: string): Promise<string | null> {
	let child = pid;
	for (let step = 0; step < MONITOR_STEPS; step++) {
		const parent = await parentOf(files, child);
		if (parent <= 1) return null;
		const args = (await readText(files, `/proc/${parent}/cmdline`))?.split("\0") ?? [];
		const cgroup = (await readText(files, `/proc/${parent}/cgroup`)) ?? "";
		const name = isInside(cgroup, id) ? null : nameInArguments(args, id);
		// Only then was that the command line of the parent, and not of somebody who got its pid.
		if (name !== null) return (await parentOf(files, child)) === parent ? name : null;
		child = parent;
	}
	return null;
}

/** The monitor's own cgroup may have the id too: libpod-conmon-ID.scope. */
const isInside = (cgroup: string, id: string): boolean => cgroup.replaceAll(`conmon-${id}`, "").includes(id);

/** 0 where there is none. A comm may hold anything, parentheses too. */
async function parentOf(files: ForeignFiles, pid: number): Promise<number> {
	const stat = (await readText(files, `/proc/${pid}/stat`)) ?? "";
	return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2] ?? 0);
}
