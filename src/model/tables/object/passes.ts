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
	/** In progress, by the process they cover; null: all. */
	readonly #underWay = new Map<Process | null, Pass>();

	constructor(objects: ObjectIndex) {
		this.#objects = objects;
	}

	begin(scope: Process | null, timeNs: number): void {
		this.#underWay.set(scope, { number: ++this.#number, beganNs: timeNs });
	}

	/** Ends one, and tells of each use in its scope whether it should have found it and did not. */
	end(scope: Process | null): (use: Use) => boolean {
		const pass = this.#underWay.get(scope);
		this.#underWay.delete(scope);
		if (pass === undefined) return () => false;
		return (use) => Number.isNaN(use.closedNs) && !hasMet(pass, use) && !this.#isBeyond(pass, use);
	}

	/** A record shows that the process has it. `isMapping`: in memory, not as a descriptor. */
	meet(use: Use, isMapping: boolean): void {
		use.pass = this.#number;
		if (this.#underWay.size > 0 && (isMapping || use.object.isSystemV)) use.isMetWithoutDescriptor = true;
	}

	forget(process: Process): void {
		this.#underWay.delete(process);
	}

	/** Most passes find descriptors only; for a datagram's destination they find the socket that sent to it. */
	#isBeyond(pass: Pass, use: Use): boolean {
		const { object, process } = use;
		if (process.exit !== null) return true;
		if (object.isSystemV || use.isMapped) return !use.isMetWithoutDescriptor;
		if (!object.isDestination) return false;
		const socket = this.#objects.socketOf(object);
		const base = socket === null ? undefined : process.uses.get(socket);
		return base !== undefined && hasMet(pass, base);
	}
}

function hasMet(pass: Pass, use: Use): boolean {
	return use.pass >= pass.number || use.seenNs >= pass.beganNs;
}

export class MappingPasses {
	#beganNs = 0;

	begin(timeNs: number): void {
		this.#beganNs = timeNs;
	}

	/** Whether it is mapped no more. Segments of System V are nothing but mapped. */
	isMissed(use: Use): boolean {
		if ((!use.isMapped && !isSegment(use)) || use.isMetWithoutDescriptor || use.process.exit !== null) return false;
		return Math.max(use.mappedNs, use.lastMovedNs) < this.#beganNs;
	}
}

export function isSegment(use: Use): boolean {
	return use.object.kind === WireKind.SYSV_SHM;
}
