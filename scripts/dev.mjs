/**
 * `npm run dev`: bundles after each change of a source and restarts the program, without compiled code. Arguments after
 * `--` go to the program; without any the demo plays. Quitting the program ends the loop.
 */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { programOptions } from "./setup/bundle.mjs";
import { buildAddon } from "./setup/native-build.mjs";
import { top } from "./setup/paths.mjs";

const words = process.argv.slice(2);
let running = null;
let isRestarting = false;

function start() {
	running = spawn(join(top, "bin", "ebtop"), words.length > 0 ? words : ["--demo"], { stdio: "inherit" });
	running.on("exit", (status) => {
		running = null;
		if (!isRestarting) process.exit(status ?? 1);
		isRestarting = false;
		start();
	});
}

const restart = {
	name: "restart",
	setup(build) {
		build.onEnd(({ errors }) => {
			if (errors.length > 0) return; // esbuild has said why; the running program continues
			if (running === null) return start();
			isRestarting = true;
			running.kill("SIGTERM");
		});
	},
};

await buildAddon();
// Both belong to the bundle that is about to be replaced.
for (const stale of ["ebtop.code", "ebtop.js.made-of"]) rmSync(join(top, "dist", stale), { force: true });
const options = programOptions();
const context = await esbuild.context({ ...options, plugins: [...options.plugins, restart] });
await context.watch();
process.on("SIGINT", () => {}); // the program has the terminal, and ends by itself
