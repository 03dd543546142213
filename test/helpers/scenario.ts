/** A model with a fake clock, and short functions for the records that tests feed it. */

import type { EventType } from "../../src/model/event-types.ts";
import type { Limits } from "../../src/model/limits.ts";
import { Model } from "../../src/model/model.ts";
import type { ModelObserver } from "../../src/model/observer.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { WireHow, WireKind, WirePassKind, WireType } from "../../src/model/wire/layout.gen.ts";
import { batchOf, type Head, record } from "./wire-encode.ts";

export const WALL_MS = Date.UTC(2026, 10, 20, 17, 0, 0);
const SECOND = 1_000_000_000n;

type Fields<Name extends Parameters<typeof record>[1]> = Parameters<typeof record<Name>>[3];
export interface Who {
	pid: number;
	start: number | bigint;
}

export class Scenario {
	readonly model: Model;
	nowNs = 1000n * SECOND;
	/** By how much its clock was set forward. */
	setMs = 0;
	/** For how long it was suspended. */
	asleepMs = 0;
	#records: Uint8Array[] = [];

	constructor(limits: Partial<Limits> = {}, events?: readonly EventType[], observer: ModelObserver | null = null) {
		const info = { host: "eb-host", kernel: "6.18.0", machine: "x86_64", source: "bpf", events } as const;
		this.model = new Model(info, limits, observer);
	}

	head(who: Partial<Who> = {}): Head {
		return { ...who, time: this.nowNs };
	}

	add(...records: Uint8Array[]): this {
		this.#records.push(...records);
		return this;
	}

	/** Advances the clock. */
	wait(seconds: number): this {
		this.nowNs += BigInt(Math.round(seconds * 1e9));
		return this;
	}

	/** Ends the refresh `seconds` later and returns its snapshot. */
	tick(seconds = 1): Snapshot {
		this.wait(seconds);
		const wall = BigInt(WALL_MS + this.setMs) * 1_000_000n + (this.nowNs - 1000n * SECOND);
		this.add(
			record(WireType.TICK, "wire_tick", this.head(), { wall_ns: wall, asleep_ns: BigInt(this.asleepMs) * 1_000_000n }),
		);
		const snapshot = this.model.apply(batchOf(...this.#records));
		this.#records = [];
		if (snapshot === null) throw new Error("a tick gave no snapshot");
		return snapshot;
	}

	process(who: Who, fields: Fields<"wire_process"> = {}): this {
		const filled = { comm: "eb-proc", state: 83, threads: 1, ...fields };
		return this.add(record(WireType.PROCESS, "wire_process", this.head(who), filled));
	}

	fork(child: Who, ppid: number, comm = "eb-proc", starter = ppid): this {
		return this.add(
			record(WireType.FORK, "wire_process", this.head(child), { ppid, starter, comm, state: 82, threads: 1 }),
		);
	}

	exec(who: Who, comm: string, path: string, args: readonly string[]): this {
		const name_len = Buffer.byteLength(path);
		this.add(record(WireType.EXEC, "wire_exec", this.head(who), { comm, name_len }, path));
		return this.args(who, args);
	}

	args(who: Who, args: readonly string[]): this {
		const block = args.map((word) => `${word}\0`).join("");
		const length = Buffer.byteLength(block);
		return this.add(record(WireType.ARGS, "wire_text", this.head(who), { len: length, total: length }, block));
	}

	exit(who: Who, fields: Fields<"wire_exit"> = {}): this {
		return this.add(record(WireType.EXIT, "wire_exit", this.head(who), { comm: "eb-proc", ...fields }));
	}

	syscall(who: Who, nr: number, count: number, errors = 0, abi = 0): this {
		return this.add(record(WireType.SYSCALL, "wire_syscall", this.head(who), { nr, abi, count, errors }));
	}

	object(who: Who, fields: Fields<"wire_object">, name = ""): this {
		const filled = { how: WireHow.USED, kind: WireKind.REGULAR, slot: 0xffffffff, ...fields };
		const name_len = Buffer.byteLength(name);
		return this.add(record(WireType.OBJECT, "wire_object", this.head(who), { ...filled, name_len }, name));
	}

	io(who: Who, fields: Fields<"wire_io">): this {
		return this.add(record(WireType.IO, "wire_io", this.head(who), { slot: 0xffffffff, ...fields }));
	}

	/** `strings`: each name, and the directory that it is relative to. */
	callEvent(who: Who, fields: Fields<"wire_call_event">, strings: readonly string[]): this {
		const text = strings.map((each) => `${each}\0`).join("");
		const filled = { comm: "eb-proc", ...fields, name_len: Buffer.byteLength(text) };
		return this.add(record(WireType.CALL_EVENT, "wire_call_event", this.head(who), filled, text));
	}

	tcp(fields: Fields<"wire_tcp">, who: Partial<Who> = {}): this {
		return this.add(record(WireType.TCP, "wire_tcp", this.head(who), { family: 2, ...fields }));
	}

	/** A full pass with these records in it. */
	pass(kind: keyof typeof WirePassKind, fill: (scenario: this) => void = () => {}): this {
		const edge = (is_end: number) =>
			record(WireType.PASS, "wire_pass", this.head(), { kind: WirePassKind[kind], is_end });
		this.add(edge(0));
		fill(this);
		return this.add(edge(1));
	}
}
