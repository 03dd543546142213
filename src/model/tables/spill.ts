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

const NOTHING = {
	calls: 0,
	errors: 0,
	reads: 0,
	writes: 0,
	readBytes: 0,
	writeBytes: 0,
	diskReadBytes: 0,
	diskWriteBytes: 0,
};

interface Tables {
	readonly processes: ProcessRegistry;
	readonly syscalls: SyscallTable;
	/** Null if the source uses these records for bytes that belong to no file. */
	readonly files: FileTable | null;
}

export function listenToSpills(decoder: Decoder, { processes, syscalls, files }: Tables): void {
	const others = otherProcesses();
	/** As of the last record. */
	const spills = new Map<Process, typeof NOTHING>();
	processes.listen({ evicted: (process) => spills.delete(process) });
	decoder.on(wire.WireType.SPILL, (view, at) => {
		const process = wire.headPid(view, at) === 0 ? others : processes.ofRecord(view, at);
		if (process === null) return;
		const spill = spills.get(process) ?? NOTHING;
		const calls = wire.spillCalls(view, at);
		const errors = wire.spillErrors(view, at);
		const reads = wire.spillReads(view, at);
		const writes = wire.spillWrites(view, at);
		const readBytes = wire.spillReadBytes(view, at);
		const writeBytes = wire.spillWriteBytes(view, at);
		syscalls.addSpilled(process, Math.max(0, calls - spill.calls), Math.max(0, errors - spill.errors));
		// Less than before if the source has found out to which file the bytes belong.
		process.interval.addIo(false, readBytes - spill.readBytes, writeBytes - spill.writeBytes);
		const diskReadBytes = wire.spillDiskReadBytes(view, at);
		const diskWriteBytes = wire.spillDiskWriteBytes(view, at);
		process.diskBytes.add("read", Math.max(0, diskReadBytes - spill.diskReadBytes));
		process.diskBytes.add("write", Math.max(0, diskWriteBytes - spill.diskWriteBytes));
		files?.addUnlisted(process, {
			...NO_COUNTS,
			reads: Math.max(0, reads - spill.reads),
			writes: Math.max(0, writes - spill.writes),
			readBytes: Math.max(0, readBytes - spill.readBytes),
			writeBytes: Math.max(0, writeBytes - spill.writeBytes),
			mappedReadBytes: 0,
		});
		spills.set(process, { calls, errors, reads, writes, readBytes, writeBytes, diskReadBytes, diskWriteBytes });
		processes.dirty.add(process);
	});
}
