/** A memory cgroup for one test, in cgroup v1 or v2, whichever this machine has. */

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const v1 = "/sys/fs/cgroup/memory";
const v2 = "/sys/fs/cgroup";

/** Where memory cgroups can be created, or a sentence that says why not. */
export function memoryHierarchy(): { root: string; limit: string } | string {
	if (process.getuid?.() !== 0) return "making a cgroup needs root";
	if (existsSync(join(v1, "memory.limit_in_bytes"))) return { root: v1, limit: "memory.limit_in_bytes" };
	const control = join(v2, "cgroup.subtree_control");
	if (existsSync(control) && readFileSync(control, "utf8").includes("memory")) return { root: v2, limit: "memory.max" };
	return "no memory controller is available";
}

export class TestCgroup {
	readonly folder: string;
	/** Its path from the root of the hierarchy. */
	readonly path: string;

	constructor(name: string, limitBytes: number | null = null) {
		const hierarchy = memoryHierarchy();
		if (typeof hierarchy === "string") throw new Error(hierarchy);
		this.path = `/${name}`;
		this.folder = join(hierarchy.root, name);
		mkdirSync(this.folder, { recursive: true });
		if (limitBytes !== null) writeFileSync(join(this.folder, hierarchy.limit), String(limitBytes));
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
