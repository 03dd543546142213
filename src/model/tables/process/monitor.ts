/**
 * Names of containers from conmon, the monitor that podman and cri-o run for each container: its command line has the
 * name for any storage path, any storage driver, and for rootless users.
 *
 * Any user can start a program called conmon. So a monitor only counts if it is an ancestor of a process in the
 * container and not in the container itself: the kernel does not make a process the child of an unrelated program.
 */

import type { Container } from "../../snapshot.ts";
import type { Process } from "./process.ts";

/** The monitor is the parent of the container's first process, with the runtime in between at the start. */
export const MONITOR_STEPS = 16;

export const isMonitor = (args: readonly string[]): boolean => args[0] !== undefined && /(^|\/)conmon$/.test(args[0]);

/** The name in a monitor's arguments, if it is that of the container with this id; else null. */
export function nameInArguments(args: readonly string[], id: string): string | null {
	return isMonitor(args) && after(args, "-c") === id ? after(args, "-n") : null;
}

/** The id of its container. */
function idInArguments(args: readonly string[]): string | null {
	const id = isMonitor(args) ? after(args, "-c") : null;
	return id !== null && /^[0-9a-f]{64}$/.test(id) ? id : null;
}

/** The folder of the container's own configuration, from its monitor's arguments. */
export const bundleInArguments = (args: readonly string[]): string | null => after(args, "-b");

function after(args: readonly string[], option: string): string | null {
	const at = args.indexOf(option, 1);
	return at < 0 ? null : (args[at + 1] ?? null);
}

/**
 * The container of a process that has no cgroup of its own: rootless podman has none with cgroup v1, or by
 * `--cgroups=disabled`. It is in another pid namespace than a monitor that is its ancestor.
 */
export function containerByMonitor(
	process: Process,
	parentOf: (process: Process) => Process | undefined,
): { monitor: Process; container: Container } | null {
	if (process.recorded.nsPid === null || process.recorded.nsPid === process.pid) return null;
	const inside = process.recorded.namespaces.pid;
	let ancestor = parentOf(process);
	for (let step = 0; ancestor !== undefined && step < MONITOR_STEPS; step++) {
		const id = ancestor.recorded.namespaces.pid === inside ? null : idInArguments(ancestor.args);
		if (id !== null) {
			const container = { runtime: "podman", id, name: after(ancestor.args, "-n"), image: null };
			return { monitor: ancestor, container };
		}
		ancestor = parentOf(ancestor);
	}
	return null;
}

/** The name of the container with this id, in which `process` is. `isInside` tells whether another process is in it. */
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
