/** Memory that the heap no longer needs is returned to the system while a program runs. */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { until } from "../helpers/workload.ts";

const top = join(import.meta.dirname, "../..");
const flags = readFileSync(join(top, "bin/node-flags"), "utf8").trim().split(" ");

/** About 200 MB of objects that get old and die together; then garbage every 5 ms, some of which gets old. */
const programWith = (garbage: number) => `
	import { returnEmptyPages } from ${JSON.stringify(join(top, "src/run/empty-pages.ts"))};
	returnEmptyPages(50);
	let kept = [];
	for (let count = 0; count < 2_000_000; count++) kept.push({ count, more: [count] });
	const most = process.memoryUsage.rss();
	kept = [];
	let old = [];
	setInterval(() => {
		for (let count = 0; count < ${garbage}; count++) old.push({ count, more: [count] });
		if (old.length > 200_000) old = [];
		if (process.memoryUsage.rss() < most - 100 * 2 ** 20) console.log("back");
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
		await until("memory that is given back", () => stdout.startsWith("back\n"));
	} finally {
		child.kill("SIGKILL");
	}
});
