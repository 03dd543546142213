/**
 * The differences between two receipts. Processes are identified by their place in the tree, not by pid. What is in
 * only one receipt is compared again by names without their random parts, so that digits that agree still count.
 */

import type { ProcessRef } from "../model/snapshot.ts";
import type { Receipt, ReceiptExit } from "./receipt.ts";
import { withoutVolatileParts } from "./same-names.ts";

/** Byte counts that differ by less are considered equal. */
const TOLERANCE = 0.1;

/** How many processes of a chain, from its end, are compared. */
const MOST_NAMES = 16;

/** One line of a receipt, for comparison. */
interface Entry {
	readonly name: string;
	/** The end of the line, whose digits are never random. */
	readonly end: string;
	readonly bytes: number;
}

interface Sum extends Entry {
	count: number;
	bytes: number;
}

/** Lines that begin with - (only in the first), + (only in the second) or ~ (in both, but different); sorted. */
export function diffReceipts(first: Receipt, second: Receipt): string[] {
	const [ones, others] = [sums(entriesOf(first)), sums(entriesOf(second))];
	const lines = comparedLines(ones, others);
	const [restOnes, restOthers] = [withoutCommon(ones, others), withoutCommon(others, ones)];
	const [left, right] = [renamed(restOnes), renamed(restOthers)];
	lines.push(...comparedLines(left, right));
	for (const [name, { count }] of left) if (!right.has(name)) lines.push(`- ${name}${times(count)}`);
	for (const [name, { count }] of right) if (!left.has(name)) lines.push(`+ ${name}${times(count)}`);
	return lines.sort();
}

function times(count: number): string {
	return count === 1 ? "" : ` (${count} times)`;
}

function comparedLines(ones: ReadonlyMap<string, Sum>, others: ReadonlyMap<string, Sum>): string[] {
	return [...ones].flatMap(([name, one]) => {
		const other = others.get(name);
		if (other === undefined) return [];
		if (one.count !== other.count) return [`~ ${name}: ${one.count} and ${other.count} times`];
		const isSame = Math.abs(one.bytes - other.bytes) <= TOLERANCE * Math.max(one.bytes, other.bytes);
		return isSame ? [] : [`~ ${name} ${one.bytes} and ${other.bytes} bytes`];
	});
}

function sums(entries: readonly Entry[]): Map<string, Sum> {
	const found = new Map<string, Sum>();
	for (const entry of entries) add(found, { ...entry, count: 1 });
	return found;
}

function add(found: Map<string, Sum>, sum: Sum): void {
	const key = sum.name + sum.end;
	const known = found.get(key);
	if (known === undefined) {
		found.set(key, { ...sum });
		return;
	}
	known.count += sum.count;
	known.bytes += sum.bytes;
}

function withoutCommon(ones: ReadonlyMap<string, Sum>, others: ReadonlyMap<string, Sum>): Map<string, Sum> {
	return new Map([...ones].filter(([name]) => !others.has(name)));
}

function renamed(entries: ReadonlyMap<string, Sum>): Map<string, Sum> {
	const found = new Map<string, Sum>();
	for (const sum of entries.values()) add(found, { ...sum, name: withoutVolatileParts(sum.name) });
	return found;
}

function entriesOf({ run, processes, files, sockets, ipc, signals, gaps }: Receipt): Entry[] {
	const roleOf = rolesOf(processes);
	const fact = (end: string, ...words: (string | null)[]): Entry => ({
		name: words.filter(Boolean).join(" "),
		end: end === "" ? "" : `: ${end}`,
		bytes: 0,
	});
	const moved = (how: string, bytes: number, ...words: (string | null)[]): Entry[] =>
		bytes === 0 ? [] : [{ ...fact(how, ...words), bytes }];
	return [
		fact(exitText(run.exit), "the command"),
		...processes.map((process) =>
			fact(exitText(process.exit), "process", roleOf(process), process.args.slice(1).join(" ")),
		),
		...files.flatMap(({ path, by, readBytes, writeBytes, created, deleted, renamedTo }) => {
			const name = ["file", path, "by", roleOf(by)];
			const became = renamedTo === null ? null : `renamed to ${renamedTo}`;
			return [
				fact("", ...name, created ? "created" : null, deleted ? "deleted" : null, became),
				...moved("read", readBytes, ...name),
				...moved("written", writeBytes, ...name),
			];
		}),
		...sockets.flatMap(({ kind, name, by, peer, readBytes, writeBytes }) => {
			const words = ["socket", kind, name, "of", roleOf(by), peer && `with ${roleOf(peer)}`];
			return [fact("", ...words), ...moved("read", readBytes, ...words), ...moved("written", writeBytes, ...words)];
		}),
		...ipc.flatMap(({ kind, name, from, to, bytes }) => {
			const words = ["link", kind, name, "from", roleOf(from), "to", roleOf(to)];
			return [fact("", ...words), ...moved("moved", bytes, ...words)];
		}),
		...signals.map(({ signal, from, to }) => fact("", "signal", signal, "from", roleOf(from), "to", roleOf(to))),
		...gaps.map(({ kind, says }) => fact("", "gap", kind, says)),
	];
}

function exitText(exit: ReceiptExit | null): string {
	if (exit === null) return "still running";
	return exit.signal ?? (exit.code === null ? "ended" : `status ${exit.code}`);
}

/**
 * A process by its chain of names from the command on: "sh>make>cc"; a process that is not followed only by its own
 * name.
 */
function rolesOf(processes: Receipt["processes"]): (process: ProcessRef) => string {
	const byPid = new Map(processes.map((process) => [process.pid, process]));
	const roles = new Map<number, string>();
	const roleOf = (process: ProcessRef): string => {
		const names: string[] = [];
		const seen = new Set<number>();
		let known = byPid.get(process.pid);
		while (known !== undefined && !seen.has(known.pid) && names.length < MOST_NAMES) {
			seen.add(known.pid);
			names.unshift(known.comm);
			known = known.startedBy === null ? undefined : byPid.get(known.startedBy.pid);
		}
		return names.length === 0 ? process.comm : names.join(">");
	};
	return (process) => {
		const role = roles.get(process.pid) ?? roleOf(process);
		roles.set(process.pid, role);
		return role;
	};
}
