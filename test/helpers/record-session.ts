/** Runs workloads under a live session of the addon and returns what the kernel side reported about them. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Concern } from "../../src/model/feed/addon.ts";
import { WireTextFlag } from "../../src/model/wire/layout.gen.ts";
import { nameOfCall } from "./calls.ts";
import { DrainedSession, type TestSessionOptions } from "./drained-session.ts";
import { type Decoded, named, records } from "./wire-read.ts";
import { compileWorkload } from "./workload.ts";

export interface Run {
	readonly pid: number;
	readonly directory: string;
}

export interface Io {
	readonly opens: number;
	readonly reads: number;
	readonly writes: number;
	readonly readBytes: number;
	readonly writeBytes: number;
}

export interface Seen {
	readonly object: Decoded<"wire_object">;
	/** Path or name as the kernel sent it, one character per byte. */
	readonly name: string;
	readonly isDeleted: boolean;
	readonly isTruncated: boolean;
	readonly io: Io;
}

const nothing: Io = { opens: 0, reads: 0, writes: 0, readBytes: 0, writeBytes: 0 };

const identityOf = (record: Decoded<"wire_io"> | Decoded<"wire_object">) =>
	`${record.dev}:${record.big("ino")}:${record.gen}`;

export class RecordSession {
	readonly #session: DrainedSession;
	#batches: Uint8Array[] = [];

	constructor(options: TestSessionOptions = {}) {
		this.#session = new DrainedSession(options, (batch) => this.#batches.push(batch));
	}

	complete(): Promise<void> {
		return this.#session.complete();
	}

	want(concerns: readonly Concern[]): void {
		this.#session.want(concerns);
	}

	/** Runs a compiled workload to its end in its own directory; rejects unless it exits with 0. */
	async run(name: string, ...args: readonly string[]): Promise<Run> {
		const binary = compileWorkload(name);
		const directory = mkdtempSync(join(tmpdir(), "eb-"));
		try {
			const child = spawn(binary, args, { cwd: directory, stdio: ["ignore", "ignore", "pipe"] });
			let complaints = "";
			child.stderr.on("data", (bytes) => {
				complaints += bytes;
			});
			const [status, signal] = await once(child, "close");
			if (status !== 0) throw new Error(`${binary} ${args.join(" ")}: status ${status} ${signal} ${complaints}`);
			return { pid: child.pid as number, directory };
		} finally {
			rmSync(directory, { recursive: true, force: true });
		}
	}

	/** Returns the size of the batch. */
	drain(): number {
		return this.#session.drain();
	}

	sweep(): void {
		this.#session.sweep();
	}

	close(): void {
		this.#session.close();
	}

	/** Discards the records so far. */
	forget(): void {
		this.#batches = [];
	}

	all<Name extends Parameters<typeof records>[1]>(name: Name): Decoded<Name>[] {
		return this.#batches.flatMap((batch) => records(batch, name));
	}

	/** The last record of each call of the process, by its name as in rows. */
	calls(pid: number): Record<string, { count: number; errors: number }> {
		const found: Record<string, { count: number; errors: number }> = {};
		for (const call of this.all("wire_syscall")) {
			if (call.pid !== pid) continue;
			found[nameOfCall(call)] = { count: call.count, errors: call.errors };
		}
		return found;
	}

	/**
	 * What the process used, each with its last announcement and its last counts, in the order in which they were first
	 * seen.
	 */
	objects(pid: number): Seen[] {
		const counts = new Map<string, Io>();
		for (const io of this.all("wire_io")) {
			if (io.pid !== pid) continue;
			counts.set(identityOf(io), {
				opens: io.opens,
				reads: io.reads,
				writes: io.writes,
				readBytes: io.read_bytes,
				writeBytes: io.write_bytes,
			});
		}
		const seen = new Map<string, Seen>();
		for (const object of this.all("wire_object")) {
			if (object.pid !== pid) continue;
			const key = identityOf(object);
			seen.set(key, {
				object,
				name: object.tail.toString("latin1", 0, object.name_len),
				isDeleted: (object.name_flags & WireTextFlag.DELETED) !== 0,
				isTruncated: (object.name_flags & WireTextFlag.TRUNCATED) !== 0,
				io: counts.get(key) ?? nothing,
			});
		}
		return [...seen.values()];
	}

	/** Objects of the process in its working directory, by file name. */
	files(run: Run): Record<string, Seen> {
		const prefix = `${run.directory}/`;
		const own = this.objects(run.pid).filter((seen) => seen.name.startsWith(prefix));
		return Object.fromEntries(own.map((seen) => [seen.name.slice(prefix.length), seen]));
	}

	/** Sum of the I/O counts of all objects of the process. */
	total(pid: number): Io {
		const last = new Map<string, Decoded<"wire_io">>();
		for (const io of this.all("wire_io")) if (io.pid === pid) last.set(identityOf(io), io);
		const sum = { ...nothing };
		for (const io of last.values()) {
			sum.opens += io.opens;
			sum.reads += io.reads;
			sum.writes += io.writes;
			sum.readBytes += io.read_bytes;
			sum.writeBytes += io.write_bytes;
		}
		return sum;
	}

	/** By name, from the last sweep. */
	map(name: string): Decoded<"wire_map"> {
		return this.#last("wire_map", "map", name);
	}

	probe(name: string): Decoded<"wire_probe"> {
		return this.#last("wire_probe", "probe", name);
	}

	#last<Name extends "wire_map" | "wire_probe">(struct: Name, field: string, name: string): Decoded<Name> {
		for (const batch of this.#batches.toReversed()) {
			const found = named(batch, struct, field).find(([its]) => its === name)?.[1];
			if (found !== undefined) return found;
		}
		throw new Error(`no ${struct} of ${name} in any sweep`);
	}
}

/** One session for all observations of a test file with the same options. */
const observers = new Map<string, RecordSession>();

/** Called after each file. */
export function endObservations(): void {
	for (const session of observers.values()) session.close();
	observers.clear();
}

/** Runs one workload to its end and reads everything. */
export async function observe(options: TestSessionOptions, name: string, ...args: readonly string[]) {
	const key = JSON.stringify(options);
	const session = observers.get(key) ?? new RecordSession(options);
	observers.set(key, session);
	session.forget();
	const run = await session.run(name, ...args);
	session.sweep();
	return { session, run };
}
