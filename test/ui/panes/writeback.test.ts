/** What the details say about things that the kernel tells only in part. */

import { expect, test } from "vitest";
import type { DiskRow } from "../../../src/model/snapshot.ts";
import { latencyHistogram, noTimes } from "../../../src/model/stats/histogram.ts";
import { diskDetails } from "../../../src/panes/disk/details.ts";
import { eventDetails } from "../../../src/panes/events/details.ts";
import type { Block } from "../../../src/panes/pane.ts";
import { anEvent, aProcess, aSnapshot } from "../../helpers/snapshots.ts";

const pairsOf = (blocks: readonly Block[]) =>
	Object.fromEntries(blocks.flatMap((block) => (block.kind === "pairs" ? block.pairs : [])));

const times = latencyHistogram(noTimes(), 0);
const disk = (over: Partial<DiskRow>): DiskRow => ({
	...{ pid: 7, comm: "kworker/0:1", device: "254:0", name: "vda", operation: "write", cgroup: null, dirtier: null },
	...{ count: 3, bytes: 4096, rate: 0, queued: times, served: times },
	...over,
});

test("for whom a kernel thread writes, or why that is not known; others write for themselves", () => {
	const kernel = aProcess({ pid: 7, ppid: 2, comm: "kworker/0:1", exe: null, args: [] });
	const user = aProcess({ pid: 8, ppid: 1, comm: "eb-dd", exe: "/bin/dd", args: ["dd"] });
	const snapshot = aSnapshot({ processes: [kernel, user] });
	const writtenFor = (over: Partial<DiskRow>) => pairsOf(diskDetails(disk(over), snapshot))["written for"];
	expect(writtenFor({ cgroup: "/eb" })).toBe("/eb");
	expect(writtenFor({})).toContain("not known: the file system itself");
	expect(writtenFor({ dirtier: { pid: 8, comm: "eb-dd" } })).toBe("~eb-dd 8, the last that wrote to the file");
	expect(writtenFor({ operation: "read" })).toBeUndefined();
	expect(writtenFor({ pid: 8, comm: "eb-dd" })).toBeUndefined();
});

test("the details of an event write out an object", () => {
	const data = {
		...{ triggerPid: 9, triggerComm: "eb-hog", rssBytes: 1, virtualBytes: 2, scoreAdjust: 0 },
		cgroup: { path: "/eb", limitBytes: 8192, usageBytes: 4096 },
	};
	const pairs = pairsOf(eventDetails(anEvent({ type: "oom-kill", data }), aSnapshot()));
	expect(pairs.cgroup).toBe("path /eb, limit bytes 8192, usage bytes 4096");
});
