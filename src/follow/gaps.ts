/** What a receipt does not know, and why: nothing is omitted silently. */

import { formatProcess } from "../model/names/processes.ts";
import type { Followed } from "./followed.ts";
import type { Gap, Receipt } from "./receipt.ts";

type Known = Pick<Receipt, "processes" | "sockets" | "daemons">;

export function findGaps(followed: Followed, known: Known): Gap[] {
	return [
		...daemonGaps(known),
		...followedGaps(followed),
		...peerGaps(known),
		...runningGaps(known),
		...lossGaps(followed),
		...(followed.health?.probes ?? [])
			.filter(({ state }) => state === "off")
			.map(({ probe, reason }): Gap => ({ kind: "probe-off", says: `${probe} is not watched: ${reason ?? "off"}` })),
	];
}

export function cutGaps(cutBy: string | null): Gap[] {
	if (cutBy === null) return [];
	return [
		{ kind: "cut", says: `${cutBy} ended the watch while the command went on: what it did later is not included.` },
	];
}

function daemonGaps({ daemons }: Known): Gap[] {
	const passedBy = daemons.filter(({ isFollowed }) => !isFollowed);
	return passedBy.map(({ over, name, ...daemon }) => ({
		kind: "daemon",
		says: `What ${formatProcess(daemon)} did for the command over ${over}${name === null ? "" : ` ${name}`} is not followed further.`,
	}));
}

/** What is not known about followed daemons. */
function followedGaps({ daemons }: Followed): Gap[] {
	const gaps: Gap[] = [];
	for (const { process, unexplained, reduced } of daemons.all.values()) {
		const who = formatProcess(process);
		const replies = unexplained === 1 ? "a reply" : `${unexplained} replies`;
		if (unexplained > 0)
			gaps.push({ kind: "daemon", says: `Which thread of ${who} worked for ${replies} to the command is not known.` });
		if (reduced > 0)
			gaps.push({
				kind: "reduced",
				says: `${who} did too much at a time: ${reduced} of its steps were not examined.`,
			});
	}
	for (const process of daemons.handingOver())
		gaps.push({
			kind: "daemon",
			says: `${formatProcess(process)} hands work over in memory: what other threads did there for the command is a guess or not known.`,
		});
	if (daemons.missed > 0)
		gaps.push({
			kind: "full",
			says: `${daemons.missed} things that daemons did, or daemons, were dropped: there were too many.`,
		});
	return gaps;
}

/** Sockets over which data moved, and whose peer was not seen. */
function peerGaps({ sockets }: Known): Gap[] {
	const lonely = sockets.filter(({ peer, readBytes, writeBytes }) => peer === null && readBytes + writeBytes > 0);
	const texts = lonely.map(({ kind, name, by }): Gap => {
		const what = `${kind}${name === null ? "" : ` ${name}`} of ${formatProcess(by)}`;
		const isRemote = kind === "tcp" || kind === "udp";
		return isRemote
			? { kind: "remote", says: `The process at the other end of ${what} is not followed.` }
			: { kind: "peer-unknown", says: `The process at the other end of ${what} was not seen.` };
	});
	return [...new Map(texts.map((gap) => [gap.says, gap])).values()];
}

function runningGaps({ processes }: Known): Gap[] {
	return processes
		.filter(({ exit }) => exit === null)
		.map((process) => ({
			kind: "running",
			says: `${formatProcess(process)} was still running: what it did later is not included.`,
		}));
}

function lossGaps({ health, missed, lineage }: Followed): Gap[] {
	const gaps: Gap[] = [];
	const lost = (health?.records.lost ?? 0) + (health?.records.malformed ?? 0);
	if (lost > 0)
		gaps.push({
			kind: "lost",
			says: `${lost} records were lost: something may be missing, and what they may have affected is not certain.`,
		});
	for (const { map, overflow } of health?.maps ?? []) {
		// A receipt has no counts of calls.
		if (overflow > 0 && !map.startsWith("syscall"))
			gaps.push({ kind: "full", says: `The table ${map} was full: ${overflow} did not fit.` });
	}
	const past = missed + lineage.missed;
	if (past > 0) gaps.push({ kind: "full", says: `${past} more processes, files and links are not listed.` });
	return gaps;
}
