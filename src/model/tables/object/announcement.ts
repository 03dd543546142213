/** Takes over struct wire_object: what the object is, and what one process has of it. */

import { safeTextFromBytes } from "../../safe-text.ts";
import type { ObjectOwner } from "../../snapshot.ts";
import { bytesAt, counterAt, textAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import { markedPath } from "../process/text.ts";
import { isSocket, type KernelObject } from "./kernel-object.ts";
import type { Use } from "./use.ts";

const FMODE_READ = 1;
const FMODE_WRITE = 2;

export function takeObject(object: KernelObject, view: DataView, at: number, kind: number): void {
	object.kind = kind;
	object.mode = view.getUint16(at + wire.OBJECT_MODE, true);
	object.sockLow = view.getUint32(at + wire.OBJECT_SOCK, true);
	object.sockHigh = view.getUint32(at + wire.OBJECT_SOCK + 4, true);
	object.peerLow = view.getUint32(at + wire.OBJECT_PEER, true);
	object.peerHigh = view.getUint32(at + wire.OBJECT_PEER + 4, true);
	object.peerInoLow = view.getUint32(at + wire.OBJECT_PEER_INO, true);
	object.peerInoHigh = view.getUint32(at + wire.OBJECT_PEER_INO + 4, true);
	if (object.isSystemV && isDeleted(view, at)) return; // others may have told who it was
	object.rdev = view.getUint32(at + wire.OBJECT_RDEV, true);
	if (object.isSystemV) object.owner = ownerAt(view, at, object.owner);
}

const isDeleted = (view: DataView, at: number) =>
	(view.getUint16(at + wire.OBJECT_NAME_FLAGS, true) & wire.WireTextFlag.DELETED) !== 0;

/** The same object as before where nothing changed, so that rows stay the same. */
function ownerAt(view: DataView, at: number, known: ObjectOwner | null): ObjectOwner {
	const uid = view.getUint32(at + wire.OBJECT_LOCAL, true);
	const gid = view.getUint32(at + wire.OBJECT_LOCAL + 4, true);
	const creatorUid = view.getUint32(at + wire.OBJECT_REMOTE, true);
	const creatorGid = view.getUint32(at + wire.OBJECT_REMOTE + 4, true);
	const isSame = known?.uid === uid && known.gid === gid;
	if (isSame && known.creatorUid === creatorUid && known.creatorGid === creatorGid) return known;
	return { uid, gid, creatorUid, creatorGid };
}

export function takeUse(use: Use, view: DataView, at: number): void {
	const mode = view.getUint32(at + wire.OBJECT_FMODE, true);
	if ((mode & FMODE_READ) !== 0) use.canRead = true;
	if ((mode & FMODE_WRITE) !== 0) use.canWrite = true;
	use.openFlags |= view.getUint32(at + wire.OBJECT_FLAGS, true);
	const how = view.getUint8(at + wire.OBJECT_HOW);
	if (how === wire.WireHow.USED) use.isOnlyHeld = false;
	if (how === wire.WireHow.MAPPED) {
		use.isMapped = true;
		use.mappedNs = counterAt(view, at + wire.HEAD_TIME);
	}
	const length = view.getUint16(at + wire.OBJECT_NAME_LEN, true);
	if (length === 0) return;
	const flags = view.getUint16(at + wire.OBJECT_NAME_FLAGS, true);
	const name = markedPath(socketNameAt(view, at + wire.OBJECT_BYTES, length, use.object.kind), flags);
	// One string for all who have the same object under the same name.
	use.path = use.object.name === name ? use.object.name : name;
	use.object.name = use.path;
	use.object.isPeerName = (flags & wire.WireTextFlag.PEER) !== 0;
}

/** An abstract name begins with a NUL and may hold more of them; "@" stands for the first. */
function socketNameAt(view: DataView, at: number, length: number, kind: number): string {
	if (!isSocket(kind) || view.getUint8(at) !== 0) return textAt(view, at, length);
	return `@${safeTextFromBytes(bytesAt(view, at + 1, length - 1))}`;
}
