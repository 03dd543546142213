/** Passes over descriptors and over mappings: what they did not find is closed, or no longer mapped. */

import { WireKind } from "../../wire/layout.gen.ts";
import type { Process } from "../process/process.ts";
import type { ObjectIndex } from "./object-index.ts";
import type { Use } from "./use.ts";

interface Pass {
	readonly number: number;
	readonly beganNs: number;
}

export class DescriptorPasses {
	readonly #objects: ObjectIndex;
	#number = 0;
	/** Passes in progress, by the process that they cover; null: all. */
	readonly #underWay = new Map<Process | null, Pass>();

	constructor(objects: ObjectIndex) {
		this.#objects = objects;
	}

	begin(scope: Process | null, timeNs: number): void {
		this.#underWay.set(scope, { number: ++this.#number, beganNs: timeNs });
	}

	/** Ends a pass. Returns a function that tells whether the pass should have found a use and did not. */
	end(scope: Process | null): (use: Use) => boolean {
		const pass = this.#underWay.get(scope);
		this.#underWay.delete(scope);
		if (pass === undefined) return () => false;
		return (use) => use.presence.isOpen && !wasFound(pass, use) && !this.#isBeyond(pass, use);
	}

	/** A record shows that the process has it. `isMapping`: in memory, not as a descriptor. */
	noteFound(use: Use, isMapping: boolean): void {
		const { object, presence } = use;
		presence.pass = this.#number;
		if (this.#underWay.size > 0 && (isMapping || object.isSystemV)) presence.isFoundWithoutDescriptor = true;
	}

	forget(process: Process): void {
		this.#underWay.delete(process);
	}

	/** Most passes only find descriptors; instead of a datagram's destination they find the socket that sent to it. */
	#isBeyond(pass: Pass, use: Use): boolean {
		const { object, presence, process } = use;
		if (process.exit !== null) return true;
		if (object.isSystemV || presence.isMapped) return !presence.isFoundWithoutDescriptor;
		if (!object.isDestination) return false;
		const socket = this.#objects.socketOf(object);
		const base = socket === null ? undefined : process.uses.get(socket);
		return base !== undefined && wasFound(pass, base);
	}
}

function wasFound(pass: Pass, { presence }: Use): boolean {
	return presence.pass >= pass.number || presence.seenNs >= pass.beganNs;
}

export class MappingPasses {
	#beganNs = 0;

	begin(timeNs: number): void {
		this.#beganNs = timeNs;
	}

	/** Whether it is no longer mapped. System V segments are never more than mapped. */
	isMissed(use: Use): boolean {
		const { presence } = use;
		if (!presence.isMapped && !isSegment(use)) return false;
		if (presence.isFoundWithoutDescriptor || use.process.exit !== null) return false;
		return Math.max(presence.mappedNs, use.lastMovedNs) < this.#beganNs;
	}
}

export function isSegment(use: Use): boolean {
	return use.object.kind === WireKind.SYSV_SHM;
}
