/** What found no room in the kernel's tables: it counts for its process, without a system call or a file. */

import type { Decoder } from "../wire/decode.ts";
import * as wire from "../wire/layout.gen.ts";
import type { ProcessRegistry } from "./process/registry.ts";
import type { SyscallTable } from "./syscall.ts";

export function listenToSpills(decoder: Decoder, processes: ProcessRegistry, syscalls: SyscallTable): void {
	decoder.on(wire.WireType.SPILL, (view, at) => {
		const process = processes.ofRecord(view, at);
		if (process === null) return;
		process.spill ??= { calls: 0, errors: 0, readBytes: 0, writeBytes: 0 };
		const { spill } = process;
		const calls = wire.spillCalls(view, at);
		const errors = wire.spillErrors(view, at);
		const readBytes = wire.spillReadBytes(view, at);
		const writeBytes = wire.spillWriteBytes(view, at);
		syscalls.addSpilled(process, Math.max(0, calls - spill.calls), Math.max(0, errors - spill.errors));
		// Less than before where a source has found out since which file the bytes belong to.
		process.readBytes += readBytes - spill.readBytes;
		process.writeBytes += writeBytes - spill.writeBytes;
		process.spill = { calls, errors, readBytes, writeBytes };
		processes.dirty.add(process);
	});
}
