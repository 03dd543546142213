/** What the heap has shrunk by goes back to the system, while a program goes on. */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { until } from "../helpers/workload.ts";

const top = join(import.meta.dirname, "../..");
const flags = readFileSync(join(top, "bin/node-flags"), "utf8").trim().split(" ");

/** Objects that get old and die together, some 200 MB; then a little garbage, as refreshes make it, for as long as it runs. */
const program = `
	import { giveEmptyPagesBack } from ${JSON.stringify(join(top, "src/empty-pages.ts"))};
	giveEmptyPagesBack(50);
	let kept = [];
	for (let count = 0; count < 2_000_000; count++) kept.push({ count, more: [count] });
	const most = process.memoryUsage.rss();
	kept = [];
	let old = [];
	setInterval(() => {
		for (let count = 0; count < 20_000; count++) old.push({ count, more: [count] });
		if (old.length > 200_000) old = [];
		if (process.memoryUsage.rss() < most - 100 * 2 ** 20) console.log("back");
	}, 5);
`;

test("pages that a collection has emptied are given back", async () => {
	const child = spawn(process.execPath, [...flags, "--input-type=module", "-e", program], {
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
