/** Links between the roles of a workload, as short sentences that a test can list. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IpcRow, Snapshot } from "../../src/model/snapshot.ts";
import { LiveSession, titled } from "./live-session.ts";
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
	readonly roles: readonly string[];
	/** Links expected when all roles are ready and nothing was sent yet; the lower pid comes first. */
	readonly open?: readonly string[];
	readonly worked: readonly string[];
	/** Why this kernel does not show it. */
	readonly whyNot?: string | null;
	/** Prepares the workload's directory. */
	readonly before?: (workload: Workload) => void;
}

/** A session and the workloads that ran under it, one for each case. */
export interface SideBySide<Case> {
	session(): LiveSession;
	workload(link: Case): Workload;
}

/**
 * In a describe: the workloads of all cases set up at the same time, then work at the same time. If `isOlder`, they are
 * ready when the session opens, else they start after it.
 */
export function sideBySide<Case extends LinkCase>(
	cases: readonly Case[],
	isOlder: boolean,
	openSession: (workloads: ReadonlyMap<Case, Workload>) => LiveSession,
): SideBySide<Case> {
	const workloads = new Map<Case, Workload>();
	const each = (act: (workload: Workload, link: Case) => Promise<void>) =>
		Promise.all([...workloads].map(([link, workload]) => act(workload, link)));
	let session: LiveSession | null = null;
	beforeAll(async () => {
		if (!isOlder) session = openSession(workloads);
		for (const link of cases)
			workloads.set(link, new Workload(link.workload, link.args, link.environment, link.before));
		await each((workload, link) => workload.ready(...link.roles));
		session ??= openSession(workloads);
		await each((workload, link) => workload.work(...link.roles));
	});
	afterAll(async () => {
		await each((workload) => workload.end());
		session?.close();
	});
	return { session: () => session as LiveSession, workload: (link) => workloads.get(link) as Workload };
}

/** Counted links appear at once; objects that are only held open appear after the next pass over all descriptors. */
async function expectLinks(session: LiveSession, workload: Workload, expected: readonly string[]): Promise<void> {
	const isHeld = expected.some((link) => link.includes(" bytes open"));
	if (isHeld) await session.expect((snapshot) => linksOf(snapshot, workload), expected);
	else expect(linksOf(session.refresh(), workload)).toEqual(expected);
	expect(session.losses()).toEqual([]);
}

/** A test for each case, skipped if this kernel does not show it. */
export function testEach<Case extends LinkCase>(
	cases: readonly (readonly [string, Case])[],
	body: (link: Case) => Promise<void>,
): void {
	for (const [name, link] of cases) {
		const why = link.whyNot ?? null;
		test.skipIf(why !== null)(titled(name, why), () => body(link));
	}
}

/** Two tests per case: with processes started after the session, and before it. */
export function linkTests(cases: Readonly<Record<string, LinkCase>>): void {
	for (const isOlder of [false, true])
		describe(`${isOlder ? "older" : "younger"} than the session`, () => {
			const all = sideBySide(Object.values(cases), isOlder, () => new LiveSession());
			testEach(Object.entries(cases), async (link) => {
				const [session, workload] = [all.session(), all.workload(link)];
				if (isOlder) expect(linksOf(session.first, workload)).toEqual(link.open ?? []);
				await expectLinks(session, workload, link.worked);
			});
		});
}
