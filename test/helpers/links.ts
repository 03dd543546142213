/** Links between the roles of a workload, as short sentences that a test can list. */

import { expect, test } from "vitest";
import type { IpcRow, Snapshot } from "../../src/model/snapshot.ts";
import { LiveSession, lostIn } from "./live-session.ts";
import { Workload } from "./workload.ts";

/** Rows whose both ends are roles of the workload (or the kernel), in a fixed order. */
export function rowsOf(snapshot: Snapshot, workload: Workload): IpcRow[] {
	const pids = new Set([0, ...workload.pids.values()]);
	return snapshot.ipc.filter((row) => pids.has(row.from.pid) && pids.has(row.to.pid) && row.from.pid + row.to.pid > 0);
}

/** "pipe eb-writer > eb-reader 7 messages 7063 bytes observed", sorted. The workload's own directory is "$DIR". */
export function linksOf(snapshot: Snapshot, workload: Workload): string[] {
	return rowsOf(snapshot, workload)
		.map((row) => {
			const name = row.name === null ? "" : ` ${row.name.replace(workload.directory, "$DIR")}`;
			const { kind, from, to, messages, bytes, basis } = row;
			return `${kind} ${from.comm} > ${to.comm} ${messages} messages ${bytes} bytes ${basis}${name}`;
		})
		.sort();
}

/** Sentences as links; in an array of expected ones a pattern may stand for what differs from run to run. */
export interface LinkCase {
	readonly workload: string;
	readonly args: readonly (string | number)[];
	readonly environment?: Record<string, string>;
	readonly roles: readonly string[];
	/** What must be there when all roles are ready and nothing has moved yet; with lower pids first. */
	readonly open?: readonly string[];
	readonly worked: readonly string[];
	/** Prepares the workload's directory. */
	readonly before?: (workload: Workload) => void;
}

async function run(link: LinkCase, isOlder: boolean): Promise<void> {
	let session = isOlder ? null : new LiveSession();
	const workload = new Workload(link.workload, link.args, link.environment, link.before);
	try {
		await workload.ready(...link.roles);
		session ??= new LiveSession();
		if (isOlder) expect(linksOf(session.first, workload)).toEqual(link.open ?? []);
		await workload.work(...link.roles);
		const snapshot = session.refresh();
		expect(linksOf(snapshot, workload)).toEqual(link.worked);
		expect(lostIn(snapshot)).toBe(0);
	} finally {
		await workload.end();
		session?.close();
	}
}

/** Two tests: with the processes started after the session, and before it. */
export function linkTest(name: string, link: LinkCase): void {
	test(name, () => run(link, false));
	test(`${name}, older than the session`, () => run(link, true));
}
