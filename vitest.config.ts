import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { INK_OUTPUT, inkOutputPath } from "./scripts/setup/ink-output.mjs";
import { patienceMs } from "./test/helpers/circumstances.ts";
import { inkTableAsModule } from "./test/helpers/ink-table-esm.ts";

// Kernel tests count what the whole machine does, so they run one after another, after everything else.
const serial = ["test/kernel/**/*.test.{ts,tsx}"];

// Time-outs are for what hangs: what a test itself waits for in vain says so first.
const limits = { testTimeout: 2 * patienceMs, hookTimeout: 2 * patienceMs };

export default defineConfig({
	test: {
		projects: [
			{
				plugins: [inkTableAsModule()],
				resolve: { alias: { [INK_OUTPUT]: inkOutputPath() } },
				test: {
					server: { deps: { inline: ["ink-table"] } },
					name: "unit",
					include: ["test/**/*.test.{ts,tsx}"],
					exclude: serial,
					maxWorkers: availableParallelism() + 1, // many of them wait for a program
					...limits,
					sequence: { groupOrder: 0 },
				},
			},
			{
				test: {
					name: "kernel",
					include: serial,
					fileParallelism: false,
					...limits,
					sequence: { groupOrder: 1 },
				},
			},
		],
	},
});
