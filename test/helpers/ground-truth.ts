/** What the kernel says by other ways than ebtop's, to compare with. */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The pids of the children of a process that has one thread, from the smallest. */
export function childrenOf(pid: number): number[] {
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
	return children
		.split(" ")
		.filter(Boolean)
		.map(Number)
		.sort((a, b) => a - b);
}

/** What a link leads to; null where it is gone, as that of a descriptor that was closed since it was listed. */
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

/** As `ss` has them: the state and both ports of each socket of IPv4 that has the port at one end. */
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

/** Where `ss` has words of its own. */
const STATES: Readonly<Record<string, string>> = { ESTAB: "ESTABLISHED" };
