/** Makes the `follow` of a snapshot. */

import type { Follow, FollowActor, FollowClass, FollowEffect, FollowLane, FollowTotals } from "../model/snapshot.ts";
import type { Process } from "../model/tables/process/process.ts";
import { NS_PER_MS, type Tick } from "../model/tables/tick.ts";
import { type CausedProcess, causedBy, exitOf } from "./caused.ts";
import { edgesOf } from "./daemons/owned.ts";
import type { Followed } from "./followed.ts";
import { findGaps } from "./gaps.ts";
import { lanesOf } from "./lanes.ts";
import { weakest } from "./rules.ts";

const MOST_EFFECTS = 1000;
const MOST_GAPS = 100;
const NOTHING: FollowTotals = { processes: 0, files: 0, readBytes: 0, writeBytes: 0 };

/** `id` distinguishes the follows of one run. */
export function shownAs(id: number) {
	return (followed: Followed, tick: Pick<Tick, "nowNs" | "wallMs">) => followOf(id, followed, tick);
}

function followOf(id: number, followed: Followed, { nowNs, wallMs }: Pick<Tick, "nowNs" | "wallMs">): Follow {
	const gaps = findGaps(followed, process.pid);
	const { lineage, daemons, health } = followed;
	const { root } = lineage;
	const { processes, files } = causedBy(followed);
	const lanes = lanesOf(followed, processes, nowNs, idOf);
	const effects = files.map(({ process, listed }): FollowEffect => {
		const { path, readBytes, writeBytes, created, deleted, class: sure } = listed;
		return { actor: idOf(process), kind: "file", path, readBytes, writeBytes, created, deleted, class: sure };
	});
	const totals: Record<FollowClass, FollowTotals> = { certain: NOTHING, likely: NOTHING, guess: NOTHING };
	const add = (sure: FollowClass, more: Partial<FollowTotals>) => {
		const sum = totals[sure];
		totals[sure] = {
			processes: sum.processes + (more.processes ?? 0),
			files: sum.files + (more.files ?? 0),
			readBytes: sum.readBytes + (more.readBytes ?? 0),
			writeBytes: sum.writeBytes + (more.writeBytes ?? 0),
		};
	};
	for (const { class: sure } of processes.map(({ listed }) => listed)) add(sure, { processes: 1 });
	for (const { class: sure, readBytes, writeBytes } of effects) add(sure, { files: 1, readBytes, writeBytes });
	return {
		id,
		command: root === undefined ? [] : root.args.length > 0 ? root.args : [root.comm],
		state: followed.isAlive ? "running" : "ended",
		exit: exitOf(root),
		startedAt: root === undefined ? null : new Date(wallMs - (nowNs - root.startNs) / NS_PER_MS).toISOString(),
		lost: (health?.records.lost ?? 0) + (health?.records.malformed ?? 0),
		reduced: [...daemons.all.values()].filter(({ reduced }) => reduced > 0).map(({ process }) => process.ref),
		actors: actorsOf(followed, processes),
		edges: edgesOf(daemons).map(({ from, to, ...edge }) => ({ from: idOf(from), to: idOf(to), ...edge })),
		effects: effects.slice(0, MOST_EFFECTS),
		moreEffects: Math.max(0, effects.length - MOST_EFFECTS),
		totals,
		gaps: gaps.slice(0, MOST_GAPS),
		moreGaps: Math.max(0, gaps.length - MOST_GAPS),
		elapsedMs: followed.isAlive ? (nowNs - followed.beganNs) / NS_PER_MS : endOf(lanes),
		lanes,
	};
}

function endOf(lanes: readonly FollowLane[]): number {
	return lanes.reduce((end, { spans }) => spans.reduce((last, { toMs }) => Math.max(last, toMs), end), 0);
}

/** Unique, also if a pid is used again. */
function idOf({ serial }: Process): string {
	return `a${serial}`;
}

function actorsOf({ lineage, daemons }: Followed, processes: readonly CausedProcess[]): FollowActor[] {
	const otherWork = daemons.otherWork();
	const actors = new Map<Process, FollowActor>();
	for (const { process, listed } of processes) {
		const { pid, comm, class: sure } = listed;
		const role = lineage.has(process) ? "command" : "made";
		actors.set(process, { id: idOf(process), pid, comm, role, class: sure, others: 0, otherWork: 0 });
	}
	for (const { claim, actor } of daemons.claimed()) {
		const { process } = actor;
		const known = actors.get(process);
		if (claim === null || (known !== undefined && weakest(known.class, claim.class) === claim.class)) continue;
		const { pid, comm } = process;
		actors.set(process, {
			...{ id: idOf(process), pid, comm, role: known?.role ?? "daemon", class: claim.class },
			others: daemons.all.get(process)?.others ?? 0,
			otherWork: otherWork.get(process) ?? 0,
		});
	}
	return [...actors.values()];
}
