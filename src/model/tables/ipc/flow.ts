/** Which process sends how much to which over one direction of a channel, from what each wrote and read. */

import type { Basis } from "../../snapshot.ts";
import { apportion, shareMatrix } from "../../stats/apportion.ts";
import type { Use } from "../object/use.ts";
import type { LinkDraft } from "./channel.ts";
import { type Crowds, type End, heldEnds, type Moved } from "./crowd.ts";
import { contemporaries } from "./lifetimes.ts";

/** With more ends than this on one side, only the busiest have links of their own. */
const SIDE_LIMIT = 64;
/** The same for processes that merely hold the end open. */
const OPEN_LIMIT = 16;

function isOpen(use: Use): boolean {
	return !use.presence.isGone;
}

function isHolder(use: Use): boolean {
	return use.presence.isOpen && use.process.exit === null;
}

/** It holds the other end too, as a shell does between fork and exec. */
function holdsBoth(use: Use, far: readonly Use[], near: readonly Use[]): boolean {
	return far === near ? use.canRead && use.canWrite : near.some(({ process }) => process === use.process);
}

/**
 * The processes at the `far` end if none was seen to use it yet: those that use the socket in the other direction, else
 * those that hold it open, preferably only that end. A process that merely inherited an end is not a peer if another
 * one uses it. `users` are those that use the `near` end.
 */
function likelyPeers(
	far: readonly Use[],
	near: readonly Use[],
	users: readonly End[],
	canBePeer: (use: Use) => boolean,
): readonly End[] {
	const isOther = (use: Use) => !users.some((user) => user.process === use.process);
	const candidates = far.filter((use) => isOpen(use) && canBePeer(use) && isOther(use));
	const active = candidates.filter((use) => use.hasMoved);
	if (active.length > 0) return heldEnds(active, OPEN_LIMIT);
	const holders = candidates.filter(isHolder);
	const called = holders.filter((use) => !use.isOnlyHeld);
	const best = [called, holders, candidates].find((some) => some.length > 0) ?? [];
	const alone = best.filter((use) => !holdsBoth(use, far, near));
	return heldEnds(alone.length > 0 ? alone : best, OPEN_LIMIT);
}

const written = (end: End) => end.writeBytes;
const read = (end: End) => end.readBytes;

function busiest(crowds: Crowds, writing: readonly Use[], reading: readonly Use[], lane: number) {
	const writers = writing.filter((use) => isOpen(use) && use.hasWritten);
	const readers = reading.filter((use) => isOpen(use) && use.hasRead);
	return [
		crowds.split(`writers ${lane}`, writers, written, SIDE_LIMIT),
		crowds.split(`readers ${lane}`, readers, read, SIDE_LIMIT),
	] as const;
}

/** Links of one direction over which data moved; none if none did. */
export function flowDrafts(
	crowds: Crowds,
	writing: readonly Use[],
	reading: readonly Use[],
	lane: number,
): LinkDraft[] {
	let [writers, readers] = busiest(crowds, writing, reading, lane);
	// Reading end-of-file from a pipe is a use, but moves nothing.
	if (writers.length === 0 && !readers.some((use) => use.readBytes > 0)) return [];
	if (writers.length === 0) writers = likelyPeers(writing, reading, readers, (use) => use.canWrite);
	if (readers.length === 0) readers = likelyPeers(reading, writing, writers, (use) => use.canRead);
	// A process that only read end-of-file, while others read bytes, received nothing.
	if (readers.some((use) => use.readBytes > 0)) readers = readers.filter((use) => use.readBytes > 0);
	return contemporaries(writers, readers).flatMap((sides) => pairs(sides.writers, sides.readers, lane));
}

function pairs(writers: readonly End[], readers: readonly End[], lane: number): LinkDraft[] {
	const [writer] = writers;
	const [reader] = readers;
	if (writer === undefined || reader === undefined) return [];
	if (writers.length === 1 && readers.length === 1) {
		const bytes = Math.max(writer.writeBytes, reader.readBytes);
		return [draft(writer, reader, writer.writes || reader.reads, bytes, "observed", lane)].filter(isBetweenTwo);
	}
	const hasRead = readers.some((use) => use.hasRead);
	const hasWritten = writers.some((use) => use.hasWritten);
	if (readers.length === 1 && hasWritten) {
		return writers.map((use) => draft(use, reader, use.writes, use.writeBytes, "observed", lane)).filter(isBetweenTwo);
	}
	if (writers.length === 1 && hasRead) {
		const messages = apportion(writer.writes, readers.map(read));
		return readers
			.map((use, index) => draft(writer, use, messages[index] ?? 0, use.readBytes, "observed", lane))
			.filter(isBetweenTwo);
	}
	return shares(writers, readers, lane).filter(isBetweenTwo);
}

/**
 * Several on both sides: it is unknown which reader got which writer's bytes, so each pair gets a share of both totals.
 */
function shares(writers: readonly End[], readers: readonly End[], lane: number): LinkDraft[] {
	const bytes = shareMatrix(writers.map(written), readers.map(read));
	return writers.flatMap((writer, row) => {
		const messages = apportion(writer.writes, bytes[row] ?? []);
		return readers.map((reader, column) =>
			draft(writer, reader, messages[column] ?? 0, bytes[row]?.[column] ?? 0, "shared", lane),
		);
	});
}

function draft(from: End, to: End, messages: number, bytes: number, basis: Basis, lane: number): LinkDraft {
	const link = { lane, from: from.process, to: to.process, messages, bytes, basis };
	if (from.others === undefined && to.others === undefined) return link;
	const joined = {
		messages: Math.round(messages * joinedShare(from, to, "writes", "reads")),
		bytes: Math.round(bytes * joinedShare(from, to, "writeBytes", "readBytes")),
	};
	return { ...link, others: (from.others ?? 0) + (to.others ?? 0), joined };
}

/** The part of a link's counts that was in separate links until now. */
function joinedShare(from: End, to: End, write: keyof Moved, read: keyof Moved): number {
	const shareOf = (end: End, what: keyof Moved) => (end[what] > 0 ? (end.joined?.[what] ?? 0) / end[what] : 0);
	return Math.max(shareOf(from, write), shareOf(to, read));
}

function isBetweenTwo(link: LinkDraft): boolean {
	return link.from !== link.to;
}

/**
 * Links of a channel over which nothing moved yet. A process that holds only one end is probably a user of it; one that
 * holds both, like a shell between fork and exec, counts only if there is no other.
 */
export function openPipeDrafts(uses: readonly Use[]): LinkDraft[] {
	const open = uses.filter(isOpen);
	const holders = open.every((use) => !isHolder(use)) ? open : open.filter(isHolder);
	const prefer = (all: Use[], isAlone: (use: Use) => boolean) => {
		const alone = all.filter(isAlone);
		return heldEnds(alone.length > 0 ? alone : all, OPEN_LIMIT);
	};
	const writers = prefer(
		holders.filter((use) => use.canWrite),
		(use) => !use.canRead,
	);
	const readers = prefer(
		holders.filter((use) => use.canRead),
		(use) => !use.canWrite,
	);
	// Two processes that both hold both ends have one link, from the lower pid.
	const withBoth = new Set<End>(holders.filter((use) => use.canRead && use.canWrite));
	const isOneWay = (writer: End, reader: End) => !(withBoth.has(writer) && withBoth.has(reader));
	const isFirst = (writer: End, reader: End) => writer.process.pid < reader.process.pid;
	return writers
		.flatMap((writer) =>
			readers
				.filter((reader) => isOneWay(writer, reader) || isFirst(writer, reader))
				.map((reader) => draft(writer, reader, 0, 0, "open", 0)),
		)
		.filter(isBetweenTwo);
}

/** The same for the two sockets of a pair: no direction yet, so one link, from the lower pid. */
export function openPairDrafts(first: readonly Use[], second: readonly Use[]): LinkDraft[] {
	const ends = [likelyPeers(first, second, [], () => true), likelyPeers(second, first, [], () => true)] as const;
	const links = new Map<string, LinkDraft>();
	for (const one of ends[0]) {
		for (const other of ends[1]) {
			const isFirst = one.process.pid <= other.process.pid;
			const link = isFirst ? draft(one, other, 0, 0, "open", 0) : draft(other, one, 0, 0, "open", 0);
			if (isBetweenTwo(link)) links.set(`${link.from.serial}>${link.to.serial}`, link);
		}
	}
	return [...links.values()];
}

/**
 * What each sender wrote, divided among the processes that read from the receiving socket in proportion to what they
 * read.
 */
export function sentDrafts(crowds: Crowds, sending: readonly Use[], receiving: readonly Use[]): LinkDraft[] {
	let [writers, readers] = busiest(crowds, sending, receiving, 0);
	if (writers.length === 0) return [];
	if (readers.length === 0) readers = likelyPeers(receiving, sending, writers, () => true);
	const basis = readers.length > 1 ? "shared" : "observed";
	return writers.flatMap((writer) => {
		const bytes = apportion(writer.writeBytes, readers.map(read));
		const messages = apportion(writer.writes, readers.map(read));
		return readers
			.map((reader, index) => draft(writer, reader, messages[index] ?? 0, bytes[index] ?? 0, basis, 0))
			.filter(isBetweenTwo);
	});
}
