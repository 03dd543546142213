/** A pids cgroup for one test, in cgroup v1 or v2, whichever this machine has. */

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const v1 = "/sys/fs/cgroup/pids";
const v2 = "/sys/fs/cgroup";

/** Where pids cgroups can be created, or a sentence that says why not. */
export function pidsHierarchy(): { root: string } | string {
	if (process.getuid?.() !== 0) return "making a cgroup needs root";
	if (existsSync(join(v1, "cgroup.procs"))) return { root: v1 };
	const control = join(v2, "cgroup.subtree_control");
	if (existsSync(control) && readFileSync(control, "utf8").includes("pids")) return { root: v2 };
	return "no pids controller is available";
}

export class PidsCgroup {
	readonly folder: string;

	constructor(name: string) {
		const hierarchy = pidsHierarchy();
		if (typeof hierarchy === "string") throw new Error(hierarchy);
		this.folder = join(hierarchy.root, name);
		mkdirSync(this.folder, { recursive: true });
	}

	/** From now on, no process in it can create a thread. */
	close(): void {
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
