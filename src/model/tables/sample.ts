/** The calls in which a source that cannot count calls found processes: one row each, marked as sampled. */

import type { SyscallNames } from "../names/syscalls.ts";
import type { SyscallRow } from "../snapshot.ts";
import { NO_ROW, RowList } from "../stats/row-list.ts";
import type { Decoder } from "../wire/decode.ts";
import * as wire from "../wire/layout.gen.ts";
import type { Process } from "./process/process.ts";
import type { ProcessRegistry } from "./process/registry.ts";

class Sample {
	rowIndex = NO_ROW;
}

export class SampleTable {
	readonly #names: SyscallNames;
	readonly #samples = new Map<Process, Sample>();
	readonly #rows = new RowList<SyscallRow>();

	constructor(decoder: Decoder, processes: ProcessRegistry, names: SyscallNames) {
		this.#names = names;
		decoder.on(wire.WireType.SAMPLE, (view, at) => {
			const process = processes.ofRecord(view, at);
			if (process !== null && process.exit === null) this.#apply(process, view, at);
		});
		processes.listen({ exited: (process) => this.#remove(process), evicted: (process) => this.#remove(process) });
	}

	tick(): readonly SyscallRow[] {
		return this.#rows.publish();
	}

	#apply(process: Process, view: DataView, at: number): void {
		const nr = wire.sampleNr(view, at);
		if (nr === wire.WIRE_NO_CALL) {
			this.#remove(process);
			return;
		}
		const sample = this.#samples.get(process) ?? new Sample();
		this.#samples.set(process, sample);
		const isCompat = wire.sampleAbi(view, at) === wire.WireAbi.COMPAT;
		const name = isCompat ? this.#names.compat(nr) : this.#names.native(nr);
		this.#rows.put(sample, {
			pid: process.pid,
			comm: process.comm,
			nr,
			name: `${name} (sampled)`,
			count: wire.sampleLooks(view, at),
			rate: 0,
			errors: 0,
			errorRate: 0,
			latency: null,
		});
	}

	#remove(process: Process): void {
		const sample = this.#samples.get(process);
		if (sample === undefined) return;
		this.#rows.remove(sample);
		this.#samples.delete(process);
	}
}
