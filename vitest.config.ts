import { defineConfig } from "vitest/config";
import { INK_OUTPUT, inkOutputPath } from "./scripts/setup/ink-output.mjs";
import { slowness } from "./test/helpers/circumstances.ts";
import { inkTableAsModule } from "./test/helpers/ink-table-esm.ts";

// Kernel tests count what the whole machine does, so they run one after another, after everything else.
const serial = ["test/kernel/**/*.test.{ts,tsx}"];

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
					testTimeout: 20_000 * slowness,
					sequence: { groupOrder: 0 },
				},
			},
			{
				test: {
					name: "kernel",
					include: serial,
					fileParallelism: false,
					testTimeout: 60_000 * slowness,
					hookTimeout: 60_000 * slowness,
					sequence: { groupOrder: 1 },
				},
			},
		],
	},
});
