/** What a receipt has no room for is counted once each, and reported. */

import { expect, test } from "vitest";
import { Followed } from "../../src/follow/followed.ts";
import { findGaps } from "../../src/follow/gaps.ts";
import { WireHow, WireKind } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";

const root = { pid: 10, start: 5n };
const child = (index: number) => ({ pid: 20 + index, start: 7n });

test("processes, files and links past the bounds are counted once, however often they are met", () => {
	const followed = new Followed([root.pid], { most: { processes: 4, uses: 20, links: 3 } });
	const scenario = new Scenario({}, undefined, followed).process(root, { comm: "eb-root" });
	for (let index = 0; index < 7; index++) scenario.process(child(index), { comm: "eb-child", ppid: root.pid });
	scenario.tick();
	const work = (times: number) => {
		for (let ino = 1; ino <= 17; ino++)
			scenario.io(root, { ino, dev: 8, mode: 0o100600, slot: ino, writes: times, write_bytes: times });
		for (let index = 0; index < 5; index++) {
			const pipe = { kind: WireKind.PIPE, ino: 100 + index, dev: 14, mode: 0o010600 };
			scenario.object(child(index), { ...pipe, fmode: 1, how: WireHow.HELD });
			scenario.object(root, { ...pipe, fmode: 2, slot: 100 + index });
			scenario.io(root, {
				ino: pipe.ino,
				dev: 14,
				mode: pipe.mode,
				slot: 100 + index,
				writes: times,
				write_bytes: times,
			});
		}
		scenario.tick();
	};
	for (let times = 1; times <= 3; times++) work(times);
	expect([followed.lineage.all.size, followed.uses.size, followed.links.size]).toEqual([4, 20, 3]);
	expect([followed.lineage.missed, followed.missed]).toEqual([1 + 7 - 4, 17 + 5 - 20 + (5 - 3)]);
	expect(findGaps(followed, 1)).toContainEqual({
		...{ kind: "full", rule: null, process: null },
		says: "8 more processes, files and links are not listed.",
	});
});
