/** What is not known, and why: nothing is omitted silently. */

import { formatProcess } from "../model/names/processes.ts";
import type { FollowGap, IpcKind } from "../model/snapshot.ts";
import { isSocket } from "../model/tables/object/kernel-object.ts";
import type { Use } from "../model/tables/object/use.ts";
import type { Process } from "../model/tables/process/process.ts";
import { isGoroutine } from "./daemons/daemon.ts";
import { edgesOf, ownershipOf } from "./daemons/owned.ts";
import { endpointsOf, isCaused, otherEnd, socketsOf } from "./exchanged.ts";
import type { Followed } from "./followed.ts";
import type { ReceiptProcess } from "./receipt.ts";
import type { RuleName } from "./rules.ts";

type Kind = FollowGap["kind"];
type Concerned = Pick<Process, "pid" | "comm"> | null;

function gap(kind: Kind, rule: RuleName | null, concerned: Concerned, says: string): FollowGap {
	const process = concerned && { pid: concerned.pid, comm: concerned.comm };
	return { kind, rule, process, says };
}

/** Those that may matter most come first. `ownPid`: ebtop itself. */
export function findGaps(followed: Followed, ownPid: number): FollowGap[] {
	const gaps = [
		...lossGaps(followed),
		...daemonGaps(followed),
		...linkGaps(followed, ownPid),
		...peerGaps(followed),
		...probeGaps(followed),
		...limitGaps(followed),
	];
	return [...new Map(gaps.map((each) => [each.says, each])).values()];
}

export function cutGaps(cutBy: string | null): FollowGap[] {
	if (cutBy === null) return [];
	const says = `${cutBy} ended the watch while the command went on: what it did later is not included.`;
	return [gap("cut", null, null, says)];
}

export function runningGaps(processes: readonly ReceiptProcess[]): FollowGap[] {
	return processes
		.filter(({ exit }) => exit === null)
		.map((process) =>
			gap(
				"running",
				"lineage",
				process,
				`${formatProcess(process)} was still running: what it did later is not included.`,
			),
		);
}

/** What is not known about followed daemons. */
function daemonGaps({ daemons }: Followed): FollowGap[] {
	const gaps: FollowGap[] = [];
	for (const { process, unexplained, reduced } of daemons.all.values()) {
		const who = formatProcess(process);
		const replies = unexplained === 1 ? "a reply" : `${unexplained} replies`;
		if (unexplained > 0)
			gaps.push(
				gap("daemon", "replier", process, `Which thread of ${who} worked for ${replies} to the command is not known.`),
			);
		if (reduced > 0)
			gaps.push(
				gap("reduced", null, process, `${who} did too much at a time: ${reduced} of its steps were not examined.`),
			);
	}
	if (daemons.missed > 0)
		gaps.push(
			gap(
				"full",
				null,
				null,
				`${daemons.missed} things that daemons did, or daemons, were dropped: there were too many.`,
			),
		);
	return gaps;
}

const SHARED_MEMORY: ReadonlySet<IpcKind> = new Set(["sysv-shm", "posix-shm", "memfd"]);

/** Links to processes that are not followed over them. */
function linkGaps(followed: Followed, ownPid: number): FollowGap[] {
	const { lineage, daemons, links } = followed;
	const obeyed = new Map<Process, number>();
	for (const { to, rule, count } of edgesOf(daemons))
		if (rule === "signal") obeyed.set(to, (obeyed.get(to) ?? 0) + count);
	const gaps: FollowGap[] = [];
	for (const link of links.values()) {
		const { row, from } = link;
		const isMemory = SHARED_MEMORY.has(row.kind);
		// Memory moves no messages: to have it open is all that shows.
		if (!isCaused(isMemory ? { ...link, row: { ...row, basis: "observed" } } : link, followed, ownPid)) continue;
		const other = otherEnd(link, followed);
		if (other === null || other.ref.pid === 0) continue;
		const { ref, process } = other;
		const who = formatProcess(ref);
		const over = `${row.kind}${row.name === null ? "" : ` ${row.name}`}`;
		const done = process === undefined ? 0 : (obeyed.get(process) ?? 0);
		if (isMemory)
			gaps.push(
				gap("memory", null, ref, `${who} has ${over} of the command: what it did because of that is not followed.`),
			);
		else if (row.kind !== "signal" && (process === undefined || !daemons.all.has(process)))
			gaps.push(gap("daemon", "stream", ref, `What ${who} did for the command over ${over} is not followed further.`));
		else if (row.kind === "signal" && from !== undefined && lineage.has(from) && done < row.messages)
			gaps.push(
				gap(
					"signal",
					"signal",
					ref,
					`What ${who} did for ${row.messages - done} of ${row.messages} ${row.name ?? "signals"} of the command is not known.`,
				),
			);
	}
	return gaps;
}

/** Sockets over which data moved, and whose peer was not seen. */
function peerGaps(followed: Followed): FollowGap[] {
	const lonely = socketsOf(followed).filter(
		({ peer, readBytes, writeBytes }) => peer === null && readBytes + writeBytes > 0,
	);
	const ofCommand = lonely.map(({ kind, name, by }) => {
		const what = `${kind}${name === null ? "" : ` ${name}`} of ${formatProcess(by)}`;
		return kind === "tcp" || kind === "udp"
			? gap("remote", "stream", by, `The process at the other end of ${what} is not followed.`)
			: gap("peer-unknown", "stream", by, `The process at the other end of ${what} was not seen.`);
	});
	const serving = new Set(servingOthers(followed));
	const ofDaemons = [...followed.uses]
		.filter((use) => serving.has(use.process) && isSocket(use.object.kind) && isRemote(use, followed))
		.map((use) => {
			const { remote } = endpointsOf(use, followed);
			const who = formatProcess(use.process);
			const says = `${who} exchanged data with ${remote}: whether for the command, and what was done there, is not known.`;
			return gap("remote", "stream", use.process, says);
		});
	return [...ofCommand, ...ofDaemons];
}

/** The process connected to another machine. */
function isRemote(use: Use, followed: Followed): boolean {
	const connection = use.object.connection ?? followed.connections.get(use);
	if (connection?.role !== "client" || followed.peers.has(use)) return false;
	return !use.isEmpty && connection.tuple?.remoteAddress !== connection.tuple?.localAddress;
}

/** Daemons that did something for the command, and not everything that they do is for it. */
function servingOthers({ daemons, lineage }: Followed): Process[] {
	const found = new Set<Process>();
	for (const { actor } of daemons.claimed()) found.add(actor.process);
	return [...found].filter((process) => !lineage.has(process) && ownershipOf(process, daemons) === null);
}

/** Where the rules end, for each daemon to which that applies. */
function limitGaps(followed: Followed): FollowGap[] {
	const { daemons } = followed;
	const goroutines = new Set<Process>();
	for (const { actor } of daemons.claimed()) if (isGoroutine(actor)) goroutines.add(actor.process);
	const handing = daemons.handingOver();
	return servingOthers(followed).flatMap((process) => {
		const who = formatProcess(process);
		const isBus = daemons.all.get(process)?.isBus === true;
		const says: [Kind, RuleName, string][] = [];
		if (handing.has(process))
			says.push([
				"memory",
				"wake",
				`${who} hands work over in memory: what other threads did there for the command is a guess or not known.`,
			]);
		else if (process.recorded.threads > 1)
			says.push(["memory", "wake", `What threads of ${who} took from memory without being woken for it is not known.`]);
		if (goroutines.has(process))
			says.push([
				"goroutine",
				"lineage",
				`What goroutines of ${who} did that another goroutine started is not followed.`,
			]);
		if (isBus)
			says.push([
				"message",
				"message",
				`StartServiceByName, and messages behind the first of one write, are not followed through ${who}.`,
			]);
		else
			says.push(["later", "stream", `What ${who} did by itself after it had replied, as on a timer, is not followed.`]);
		return says.map(([kind, rule, text]) => gap(kind, rule, process, text));
	});
}

function probeGaps({ health }: Followed): FollowGap[] {
	return (health?.probes ?? [])
		.filter(({ state }) => state === "off")
		.map(({ probe, reason }) => gap("probe-off", null, null, `${probe} is not watched: ${reason ?? "off"}`));
}

function lossGaps({ health, missed, lineage }: Followed): FollowGap[] {
	const gaps: FollowGap[] = [];
	const lost = (health?.records.lost ?? 0) + (health?.records.malformed ?? 0);
	const add = (kind: Kind, says: string) => gaps.push(gap(kind, null, null, says));
	if (lost > 0)
		add("lost", `${lost} records were lost: something may be missing, and what they may have affected is not certain.`);
	for (const { map, overflow } of health?.maps ?? []) {
		// A receipt has no counts of calls.
		if (overflow > 0 && !map.startsWith("syscall")) add("full", `The table ${map} was full: ${overflow} did not fit.`);
	}
	const past = missed + lineage.missed;
	if (past > 0) add("full", `${past} more processes, files and links are not listed.`);
	return gaps;
}
