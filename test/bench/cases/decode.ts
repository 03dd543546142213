// Decoding and applying records: many refreshes of a machine on which every counter moved since the last one.
import { Model } from "../../../src/model/model.ts";
import * as wire from "../../../src/model/wire/layout.gen.ts";
import { batchOf, record } from "../../helpers/wire-encode.ts";
import type { Case } from "../result.ts";
import { median } from "../statistics.ts";

const REFRESHES = 60;
const PROCESSES = 500;
const CALLS_EACH = 40;
const FILES_EACH = 10;
const FIRST_PID = 1000;
const START = 5n;
const REGULAR = 0o100644;

const pids = Array.from({ length: PROCESSES }, (_, index) => FIRST_PID + index);
const head = (pid: number) => ({ pid, start: START, time: 1n });
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const inode = (pid: number, file: number) => pid * FILES_EACH + file;

function tick(second: number): Uint8Array {
	return record(wire.WireType.TICK, "wire_tick", { time: BigInt(second) * 1_000_000_000n }, { wall_ns: second * 1e9 });
}

/** Every process and file, once. */
function firstBatch(): Uint8Array {
	const processes = pids.map((pid) =>
		record(wire.WireType.PROCESS, "wire_process", head(pid), { ppid: 1, comm: "eb-proc", state: 83, threads: 1 }),
	);
	const files = pids.flatMap((pid) =>
		numbers(FILES_EACH).map((file) => {
			const path = `/tmp/${pid}/${file}`;
			const fields = { how: wire.WireHow.USED, kind: wire.WireKind.REGULAR, slot: 0xffffffff, name_len: path.length };
			return record(
				wire.WireType.OBJECT,
				"wire_object",
				head(pid),
				{ ...fields, ino: inode(pid, file), mode: REGULAR },
				path,
			);
		}),
	);
	return batchOf(...processes, ...files, tick(1));
}

/** The counters of all of them. */
function counterBatch(): Uint8Array {
	const calls = pids.flatMap((pid) =>
		numbers(CALLS_EACH).map((nr) => record(wire.WireType.SYSCALL, "wire_syscall", head(pid), { nr, count: 0 })),
	);
	const io = pids.flatMap((pid) =>
		numbers(FILES_EACH).map((file) =>
			record(wire.WireType.IO, "wire_io", head(pid), { slot: 0xffffffff, ino: inode(pid, file), mode: REGULAR }),
		),
	);
	return batchOf(...calls, ...io);
}

/** Makes every counter in the batch larger. */
function advance(batch: Uint8Array, refresh: number): void {
	const view = new DataView(batch.buffer);
	for (let at = 0; at < batch.length; at += wire.headSize(view, at)) {
		const isSyscall = wire.headType(view, at) === wire.WireType.SYSCALL;
		for (const field of isSyscall
			? [wire.WIRE_FIELDS.wire_syscall.count.at]
			: [wire.WIRE_FIELDS.wire_io.reads.at, wire.WIRE_FIELDS.wire_io.read_bytes.at]) {
			view.setBigUint64(at + field, BigInt(refresh * 100), true);
		}
	}
}

export const decode: Case = {
	name: "decode",
	async run() {
		const model = new Model({ host: "eb", kernel: "6.18", machine: "x86_64", source: "bpf" });
		model.apply(firstBatch());
		const batch = counterBatch();
		const records = PROCESSES * (CALLS_EACH + FILES_EACH);
		const perSecond: number[] = [];
		for (let refresh = 1; refresh <= REFRESHES; refresh++) {
			advance(batch, refresh);
			// CPU time, not elapsed time: the machine may have other work.
			const before = process.threadCpuUsage();
			model.apply(batch);
			const used = process.threadCpuUsage(before);
			perSecond.push((records * 1e6) / (used.user + used.system));
			const snapshot = model.apply(tick(1 + refresh));
			const hasCalls = snapshot?.syscalls.length === PROCESSES * CALLS_EACH;
			const hasFiles = snapshot?.files.length === PROCESSES * FILES_EACH;
			if (!hasCalls || !hasFiles || snapshot.health.records.malformed > 0)
				throw new Error("the model did not take the benchmark's records");
		}
		const figures = perSecond.slice(REFRESHES / 3); // without the warm-up of the compiler
		return [
			{
				what: "decode + apply, records per second",
				ours: median(figures),
				against: null,
				theirs: null,
				unit: "1/s",
				atMostRatio: null,
				atLeast: 5_000_000,
				raw: figures,
			},
		];
	},
};
