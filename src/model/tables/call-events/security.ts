/** Events that change a process's rights, or inspect another process. */

import type { PtraceData } from "../../event-data.ts";
import { errorName } from "../../names/errors.ts";
import { WireEvent } from "../../wire/layout.gen.ts";
import type { EventTable } from "../event.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import type { Call, CallHandlers } from "./call.ts";

/** include/uapi/linux/ptrace.h */
const REQUESTS: Readonly<Record<number, PtraceData["request"]>> = { 0: "traceme", 16: "attach", 16902: "seize" };

/** As in task->seccomp.mode. */
const KILLED = 3;

export function securityHandlers(events: EventTable, processes: ProcessRegistry): CallHandlers {
	function mount({ process, timeNs, name: call, names }: Call): void {
		const path = names.at(-1)?.path ?? "?";
		const source = (names.length > 1 && names[0]?.asked) || null;
		const text = `${call} ${source === null ? "" : `${source} on `}${path}`;
		events.add({ timeNs, type: "mount", process, text, data: { call, source, path } });
	}

	function ptrace({ process, timeNs, flags, other }: Call): void {
		const request = REQUESTS[flags];
		if (request === undefined) return;
		const tracedPid = request === "traceme" ? 0 : other;
		const text = request === "traceme" ? "asks to be traced by its parent" : `${request} ${tracedPid}`;
		events.add({ timeNs, type: "ptrace", process, text, data: { request, tracedPid } });
	}

	function loadBpf({ process, timeNs, names, other: programType }: Call): void {
		const name = names[0]?.asked ?? "";
		const text = `program ${name} of type ${programType}`;
		events.add({ timeNs, type: "bpf-load", process, text, data: { name, programType } });
	}

	function setuid({ process, timeNs, name: call, flags: uid, other: gid }: Call): void {
		events.add({ timeNs, type: "setuid", process, text: `${call}: uid ${uid}, gid ${gid}`, data: { call, uid, gid } });
	}

	function capset({ process, timeNs, flags, other }: Call): void {
		const effective = [other, flags].map((word) => word.toString(16).padStart(8, "0")).join("");
		events.add({ timeNs, type: "capset", process, text: `effective ${effective}`, data: { effective } });
	}

	function loadModule({ process, timeNs, names }: Call): void {
		const name = names[0]?.asked ?? "?";
		events.add({ timeNs, type: "module-load", process, text: name, data: { name } });
	}

	function refuse({ process, timeNs, name: call, error: number, flags: mode, other: count }: Call): void {
		process.seccompRefused += count;
		processes.dirty.add(process);
		const error = number === 0 ? null : errorName(number);
		const isKilled = mode === KILLED;
		const text = `${call}: ${isKilled ? "killed" : (error ?? "no error")}`;
		events.add({ timeNs, type: "seccomp-refused", process, text, data: { call, error, isKilled } });
	}

	return {
		[WireEvent.MOUNT]: mount,
		[WireEvent.PTRACE]: ptrace,
		[WireEvent.BPF_LOAD]: loadBpf,
		[WireEvent.SETUID]: setuid,
		[WireEvent.CAPSET]: capset,
		[WireEvent.MODULE_LOAD]: loadModule,
		[WireEvent.SECCOMP_REFUSED]: refuse,
	};
}
