// How own CPU and memory grow with processes, open files, connections and threads, drawn as pictures. All of these are idle, but
// for threads, which make 100 calls a second each. Only these are watched, so that other programs do not count. More CPUs need a
// guest, and are not measured.
import { setTimeout as sleep } from "node:timers/promises";
import { cpuMs, memoryIn } from "../../helpers/proc-usage.ts";
import { compile, startLoad } from "../load.ts";
import { ebtop } from "../observer.ts";
import { drawGrowth, type Point, savePicture } from "../picture.ts";
import type { Case, Result } from "../result.ts";
import { inTerminal } from "../terminal.ts";

const WARM_MS = 20_000;
/** The first refreshes after a step read what is new. */
const SETTLE_MS = 4000;
const REFRESHES = 10;

interface Growing {
	readonly what: string;
	/** The name of the processes that are watched. */
	readonly comm: string;
	readonly counts: readonly number[];
	start(count: number): Promise<() => Promise<void>>;
}

const held = (kind: string) => (count: number) => startLoad(compile("holder"), [kind, String(count)]);

const growing: readonly Growing[] = [
	{
		what: "processes",
		comm: "eb-crowd",
		counts: [100, 300, 1000, 3000, 10_000],
		start: (count) => startLoad(compile("crowd"), [String(count)]),
	},
	{ what: "open files", comm: "eb-holder", counts: [1000, 3000, 10_000, 25_000, 50_000], start: held("files") },
	{ what: "connections", comm: "eb-holder", counts: [100, 300, 1000, 3000, 10_000], start: held("connections") },
	{ what: "threads", comm: "eb-holder", counts: [1, 4, 16, 32, 64], start: held("threads") },
];

/** One program sees all steps, as it would on a machine that fills. */
function grow({ comm, counts, start }: Growing): Promise<Point[]> {
	return inTerminal([ebtop, "--comm", comm, "--delay", "1"], async (terminal) => {
		const points: Point[] = [];
		const loads: (() => Promise<void>)[] = [];
		await sleep(WARM_MS);
		const pid = terminal.pidOfProgram();
		try {
			let before = 0;
			for (const count of counts) {
				loads.push(await start(count - before));
				before = count;
				await sleep(SETTLE_MS);
				terminal.forget();
				const beganMs = cpuMs(pid);
				await sleep(REFRESHES * 1000);
				points.push({ count, cpuMs: (cpuMs(pid) - beganMs) / REFRESHES, mb: memoryIn(`/proc/${pid}/status`)("VmRSS") });
			}
		} finally {
			for (const stop of loads) await stop();
		}
		return points;
	});
}

export const growth: Case = {
	name: "growth",
	async run() {
		const results: Result[] = [];
		for (const each of growing) {
			const points = await grow(each);
			savePicture(`growth-${each.what.replaceAll(" ", "-")}`, drawGrowth(each.what, points));
			const last = points.at(-1) as Point;
			results.push({
				what: `own CPU per refresh, ${last.count.toLocaleString("en")} ${each.what}`,
				ours: last.cpuMs,
				against: `${points[0]?.count.toLocaleString("en")} ${each.what}`,
				theirs: points[0]?.cpuMs ?? null,
				unit: "ms",
				atMostRatio: null,
				raw: points,
			});
		}
		return results;
	},
};
