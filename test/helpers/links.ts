/** Links between the roles of a workload, as short sentences that a test can list. */

import { afterAll, expect, test } from "vitest";
import type { IpcRow, Snapshot } from "../../src/model/snapshot.ts";
import { LiveSession } from "./live-session.ts";
import { Workload } from "./workload.ts";

/** Rows whose both ends are roles of the workload (or the kernel), in a fixed order. */
export function rowsOf(snapshot: Snapshot, workload: Workload): IpcRow[] {
	const pids = new Set([0, ...workload.pids.values()]);
	return snapshot.ipc.filter((row) => pids.has(row.from.pid) && pids.has(row.to.pid) && row.from.pid + row.to.pid > 0);
}

/** "pipe eb-writer > eb-reader 7 messages 7063 bytes observed", sorted. The workload's own directory is "$DIR", and the
 * index of a terminal "N". */
export function linksOf(snapshot: Snapshot, workload: Workload): string[] {
	return rowsOf(snapshot, workload)
		.map((row) => linkLine(row, workload.directory))
		.sort();
}

export function linkLine(row: IpcRow, directory: string): string {
	const name =
		row.name === null ? "" : ` ${row.name.replace(directory, "$DIR").replace(/^\/dev\/pts\/\d+$/, "/dev/pts/N")}`;
	const { kind, from, to, messages, bytes, basis } = row;
	return `${kind} ${from.comm} > ${to.comm} ${messages} messages ${bytes} bytes ${basis}${name}`;
}

export interface LinkCase {
	readonly workload: string;
	readonly args: readonly (string | number)[];
	readonly environment?: Record<string, string>;
	/** It needs a session of its own: identities come back that an earlier workload had. */
	readonly isAlone?: boolean;
	readonly roles: readonly string[];
	/** What must be there when all roles are ready and nothing has moved yet; with lower pids first. */
	readonly open?: readonly string[];
	readonly worked: readonly string[];
	/** Prepares the workload's directory. */
	readonly before?: (workload: Workload) => void;
}

/** For workloads that start after it: one for each test file. */
let running: LiveSession | null = null;
afterAll(() => running?.close());

async function run(link: LinkCase, isOlder: boolean): Promise<void> {
	if (!isOlder && !link.isAlone) running ??= new LiveSession();
	running?.forgetRecords();
	let own = !isOlder && link.isAlone ? new LiveSession() : null;
	const workload = new Workload(link.workload, link.args, link.environment, link.before);
	try {
		await workload.ready(...link.roles);
		if (isOlder) own = new LiveSession();
		if (isOlder && own !== null) expect(linksOf(own.first, workload)).toEqual(link.open ?? []);
		await workload.work(...link.roles);
		await expectLinks(own ?? (running as LiveSession), workload, link.worked);
	} finally {
		await workload.end();
		own?.close();
	}
}

/** What is counted is there at once; what is only held waits for the next pass over all descriptors. */
async function expectLinks(session: LiveSession, workload: Workload, expected: readonly string[]): Promise<void> {
	const isHeld = expected.some((link) => link.includes(" bytes open"));
	if (isHeld) await session.expect((snapshot) => linksOf(snapshot, workload), expected);
	else expect(linksOf(session.refresh(), workload)).toEqual(expected);
	expect(session.losses()).toEqual([]);
}

/** Two tests: with the processes started after the session, and before it. */
export function linkTest(name: string, link: LinkCase): void {
	test(name, () => run(link, false));
	test(`${name}, older than the session`, () => run(link, true));
}
