import { defineConfig } from "vitest/config";

// Kernel tests count what the whole machine does, so they run one after another, after everything else.
const serial = ["test/kernel/**/*.test.{ts,tsx}"];

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: "unit",
					include: ["test/**/*.test.{ts,tsx}"],
					exclude: serial,
					testTimeout: 20_000,
					sequence: { groupOrder: 0 },
				},
			},
			{
				test: {
					name: "kernel",
					include: serial,
					fileParallelism: false,
					testTimeout: 60_000,
					hookTimeout: 60_000,
					sequence: { groupOrder: 1 },
				},
			},
		],
	},
});
