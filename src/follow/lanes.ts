/** When each process worked for the command, for the swim lanes of the screen. */

import type { FollowClass, FollowLane, FollowSpan } from "../model/snapshot.ts";
import type { Process } from "../model/tables/process/process.ts";
import { NS_PER_MS } from "../model/tables/tick.ts";
import type { CausedProcess } from "./caused.ts";
import type { Followed } from "./followed.ts";

const MOST_SPANS = 100;
/** Spans with less between them are one. */
const JOINED_MS = 1;

/** `idOf`: the id of an actor. */
export function lanesOf(
	{ daemons, beganNs }: Followed,
	processes: readonly CausedProcess[],
	nowNs: number,
	idOf: (process: Process) => string,
): FollowLane[] {
	const spans = new Map<Process, FollowSpan[]>();
	const msOf = (timeNs: number) => Math.max(0, (timeNs - beganNs) / NS_PER_MS);
	for (const { process, listed } of processes) {
		const toMs = msOf(process.exit === null ? nowNs : process.exitNs);
		spans.set(process, [{ fromMs: msOf(process.startNs), toMs, class: listed.class }]);
	}
	for (const { actor, claim, firstNs, lastNs } of daemons.claimed()) {
		if (claim === null || Number.isNaN(firstNs)) continue;
		const own = spans.get(actor.process) ?? [];
		spans.set(actor.process, own);
		own.push({ fromMs: msOf(firstNs), toMs: msOf(lastNs), class: claim.class });
	}
	return Array.from(spans, ([process, own]) => ({ actor: idOf(process), spans: joined(own) }));
}

function joined(spans: readonly FollowSpan[]): FollowSpan[] {
	const found = new Map<FollowClass, FollowSpan[]>();
	for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
		const own = found.get(span.class) ?? [];
		found.set(span.class, own);
		const last = own.at(-1);
		if (last === undefined || span.fromMs > last.toMs + JOINED_MS) own.push(span);
		else own[own.length - 1] = { ...last, toMs: Math.max(last.toMs, span.toMs) };
	}
	return [...found.values()].flatMap((own) => own.slice(-MOST_SPANS)).sort((a, b) => a.fromMs - b.fromMs);
}
