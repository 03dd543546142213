/** Something that processes have open: a file, a pipe, a socket. Its identity is (device, inode, generation). */

import { constants } from "node:fs";
import type { ObjectOwner } from "../../snapshot.ts";
import { decimalOf } from "../../wire/fields.ts";
import { WireKind } from "../../wire/layout.gen.ts";
import type { Connection, Use } from "../entities.ts";

const MINOR_BITS = 20;

/** "major:minor" in decimal. */
export const deviceText = (dev: number): string => `${dev >>> MINOR_BITS}:${dev & ((1 << MINOR_BITS) - 1)}`;
/** Bits of an open file's mode in the kernel (include/linux/fs.h). */
export const FMODE_READ = 1;
export const FMODE_WRITE = 2;

export class KernelObject {
	readonly dev: number;
	readonly inoLow: number;
	readonly inoHigh: number;
	readonly gen: number;
	/** Another object with the same hash in the index. */
	sibling: KernelObject | null = null;

	kind: number = WireKind.OTHER;
	mode = 0;
	/** Address of struct sock and the like: pairs the two ends of a socket or a pty. 0 if there is none. */
	sockLow = 0;
	sockHigh = 0;
	peerLow = 0;
	peerHigh = 0;
	peerInoLow = 0;
	peerInoHigh = 0;
	/** Device number of a device, key of a System V object. */
	rdev = 0;
	/** For a System V object. */
	owner: ObjectOwner | null = null;
	/** Path of a FIFO, name of a socket or of a POSIX object. */
	name: string | null = null;
	/** The name belongs to the other end. */
	isPeerName = false;

	connection: Connection | null = null;
	/** It has or had a connection. */
	wasConnected = false;
	/** A set, since thousands of processes may have one library or terminal open and all drop it in one refresh. */
	readonly #uses = new Set<Use>();
	#usesInOrder: readonly Use[] | null = null;
	#inode: string | null = null;
	#device: string | null = null;

	constructor(dev: number, inoLow: number, inoHigh: number, gen: number) {
		this.dev = dev;
		this.inoLow = inoLow;
		this.inoHigh = inoHigh;
		this.gen = gen;
	}

	get inode(): string {
		this.#inode ??= decimalOf(this.inoLow, this.inoHigh);
		return this.#inode;
	}

	get device(): string {
		this.#device ??= deviceText(this.dev);
		return this.#device;
	}

	/** A destination of an unconnected datagram socket: a part of the socket, whose own counts include it. */
	get isDestination(): boolean {
		return isOfDestination(this.gen) && (this.kind === WireKind.UDP || this.kind === WireKind.UNIX_DGRAM);
	}

	/** Has an id instead of a descriptor: no pass over descriptors finds it. */
	get isSystemV(): boolean {
		return this.kind >= WireKind.SYSV_SHM && this.kind <= WireKind.SYSV_MSG;
	}

	get hasSock(): boolean {
		return this.sockLow !== 0 || this.sockHigh !== 0;
	}

	get hasPeer(): boolean {
		return this.peerLow !== 0 || this.peerHigh !== 0;
	}

	/** Whether the other end's inode is known: not before accept(), nor after that end is gone. */
	get hasPeerInode(): boolean {
		return this.peerInoLow !== 0 || this.peerInoHigh !== 0;
	}

	isPeerInodeOf(peer: KernelObject): boolean {
		return this.peerInoLow === peer.inoLow && this.peerInoHigh === peer.inoHigh;
	}

	/** The uses of it in the order in which they began; the same array until that changes. */
	get uses(): readonly Use[] {
		this.#usesInOrder ??= [...this.#uses];
		return this.#usesInOrder;
	}

	get useCount(): number {
		return this.#uses.size;
	}

	addUse(use: Use): void {
		this.#uses.add(use);
		this.#usesInOrder = null;
	}

	removeUse(use: Use): void {
		this.#uses.delete(use);
		this.#usesInOrder = null;
	}

	is(dev: number, gen: number): boolean {
		return this.dev === dev && this.gen === gen;
	}
}

const KIND_OF_FORMAT: Readonly<Record<number, number>> = {
	[constants.S_IFREG]: WireKind.REGULAR,
	[constants.S_IFDIR]: WireKind.DIRECTORY,
	[constants.S_IFCHR]: WireKind.CHAR,
	[constants.S_IFBLK]: WireKind.BLOCK,
	[constants.S_IFLNK]: WireKind.LINK,
	[constants.S_IFIFO]: WireKind.PIPE,
	[constants.S_IFSOCK]: WireKind.SOCKET,
	0: WireKind.ANON,
};

/** The kind from the mode, for an object whose announcement was lost. */
export function kindOfMode(mode: number): number {
	return KIND_OF_FORMAT[mode & constants.S_IFMT] ?? WireKind.OTHER;
}

/** Set in the inode of a socket's destination, see `wire.h`. */
export function isOfDestination(gen: number): boolean {
	return (gen & 1) !== 0;
}

export function isSocket(kind: number): boolean {
	return kind >= WireKind.UNIX_STREAM && kind <= WireKind.SOCKET;
}
