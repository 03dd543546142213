/** Memory that the heap no longer needs is returned to the system while a program runs. */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { until } from "../helpers/workload.ts";

const top = join(import.meta.dirname, "../..");
const flags = readFileSync(join(top, "bin/node-flags"), "utf8").trim().split(" ");

/** About 200 MB of objects that get old and die together; then garbage 500 times, every 5 ms. */
const programWith = (garbage: number) => `
	import { returnEmptyPages } from ${JSON.stringify(join(top, "src/run/empty-pages.ts"))};
	returnEmptyPages(50);
	let kept = [];
	for (let count = 0; count < 2_000_000; count++) kept.push({ count, more: [count] });
	const most = process.memoryUsage.rss();
	kept = [];
	let old = [];
	let turns = 0;
	setInterval(() => {
		if (++turns > 500) return;
		for (let count = 0; count < ${garbage}; count++) old.push({ count, more: [count] });
		if (old.length > ${10 * garbage}) old = [];
		if (process.memoryUsage.rss() < most - 100 * 2 ** 20) console.log("back");
		else if (turns === 500) console.log("kept");
	}, 5);
`;

test.each([
	["pages that a collection has emptied", 20_000],
	["what a flood has left, where little is allocated after it", 100],
])("%s: given back", async (_, garbage) => {
	const child = spawn(process.execPath, [...flags, "--input-type=module", "-e", programWith(garbage)], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	let stdout = "";
	child.stdout.on("data", (bytes) => {
		stdout += bytes;
	});
	try {
		await until("memory that is given back", () => stdout !== "");
		expect(stdout).toMatch(/^back\n/);
	} finally {
		child.kill("SIGKILL");
	}
});
