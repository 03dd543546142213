/**
 * Names of containers by conmon, the monitor that podman and cri-o leave beside each container: its command line has them
 * wherever the storage is, with any storage driver, and for rootless users too.
 *
 * Anybody can start a program that says to be conmon. So only one counts that is an ancestor of a process in the container and
 * not in it itself: the kernel makes nobody a child of somebody else's program.
 */

import type { Process } from "./process.ts";

/** The monitor is the parent of the container's first process, with the runtime in between while it starts. */
export const MONITOR_STEPS = 16;

/** The name that a monitor's arguments give the container with this id; null where they are none. */
export function nameInArguments(args: readonly string[], id: string): string | null {
	if (args[0] === undefined || !/(^|\/)conmon$/.test(args[0])) return null;
	return after(args, "-c") === id ? after(args, "-n") : null;
}

/** The folder of the container's own configuration, by its monitor's arguments. */
export const bundleInArguments = (args: readonly string[]): string | null => after(args, "-b");

function after(args: readonly string[], option: string): string | null {
	const at = args.indexOf(option, 1);
	return at < 0 ? null : (args[at + 1] ?? null);
}

/** The name of the container with this id, in which `process` is. `isInside` says who else is in it. */
export function nameFromMonitor(
	process: Process,
	id: string,
	parentOf: (process: Process) => Process | undefined,
	isInside: (process: Process) => boolean,
): string | null {
	let ancestor = parentOf(process);
	for (let step = 0; ancestor !== undefined && step < MONITOR_STEPS; step++) {
		const name = isInside(ancestor) ? null : nameInArguments(ancestor.args, id);
		if (name !== null) return name;
		ancestor = parentOf(ancestor);
	}
	return null;
}
