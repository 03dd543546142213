/** The out-of-memory killer: its victim, the process whose allocation failed, and the limit that was hit. */

import type { OomKillData } from "../../event-data.ts";
import { formatProcess } from "../../names/processes.ts";
import type { Decoder } from "../../wire/decode.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { EventTable } from "../event.ts";
import type { Names } from "./names.ts";
import type { ProcessRegistry } from "./registry.ts";

export function listenToOomKiller(
	decoder: Decoder,
	processes: ProcessRegistry,
	events: EventTable,
	names: Names,
): void {
	decoder.on(wire.WireType.OOM, (view, at) => {
		const process = processes.ofRecord(view, at);
		if (process === null) return;
		process.wasOomKilled = true;
		const data = oomData(view, at, names);
		events.add({ timeNs: wire.headTime(view, at), type: "oom-kill", process, text: textOf(data), data });
	});
}

function oomData(view: DataView, at: number, names: Names): OomKillData {
	const rssBytes = wire.oomRssBytes(view, at) || null;
	const [low, high] = [wire.oomCgroupLow(view, at), wire.oomCgroupHigh(view, at)];
	return {
		triggerPid: wire.oomTriggerPid(view, at),
		triggerComm: wire.oomTriggerComm(view, at),
		rssBytes,
		virtualBytes: wire.oomVirtualBytes(view, at) || null,
		scoreAdjust: rssBytes === null ? null : wire.oomScoreAdjust(view, at),
		cgroup:
			low === 0 && high === 0
				? null
				: {
						path: names.cgroupPath(low, high),
						limitBytes: wire.oomLimitBytes(view, at),
						usageBytes: wire.oomUsageBytes(view, at),
					},
	};
}

function textOf({ triggerPid, triggerComm, cgroup }: OomKillData): string {
	const limit = cgroup === null ? "" : ` in ${cgroup.path ?? "a cgroup"} (limit ${cgroup.limitBytes} bytes)`;
	return `out of memory${limit}, triggered by ${formatProcess({ pid: triggerPid, comm: triggerComm })}`;
}
