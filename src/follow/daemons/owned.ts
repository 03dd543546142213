/** What daemons and their children did for the command, for the receipt and the screen. */

import { formatProcess } from "../../model/names/processes.ts";
import type { FileType } from "../../model/snapshot.ts";
import { fileType } from "../../model/tables/file.ts";
import type { Use } from "../../model/tables/object/use.ts";
import type { Process } from "../../model/tables/process/process.ts";
import { idOf } from "../../model/tables/step.ts";
import { type Class, classOf, isMoreCertain, type RuleName, weakest } from "../rules.ts";
import { type Daemon, whyOf } from "./daemon.ts";
import type { Daemons } from "./daemons.ts";
import { type FileEffect, Segment } from "./segment.ts";

export interface Ownership {
	readonly class: Class;
	readonly rules: readonly RuleName[];
	readonly why: string;
}

/** The ownership of a process that was made for the command and serves no other client: all that it does counts. */
export function ownershipOf(process: Process, daemons: Daemons): Ownership | null {
	let hops = 0;
	let most: Class = "certain";
	for (let daemon: Daemon | null | undefined = daemons.all.get(process); daemon && hops < 64; hops++) {
		if (daemon.servesOthers) return null;
		const { origin, parent }: Daemon = daemon;
		most = weakest(most, daemon.most);
		const told = origin === null ? null : daemon.told?.claim;
		const made = origin === null ? null : ownershipBy(origin);
		if (told && (!made || isMoreCertain(told.class, made.class))) {
			const maker = parent?.process ?? daemon.process;
			const why = `${formatProcess(maker)} made it. ${told.why}`;
			return { class: weakest(told.class, most), rules: daemon.told?.chain ?? [], why };
		}
		if (made) return { ...made, class: weakest(made.class, most) };
		daemon = parent;
	}
	return null;
}

function ownershipBy(origin: NonNullable<Daemon["origin"]>): Ownership | null {
	const { from, rule } = origin;
	const why = whyOf(origin);
	if (!(from instanceof Segment)) return { class: classOf(rule), rules: [rule], why };
	const { claim, chain } = from;
	return claim && { class: weakest(claim.class, classOf(rule)), rules: [...chain, rule], why };
}

/** What the threads of one daemon did with a file. */
export interface DaemonFile extends Ownership {
	readonly process: Process;
	readonly path: string;
	readonly type: FileType | null;
	readonly effect: FileEffect;
}

/** File effects of daemons that also serve others. Processes that belong to the command as a whole are not included. */
export function* daemonFiles(daemons: Daemons, uses: ReadonlySet<Use>): Generator<DaemonFile> {
	const names = namesOf(daemons, uses);
	for (const segment of daemons.claimed()) {
		const { process } = segment.actor;
		if (segment.files.size === 0 || ownershipOf(process, daemons) !== null) continue;
		for (const effect of segment.files.values()) {
			const use = names.get(`${process.serial} ${effect.key}`);
			const path = effect.path ?? use?.path ?? use?.object.name ?? `?${effect.key}`;
			yield { process, path, type: use ? fileType(use) : null, effect, ...ownershipOfSegment(segment) };
		}
	}
}

function ownershipOfSegment({ claim, chain }: Segment): Ownership {
	return { class: claim?.class ?? "guess", rules: chain, why: claim?.why ?? "" };
}

function namesOf(daemons: Daemons, uses: ReadonlySet<Use>): Map<string, Use> {
	const names = new Map<string, Use>();
	for (const use of uses) {
		const { process, object } = use;
		if (!daemons.all.has(process)) continue;
		names.set(`${process.serial} ${object.dev} ${idOf(object.inoLow, object.inoHigh)} ${object.gen}`, use);
	}
	return names;
}

/** Processes that belong to the command as a whole. */
export function ownedProcesses(daemons: Daemons): (Ownership & { process: Process; starter: Process })[] {
	return [...daemons.all.values()].flatMap(({ process, origin, parent }) => {
		const owned = ownershipOf(process, daemons);
		const from = origin?.from;
		const starter = parent?.process ?? (from instanceof Segment ? from.actor.process : from);
		return owned === null || starter === undefined ? [] : [{ process, starter, ...owned }];
	});
}

interface Edge {
	readonly from: Process;
	readonly to: Process;
	readonly rule: RuleName;
	readonly class: Class;
	readonly why: string;
	count: number;
}

/** The hops by which the command's work went from one process to another, each with a sentence that says why. */
export function edgesOf(daemons: Daemons): Edge[] {
	const edges = new Map<string, Edge>();
	for (const { claim, actor } of daemons.claimed()) {
		if (claim === null) continue;
		const from = claim.from instanceof Segment ? claim.from.actor.process : claim.from;
		const key = `${from.serial} ${actor.process.serial} ${claim.rule} ${claim.class}`;
		const known = edges.get(key);
		if (known !== undefined) known.count++;
		else {
			const { rule, class: sure, why } = claim;
			edges.set(key, { from, to: actor.process, rule, class: sure, why, count: 1 });
		}
	}
	return [...edges.values()];
}
