/** While processes, files and connections come and go, the model keeps no more objects after minutes than after one. */

import { queryObjects } from "node:v8";
import { expect, test } from "vitest";
import { KernelObject } from "../../src/model/tables/object/kernel-object.ts";
import { Use } from "../../src/model/tables/object/use.ts";
import { Process } from "../../src/model/tables/process/process.ts";
import { Connection } from "../../src/model/tables/tcp/connection.ts";
import { WireHow, WireIoFlag, WireKind, WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

/** Calls, names of files, channels and links each refer to one of these. */
const CLASSES = { Process, Use, KernelObject, Connection };

/** How many of each are reachable. V8 scans the whole heap for each answer. */
function kept(): Record<string, number> {
	return Object.fromEntries(
		Object.entries(CLASSES).map(([name, made]) => [name, queryObjects(made, { format: "count" })] as const),
	);
}

const server = { pid: 7, start: 5n };
const SLOTS = 17;
const PER_SECOND = 3;
/** Longer than the minute for which a file is shown that has lost its slot in the kernel's table. */
const SPAN = 73;
/** The kernel and "other" as ends of links, and the process without a pid for what found no room in the spill. */
const CONSTANTS = 3;

/**
 * A server that starts programs, creates files and accepts connections; the kernel's table has room for SLOTS files.
 */
class Churn {
	readonly #scenario = new Scenario().process(server, { comm: "eb-server" });
	#turn = 0;

	second(): void {
		for (let count = 0; count < PER_SECOND; count++) this.#one(++this.#turn);
		this.#scenario.pass("OBJECTS").pass("TCP");
		this.#scenario.pass("PROCESSES", (scenario) => scenario.process(server, { comm: "eb-server" })).tick();
	}

	end(): void {
		this.#scenario.exit(server).tick();
		this.#scenario.tick(6);
		this.#scenario.tick();
	}

	#one(turn: number): void {
		this.#program({ pid: 100 + (turn % 997), start: BigInt(1000 + turn) }, turn);
		this.#file(turn);
		this.#connection(turn);
	}

	#program(child: { pid: number; start: bigint }, turn: number): void {
		const scenario = this.#scenario;
		scenario.fork(child, server.pid).exec(child, "eb-true", "/bin/true", ["/bin/true", String(turn)]);
		for (let nr = 0; nr < 5; nr++) scenario.syscall(child, nr, 1 + nr);
		scenario.object(child, { ino: 3, dev: 8, mode: 0o100755 }, "/lib/libc.so").io(child, { ino: 3, dev: 8, opens: 1 });
		const pipe = { kind: WireKind.PIPE, ino: 1_000_000 + turn, dev: 14, mode: 0o010600 };
		scenario.object(child, { ...pipe, fmode: 2 }).io(child, { ...io(pipe), writes: 1, write_bytes: 3 });
		scenario.object(server, { ...pipe, fmode: 1 }).io(server, { ...io(pipe), reads: 1, read_bytes: 3 });
		const signal = { signal: 10, target_pid: child.pid, target_start: child.start, target_comm: "eb-true" };
		scenario.add(record(WireType.SIGNAL, "wire_signal", scenario.head(server), signal));
		scenario.exit(child);
	}

	/** The kernel reuses the slot of the file made SLOTS files ago for this one, as it does when room is short. */
	#file(turn: number): void {
		const own = (number: number) => ({ ino: 2_000_000 + number, dev: 8, mode: 0o100600, slot: number % SLOTS });
		const counted = { opens: 1, writes: 1, write_bytes: 1 };
		if (turn > SLOTS) {
			const flags = WireIoFlag.RETIRED;
			this.#scenario.io(server, { ...own(turn - SLOTS), ...counted, flags });
		}
		this.#scenario.object(server, { ...own(turn), how: WireHow.USED }, `/tmp/opened.${turn}`);
		this.#scenario.io(server, { ...own(turn), ...counted });
	}

	#connection(turn: number): void {
		const addresses = { local: [127, 0, 0, 1], remote: [127, 0, 0, 1], netns: 1 };
		const near = { ...addresses, local_port: 10_000 + (turn % 20_011), remote_port: 80, sock: 2n * BigInt(turn) };
		const far = { ...addresses, local_port: 80, remote_port: near.local_port, sock: near.sock + 1n };
		for (const [end, ino] of [
			[near, 3_000_000 + 2 * turn],
			[far, 3_000_001 + 2 * turn],
		] as const) {
			this.#scenario.tcp({ ...end, state: 1 }, server);
			const socket = { kind: WireKind.TCP, ino, dev: 9, mode: 0o140777 };
			this.#scenario.object(server, { ...socket, ...end, family: 2, state: 1 });
			this.#scenario.io(server, { ...io(socket), writes: 1, write_bytes: 1, reads: 1, read_bytes: 1 });
			this.#scenario.tcp({ ...end, state: 7 }, server);
		}
	}
}

const io = ({ ino, dev, mode }: { ino: number; dev: number; mode: number }) => ({ ino, dev, mode });

test("keeps as much after two spans as after one, and nothing that is gone", () => {
	const churn = new Churn();
	const afterSpan = () => {
		for (let second = 0; second < SPAN; second++) churn.second();
		return kept();
	};
	const first = afterSpan();
	const second = afterSpan();
	expect(first.Use).toBeGreaterThan(60 * PER_SECOND);
	for (const [name, count] of Object.entries(first)) {
		expect(second[name], name).toBeLessThanOrEqual(count + 2 * PER_SECOND);
	}
	churn.end();
	expect(kept()).toEqual({ Process: CONSTANTS, Use: 0, KernelObject: 0, Connection: 0 });
}, 30_000); // on a busy machine, with a heap that other tests have filled
