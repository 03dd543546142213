/**
 * Which processes may have communicated. One pair may use a FIFO today and another tomorrow, and the ids of System V
 * objects are reused: writers and readers that never existed at the same time are not linked.
 */

import type { Process } from "../process/process.ts";
import type { End } from "./crowd.ts";

export interface Sides {
	readonly writers: readonly End[];
	readonly readers: readonly End[];
}

/** Groups of processes whose lifetimes overlap. Those without another side make up the last group. */
export function contemporaries(writers: readonly End[], readers: readonly End[]): Sides[] {
	if (writers.length <= 1 && readers.length <= 1) return [{ writers, readers }];
	const groups: Sides[] = [];
	for (const writer of writers) {
		const met = readers.filter((reader) => haveCoexisted(writer.process, reader.process));
		const joined = groups.filter((group) => group.readers.some((reader) => met.includes(reader)));
		for (const group of joined) groups.splice(groups.indexOf(group), 1);
		groups.push({
			writers: [...joined.flatMap((group) => group.writers), writer],
			readers: [...new Set([...joined.flatMap((group) => group.readers), ...met])],
		});
	}
	const whole = groups.filter((group) => group.readers.length > 0);
	const alone = groups.filter((group) => group.readers.length === 0).flatMap((group) => group.writers);
	const left = readers.filter((reader) => !whole.some((group) => group.readers.includes(reader)));
	return alone.length + left.length > 0 ? [...whole, { writers: alone, readers: left }] : whole;
}

function haveCoexisted(one: Process, other: Process): boolean {
	return one.startNs <= endOf(other) && other.startNs <= endOf(one);
}

function endOf(process: Process): number {
	return process.exit === null ? Number.POSITIVE_INFINITY : process.exitNs;
}
