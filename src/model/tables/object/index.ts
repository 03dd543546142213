/** Which process has which object open, and what moved through it: the basis of files, links and connections. */

import { forEachInSteps, type Steps } from "../../steps.ts";
import type { Decoder, Reader } from "../../wire/decode.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { Bounds } from "../bounds.ts";
import type { Process } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import { KEEP_DEAD_NS, type Tick } from "../tick.ts";
import { takeObject, takeUse } from "./announcement.ts";
import { IdleScan, isDroppable } from "./idle-scan.ts";
import { isSocket, type KernelObject, kindOfMode } from "./kernel-object.ts";
import type { Words } from "./object-index.ts";
import { DescriptorPasses, isSegment, MappingPasses } from "./passes.ts";
import { SlotIndex } from "./slots.ts";
import type { Use } from "./use.ts";
import { UseSet } from "./use-set.ts";

/** Callbacks for tables that show objects. */
export interface ObjectListener {
	/** A process has the object, or more of the object is known. `view` and `at`: the WIRE_OBJECT. */
	announced?(use: Use, view: DataView, at: number): void;
	moved?(use: Use): void;
	/** The process closed it, or used it again after that. */
	changed?(use: Use): void;
	dropped?(use: Use): void;
	/** No process has it any more. */
	forgotten?(object: KernelObject): void;
	/** Whether a row depends on the object. */
	isShown?(object: KernelObject): boolean;
}

export class ObjectTable {
	readonly #processes: ProcessRegistry;
	readonly #listeners = new Set<ObjectListener>();
	readonly #slots = new SlotIndex();
	readonly #uses: UseSet;
	readonly #closed = new Set<Use>();
	/** Living processes with a dropped use: the kernel continues its counts if they use the object again. */
	readonly #withDroppedUses = new Set<Process>();
	readonly #idle: IdleScan;
	readonly #passes: DescriptorPasses;
	readonly #mappingPasses = new MappingPasses();

	constructor(decoder: Decoder, processes: ProcessRegistry, bounds: Bounds) {
		this.#processes = processes;
		this.#uses = new UseSet(bounds, (use) => this.#drop(use));
		this.#idle = new IdleScan(this.#uses.all, (object) => this.#isShown(object));
		this.#passes = new DescriptorPasses(this.#uses.objects);
		decoder.on(wire.WireType.OBJECT, (view, at) => this.#applyObject(view, at));
		decoder.on(wire.WireType.IO, (view, at) => this.#applyIo(view, at));
		decoder.on(wire.WireType.POSITION, (view, at) => this.#applyPosition(view, at));
		processes.listen({ evicted: (process) => this.#dropAll(process) });
	}

	/** Adds a listener; the returned function removes it. */
	listen(listener: ObjectListener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** An object that some process has; null if none is known to have it. */
	find(dev: number, ino: Words, gen: number): KernelObject | null {
		return this.#uses.objects.find(dev, ino, gen);
	}

	/**
	 * Beginning and end of a pass over all descriptors, or over those of one process: what it did not find is closed.
	 */
	*applyPass(isEnd: boolean, timeNs: number, scope: Process | null): Steps {
		if (!isEnd) {
			this.#passes.begin(scope, timeNs);
			return;
		}
		const uses = scope === null ? this.#uses.all : scope.uses.values();
		const isMissed = this.#passes.end(scope);
		yield* forEachInSteps(uses, (use) => {
			if (isMissed(use)) this.#close(use, timeNs);
		});
	}

	/** The same over all mappings: what it did not find is no longer mapped. */
	*applyMappings(isEnd: boolean, timeNs: number): Steps {
		if (!isEnd) {
			this.#mappingPasses.begin(timeNs);
			return;
		}
		yield* forEachInSteps(this.#uses.all, (use) => {
			if (!this.#mappingPasses.isMissed(use)) return;
			use.presence.isMapped = false;
			if (isSegment(use) && use.presence.isOpen) this.#close(use, timeNs);
			else this.#reportChange(use);
		});
	}

	*evict(tick: Tick): Steps {
		yield* forEachInSteps(this.#closed, (use) => this.#evictClosed(use, tick));
		for (const use of this.#idle.step(tick)) this.#dropIdle(use);
	}

	#evictClosed(use: Use, tick: Tick): void {
		if (tick.nowNs - Math.max(use.presence.closedNs, use.lastMovedNs) < KEEP_DEAD_NS) return;
		this.#closed.delete(use);
		if (!use.isEmpty && !isDroppable(use)) {
			use.presence.isGone = true;
			this.#reportChange(use);
		} else {
			this.#dropIdle(use);
		}
	}

	/** Drops an idle use of a living process. The kernel may still count for it. */
	#dropIdle(use: Use): void {
		if (!use.isEmpty) this.#withDroppedUses.add(use.process);
		this.#drop(use);
	}

	#close(use: Use, timeNs: number): void {
		use.presence.closedNs = timeNs;
		this.#closed.add(use);
		this.#reportChange(use);
	}

	#sawOpen(use: Use, view: DataView, at: number): void {
		if (!use.presence.open(wire.headTime(view, at))) return;
		this.#closed.delete(use);
		this.#reportChange(use);
	}

	#reportChange(use: Use): void {
		for (const listener of this.#listeners) listener.changed?.(use);
	}

	#isShown(object: KernelObject): boolean {
		for (const listener of this.#listeners) if (listener.isShown?.(object)) return true;
		return false;
	}

	#applyObject(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const kind = wire.objectKind(view, at);
		const ino = { low: wire.objectInoLow(view, at), high: wire.objectInoHigh(view, at) };
		const sock = { low: wire.objectSockLow(view, at), high: wire.objectSockHigh(view, at) };
		const dev = wire.objectDev(view, at);
		const gen = wire.objectGen(view, at);
		const object = this.#uses.objects.obtain(dev, ino, gen, kind, sock);
		const use = this.#uses.obtain(process, object, wire.objectHow(view, at) !== wire.WireHow.USED);
		if (use === null) return;
		takeObject(object, view, at, kind);
		const wasIdle = use.isIdle;
		takeUse(use, view, at);
		this.#uses.noteIdle(use, wasIdle);
		use.isAnnounced = true;
		this.#passes.noteFound(use, wire.objectHow(view, at) === wire.WireHow.MAPPED);
		this.#sawOpen(use, view, at);
		this.#slots.remember(wire.objectSlot(view, at), use);
		for (const listener of this.#listeners) listener.announced?.(use, view, at);
	}

	#applyIo(view: DataView, at: number): void {
		const use = this.#slots.find(view, at) ?? this.#findByIdentity(view, at);
		if (use === null) return;
		const readBytes = use.readBytes;
		const writeBytes = use.writeBytes;
		const wasIdle = use.isIdle;
		const isKnown = use.isAnnounced || !use.isEmpty || !this.#withDroppedUses.has(use.process);
		const hasMoved = use.take(view, at);
		const flags = wire.ioFlags(view, at);
		if (flags & wire.WireIoFlag.RETIRED) use.retire();
		if (flags & wire.WireIoFlag.SHARED && !use.isShared) {
			use.isShared = true;
			this.#reportChange(use);
		}
		if (hasMoved) use.isRetired = use.isOnlyHeld = false;
		this.#uses.noteIdle(use, wasIdle);
		if (!hasMoved) return;
		use.lastMovedNs = wire.headTime(view, at);
		this.#sawOpen(use, view, at);
		const { process, object } = use;
		// Otherwise the socket's own counters have it too, or it was counted before the use was dropped.
		if (!object.isDestination && isKnown)
			process.interval.addIo(isSocket(object.kind), use.readBytes - readBytes, use.writeBytes - writeBytes);
		this.#processes.dirty.add(process);
		for (const listener of this.#listeners) listener.moved?.(use);
	}

	#applyPosition(view: DataView, at: number): void {
		const use = this.#pairAt(view, at, POSITION_IDENTITY, wire.WireKind.REGULAR, true);
		if (use === null) return;
		use.position ??= { bytes: 0, movedForward: 0 };
		use.position.bytes = wire.positionPosition(view, at);
		use.position.movedForward += wire.positionMoved(view, at);
		this.#reportChange(use);
	}

	/** The first counters of a use whose announcement was lost, or that has no slot. */
	#findByIdentity(view: DataView, at: number): Use | null {
		const use = this.#pairAt(view, at, IO_IDENTITY, kindOfMode(wire.ioMode(view, at)), false);
		if (use !== null) this.#slots.remember(wire.ioSlot(view, at), use);
		return use;
	}

	/** The use that a record is about, which may come before its announcement. */
	#pairAt(view: DataView, at: number, identity: IdentityReaders, kind: number, isIdle: boolean): Use | null {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return null;
		const ino = { low: identity.inoLow(view, at), high: identity.inoHigh(view, at) };
		const object = this.#uses.objects.obtain(identity.dev(view, at), ino, identity.gen(view, at), kind, NO_WORDS);
		if (object.useCount === 0) object.kind = kind;
		return this.#uses.obtain(process, object, isIdle);
	}

	#dropAll(process: Process): void {
		this.#passes.forget(process);
		this.#withDroppedUses.delete(process);
		for (const use of process.uses.values()) this.#drop(use);
	}

	#drop(use: Use): void {
		const { object } = use;
		this.#uses.remove(use);
		this.#slots.forget(use);
		this.#closed.delete(use);
		for (const listener of this.#listeners) listener.dropped?.(use);
		if (object.useCount > 0) return;
		for (const listener of this.#listeners) listener.forgotten?.(object);
	}
}

const NO_WORDS = { low: 0, high: 0 };

/** How a record identifies its object. */
interface IdentityReaders {
	readonly dev: Reader;
	readonly inoLow: Reader;
	readonly inoHigh: Reader;
	readonly gen: Reader;
}

const IO_IDENTITY: IdentityReaders = {
	dev: wire.ioDev,
	inoLow: wire.ioInoLow,
	inoHigh: wire.ioInoHigh,
	gen: wire.ioGen,
};
const POSITION_IDENTITY: IdentityReaders = {
	dev: wire.positionDev,
	inoLow: wire.positionInoLow,
	inoHigh: wire.positionInoHigh,
	gen: wire.positionGen,
};
