/** The live feed: the one file that knows the addon. It asks for bytes on two beats and hands them on. */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { hostname, machine, release } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as Addon from "../../../native/index.d.ts";
import type { EventType } from "../event-types.ts";
import type { TableName } from "../snapshot.ts";
import { WIRE_SIZES, WIRE_VERSION } from "../wire/layout.gen.ts";
import { Backlog } from "./backlog.ts";
import type { Feed, FeedInfo, Sink } from "./feed.ts";
import type { ForeignFiles } from "./foreign-files.ts";

export type { CommandEnd, Privileges, ProbeReport, SessionOptions } from "../../../native/index.d.ts";

/** What has to be measured for each table of a snapshot. */
const CONCERNS: Readonly<Record<TableName, readonly Addon.Concern[]>> = {
	processes: ["process"],
	syscalls: ["syscall"],
	ipc: ["ipc"],
	files: ["file"],
	tcp: ["tcp"],
	disks: ["disk"],
	containers: ["process", "file", "tcp"],
	events: ["process"],
};

/** The addon's concerns that fill `tables`. */
export function concernsOf(tables: readonly TableName[]): readonly Addon.Concern[] {
	return [...new Set(tables.flatMap((table) => CONCERNS[table]))];
}

/** Often enough that the rings never fill, seldom enough to cost nothing. */
const DRAIN_MS = 200;

/** So long a batch is delivered at once; then keys and timers have their turn before the rest. */
const TURN_MS = 8;
/**
 * What a flood made waits for its turn, so that keys do not: about two seconds of work. While more waits the ring is left
 * as it is; what finds no place in it is counted as lost, and the picture is not ever later.
 */
const MOST_WAITING_BYTES = 16 << 20;

/** Where the addon lies, from the root of the checkout. */
const PLACE = "build/Release/ebtop.node";

/** The addon; throws a sentence where there is none or it was built from other sources. */
export function loadAddon(): typeof Addon {
	const path = findAddon(dirname(fileURLToPath(import.meta.url)));
	if (path === null) throw new Error("The native part of ebtop is not built: run 'npm run build' in its folder.");
	const addon = createRequire(import.meta.url)(path) as typeof Addon;
	const differing = Object.entries(WIRE_SIZES).find(([name, size]) => addon.wireSizes[name] !== size)?.[0];
	if (addon.wireVersion !== WIRE_VERSION || differing !== undefined) {
		const what = differing ?? "the version of the records";
		throw new Error(`The native part of ebtop is from another build (${what} differs): run 'npm run build' again.`);
	}
	return addon;
}

/** From the sources and from the bundle alike: the first folder upwards that holds one. */
function findAddon(from: string): string | null {
	const path = join(from, PLACE);
	if (existsSync(path)) return path;
	return dirname(from) === from ? null : findAddon(dirname(from));
}

/** Loads and attaches; rejects with what the addon says where this kernel or these privileges cannot do it. */
export async function openNativeFeed(
	addon: typeof Addon,
	options: Addon.SessionOptions,
	delaySeconds: number,
	events: readonly EventType[],
): Promise<NativeFeed> {
	return new NativeFeed(await addon.Session.open(options), options.source, delaySeconds, events);
}

/** A file of a container's runtime that is larger says nothing. */
const FOREIGN_FILE_MAX = 4 * 1024 * 1024;
const FOREIGN_FOLDER_MAX = 64 * 1024;

/** Reads files of others by the addon's own threads. */
export function foreignFiles(addon: typeof Addon): ForeignFiles {
	return {
		read: (path) => addon.readFile(path, FOREIGN_FILE_MAX),
		async list(path) {
			const names = await addon.listFolder(path, FOREIGN_FOLDER_MAX);
			return names === null ? [] : new TextDecoder().decode(names).split("\0").slice(0, -1);
		},
	};
}

export class NativeFeed implements Feed {
	readonly info: FeedInfo;
	readonly #session: Addon.Session;
	#delayMs: number;
	#sink: Sink = () => {};
	#onEnd: (error: Error | null) => void = () => {};
	#drainTimer: NodeJS.Timeout | null = null;
	#sweepTimer: NodeJS.Timeout | null = null;
	/** When the next sweep is due; it moves on by whole delays, so that late timers do not add up. */
	#dueMs = 0;
	readonly #backlog = new Backlog();
	readonly #mostWaitingBytes: number;
	/** The tick of the last sweep is not delivered yet. */
	#isTickWaiting = false;
	#turns = 0;
	/** The longest that one turn since the last sweep kept the program. */
	#busyMs = 0;
	#isHeld = false;
	#isDone = false;

	constructor(
		session: Addon.Session,
		source: Addon.SessionOptions["source"],
		delaySeconds: number,
		events?: readonly EventType[],
		mostWaitingBytes = MOST_WAITING_BYTES,
	) {
		this.#session = session;
		this.#mostWaitingBytes = mostWaitingBytes;
		this.#delayMs = delaySeconds * 1000;
		this.info = { host: hostname(), kernel: release(), machine: machine(), source, events };
	}

	start(sink: Sink, onEnd: (error: Error | null) => void): void {
		this.#sink = sink;
		this.#onEnd = onEnd;
		this.#dueMs = performance.now() + this.#delayMs;
		this.#sweep();
		this.#turn(() => this.#deliverAll());
		// The first one reads everything, before there is a screen that it could keep.
		setImmediate(() => {
			this.#busyMs = 0;
		});
		this.#drainTimer = setInterval(() => this.#drain(), DRAIN_MS);
		this.#waitForSweep();
	}

	/** Gives up what the session has no use for once it is attached; see `Session.lockDown`. */
	lockDown(): string {
		return this.#session.lockDown();
	}

	setDelay(seconds: number): void {
		this.#dueMs += seconds * 1000 - this.#delayMs;
		this.#delayMs = seconds * 1000;
		this.#waitForSweep();
	}

	hold(isHeld: boolean): void {
		this.#isHeld = isHeld;
	}

	stop(lastTick: boolean): void {
		if (this.#isDone) return;
		if (lastTick) {
			this.#sweep();
			this.#turn(() => this.#deliverAll());
		}
		this.#release();
	}

	/** Beats that a slow sweep, a busy machine or a flood ran over are left out: the next tick is in step again. */
	#waitForSweep(): void {
		if (this.#isDone) return;
		if (this.#sweepTimer !== null) clearTimeout(this.#sweepTimer);
		const lateMs = Math.max(performance.now() - this.#dueMs, 0);
		this.#dueMs += Math.ceil(lateMs / this.#delayMs) * this.#delayMs;
		this.#sweepTimer = setTimeout(
			() => {
				this.#dueMs += this.#delayMs;
				if (!this.#isHeld && !this.#isTickWaiting) this.#sweep();
				this.#waitForSweep();
			},
			Math.max(this.#dueMs - performance.now(), 0),
		);
	}

	#sweep(): void {
		this.#turn(() => {
			const batch = this.#session.sweep(this.#busyMs);
			this.#busyMs = 0;
			this.#isTickWaiting = true;
			this.#backlog.add(batch, () => {
				this.#isTickWaiting = false;
			});
			this.#deliver();
		});
	}

	#drain(): void {
		if (this.#backlog.bytes > this.#mostWaitingBytes) return;
		this.#turn(() => {
			const batch = this.#session.drain();
			if (batch.length > 0) this.#backlog.add(batch);
			this.#deliver();
		});
	}

	/** As much as one turn takes. */
	#deliver(): void {
		const endMs = performance.now() + TURN_MS;
		while (!this.#backlog.isEmpty && !this.#isDone) {
			this.#backlog.deliver(this.#sink);
			if (performance.now() >= endMs) return;
		}
	}

	#deliverAll(): void {
		while (!this.#backlog.isEmpty && !this.#isDone) this.#backlog.deliver(this.#sink);
	}

	#turn(work: () => void): void {
		if (this.#isDone) return;
		const turn = ++this.#turns;
		const beganMs = performance.now();
		try {
			work();
		} catch (error) {
			this.#release();
			this.#onEnd(error as Error);
		}
		// When this comes, what the screen draws of it is drawn too, and keys were looked at.
		setImmediate(() => {
			this.#busyMs = Math.max(this.#busyMs, performance.now() - beganMs);
			const isLast = turn === this.#turns;
			if (isLast && !this.#backlog.isEmpty) this.#turn(() => this.#deliver());
		});
	}

	#release(): void {
		this.#isDone = true;
		if (this.#drainTimer !== null) clearInterval(this.#drainTimer);
		if (this.#sweepTimer !== null) clearTimeout(this.#sweepTimer);
		this.#session.close();
	}
}
