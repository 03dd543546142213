/**
 * Counts that found no room in the kernel's tables: shown in the rows `other` of their process, for calls and for
 * files. Counts that found no room even in the spill are in the rows of a process `other` without a pid.
 */

import type { Decoder } from "../wire/decode.ts";
import * as wire from "../wire/layout.gen.ts";
import type { FileTable } from "./file.ts";
import { NO_COUNTS } from "./file-counts.ts";
import { otherProcesses } from "./process/others.ts";
import type { Process } from "./process/process.ts";
import type { ProcessRegistry } from "./process/registry.ts";
import type { SyscallTable } from "./syscall.ts";

const READERS = {
	calls: wire.spillCalls,
	errors: wire.spillErrors,
	reads: wire.spillReads,
	writes: wire.spillWrites,
	readBytes: wire.spillReadBytes,
	writeBytes: wire.spillWriteBytes,
	diskReadBytes: wire.spillDiskReadBytes,
	diskWriteBytes: wire.spillDiskWriteBytes,
};
type Counts = Record<keyof typeof READERS, number>;

const readCounts = (view: DataView, at: number): Counts =>
	Object.fromEntries(Object.entries(READERS).map(([name, read]) => [name, read(view, at)])) as Counts;
const NOTHING = readCounts(new DataView(new ArrayBuffer(wire.WIRE_SIZES.wire_spill)), 0);

interface Tables {
	readonly processes: ProcessRegistry;
	readonly syscalls: SyscallTable;
	/** Null if the source uses these records for bytes that belong to no file. */
	readonly files: FileTable | null;
}

export function listenToSpills(decoder: Decoder, { processes, syscalls, files }: Tables): void {
	const others = otherProcesses();
	/** As of the last record. */
	const spills = new Map<Process, Counts>();
	processes.listen({ evicted: (process) => spills.delete(process) });
	decoder.on(wire.WireType.SPILL, (view, at) => {
		const process = wire.headPid(view, at) === 0 ? others : processes.ofRecord(view, at);
		if (process === null) return;
		const before = spills.get(process) ?? NOTHING;
		const now = readCounts(view, at);
		spills.set(process, now);
		// Less than before if the source has found out to which file the bytes belong.
		process.interval.addIo(false, now.readBytes - before.readBytes, now.writeBytes - before.writeBytes);
		const grown = { ...now };
		for (const name of Object.keys(grown) as (keyof Counts)[]) grown[name] = Math.max(0, grown[name] - before[name]);
		syscalls.addSpilled(process, grown.calls, grown.errors);
		process.diskBytes.add("read", grown.diskReadBytes);
		process.diskBytes.add("write", grown.diskWriteBytes);
		files?.addUnlisted(process, { ...NO_COUNTS, ...grown });
		processes.dirty.add(process);
	});
}
