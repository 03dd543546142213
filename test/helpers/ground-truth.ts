/** Facts from the kernel, read in other ways than ebtop does, to compare with. */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The pids of the children of a single-threaded process, in ascending order. */
export function childrenOf(pid: number): number[] {
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
	return children
		.split(" ")
		.filter(Boolean)
		.map(Number)
		.sort((a, b) => a - b);
}

/** The target of a link; null if it is gone, as for an fd that was closed after it was listed. */
export function targetOf(path: string): string | null {
	try {
		return readlinkSync(path);
	} catch {
		return null;
	}
}

/** The paths under `folder` that the process has open. */
export function filesOf(pid: number, folder: string): string[] {
	return readdirSync(`/proc/${pid}/fd`)
		.map((fd) => targetOf(`/proc/${pid}/fd/${fd}`))
		.filter((path) => path?.startsWith(`${folder}/`) === true) as string[];
}

/** From `ss`: the state and both ports of each IPv4 socket with the port at one end. */
export function connectionsAt(port: number): string[] {
	const filter = ["(", "sport", "=", `:${port}`, "or", "dport", "=", `:${port}`, ")"];
	const lines = execFileSync("ss", ["-4tanH", ...filter], { encoding: "utf8" }).split("\n");
	return lines
		.filter((line) => line !== "")
		.map((line) => {
			const [state = "", , , local = "", remote = ""] = line.split(/ +/);
			const portOf = (address: string) => Number(address.split(":").at(-1)) || 0;
			return `${STATES[state] ?? state} ${portOf(local)} ${portOf(remote)}`;
		})
		.sort();
}

/** States that `ss` names differently. */
const STATES: Readonly<Record<string, string>> = { ESTAB: "ESTABLISHED" };

/** How many System V semaphores are in excess of `most` in their sets; sets of other programs count too. */
export function semaphoresPast(most: number): number {
	const sets = readFileSync("/proc/sysvipc/sem", "utf8").trimEnd().split("\n").slice(1);
	return sets
		.map((line) => Number(line.trim().split(/\s+/)[3]))
		.reduce((sum, size) => sum + Math.max(0, size - most), 0);
}
