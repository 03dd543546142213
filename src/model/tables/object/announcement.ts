/** Applies struct wire_object: to the object, and to one process's use of it. */

import { safeTextFromBytes } from "../../safe-text.ts";
import type { ObjectOwner } from "../../snapshot.ts";
import { bytesAt, textAt, wordAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import { markedPath } from "../process/text.ts";
import { FMODE_READ, FMODE_WRITE, isSocket, type KernelObject } from "./kernel-object.ts";
import type { Use } from "./use.ts";

export function takeObject(object: KernelObject, view: DataView, at: number, kind: number): void {
	object.kind = kind;
	object.mode = wire.objectMode(view, at);
	object.sockLow = wire.objectSockLow(view, at);
	object.sockHigh = wire.objectSockHigh(view, at);
	object.peerLow = wire.objectPeerLow(view, at);
	object.peerHigh = wire.objectPeerHigh(view, at);
	object.peerInoLow = wire.objectPeerInoLow(view, at);
	object.peerInoHigh = wire.objectPeerInoHigh(view, at);
	if (object.isSystemV && isDeleted(view, at)) return; // its owner may be known from other records
	object.rdev = wire.objectRdev(view, at);
	if (object.isSystemV) object.owner = ownerAt(view, at, object.owner);
}

const isDeleted = (view: DataView, at: number) => (wire.objectNameFlags(view, at) & wire.WireTextFlag.DELETED) !== 0;

/** The same object as before if nothing changed, so that rows stay the same. */
function ownerAt(view: DataView, at: number, known: ObjectOwner | null): ObjectOwner {
	const uid = wordAt(view, wire.objectLocalAt(at));
	const gid = wordAt(view, wire.objectLocalAt(at) + 4);
	const creatorUid = wordAt(view, wire.objectRemoteAt(at));
	const creatorGid = wordAt(view, wire.objectRemoteAt(at) + 4);
	const isSame = known?.uid === uid && known.gid === gid;
	if (isSame && known.creatorUid === creatorUid && known.creatorGid === creatorGid) return known;
	return { uid, gid, creatorUid, creatorGid };
}

export function takeUse(use: Use, view: DataView, at: number): void {
	const mode = wire.objectFmode(view, at);
	if ((mode & FMODE_READ) !== 0) use.canRead = true;
	if ((mode & FMODE_WRITE) !== 0) use.canWrite = true;
	const how = wire.objectHow(view, at);
	if (how === wire.WireHow.USED) use.isOnlyHeld = false;
	if (how === wire.WireHow.MAPPED) use.presence.map(wire.headTime(view, at));
	const length = wire.objectNameLen(view, at);
	if (length === 0) return;
	const flags = wire.objectNameFlags(view, at);
	const name = markedPath(socketNameAt(view, wire.objectTextAt(at), length, use.object.kind), flags);
	// One string for all uses of the object under the same name.
	use.path = use.object.name === name ? use.object.name : name;
	use.object.name = use.path;
	use.object.isPeerName = (flags & wire.WireTextFlag.PEER) !== 0;
}

/** An abstract name begins with a NUL and may contain more; "@" stands for the first. */
function socketNameAt(view: DataView, at: number, length: number, kind: number): string {
	if (!isSocket(kind) || bytesAt(view, at, 1)[0] !== 0) return textAt(view, at, length);
	return `@${safeTextFromBytes(bytesAt(view, at + 1, length - 1))}`;
}
