/** A cgroup for one test, in cgroup v1 or v2, whichever this machine has. */

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MOUNT = "/sys/fs/cgroup";

type Controller = "memory" | "pids";

const MEMORY_LIMIT = { v1: "memory.limit_in_bytes", v2: "memory.max" };

/** Where cgroups with this controller can be created, or a sentence that says why not. */
export function cgroupHierarchy(controller: Controller): { root: string; version: "v1" | "v2" } | string {
	if (process.getuid?.() !== 0) return "making a cgroup needs root";
	const root = join(MOUNT, controller);
	if (existsSync(join(root, "cgroup.procs"))) return { root, version: "v1" };
	const control = join(MOUNT, "cgroup.subtree_control");
	if (existsSync(control) && readFileSync(control, "utf8").includes(controller)) return { root: MOUNT, version: "v2" };
	return `no ${controller} controller is available`;
}

export class TestCgroup {
	readonly folder: string;
	/** Its path from the root of the hierarchy. */
	readonly path: string;

	constructor(name: string, controller: Controller = "memory", memoryBytes: number | null = null) {
		const hierarchy = cgroupHierarchy(controller);
		if (typeof hierarchy === "string") throw new Error(hierarchy);
		this.path = `/${name}`;
		this.folder = join(hierarchy.root, name);
		mkdirSync(this.folder, { recursive: true });
		if (memoryBytes !== null) writeFileSync(join(this.folder, MEMORY_LIMIT[hierarchy.version]), String(memoryBytes));
	}

	/** From now on, no process in it can create a thread; it has the controller pids. */
	forbidThreads(): void {
		writeFileSync(join(this.folder, "pids.max"), readFileSync(join(this.folder, "pids.current")));
	}

	/** Call it only when no process is left in it. */
	async remove(): Promise<void> {
		for (let attempt = 0; existsSync(this.folder); attempt++)
			try {
				rmdirSync(this.folder);
			} catch (error) {
				if (attempt > 100) throw error;
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
	}
}
