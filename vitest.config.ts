import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { INK_OUTPUT, inkOutputPath } from "./scripts/setup/ink-output.mjs";
import { patienceMs } from "./test/helpers/circumstances.ts";
import { inkTableAsModule } from "./test/helpers/ink-table-esm.ts";

// Kernel tests run one after another: many hold a session for the whole machine, and would wait for each other's. They share
// a process, since a new one for each file takes as long as a session.
const kernel = "test/kernel/**/*.test.{ts,tsx}";

// Beside them, one after another too, run those that bear the floods and full tables of others: their sessions only watch
// processes of their own, or are the program's and nothing is expected of its losses.
const narrow =
	"test/kernel/{event-*,filter,follow*,hosts,lockdown,lookups,program,seccomp-profile,serve,title}.test.ts";

// What looks at code alone and leaves nothing behind: its files share processes, since to load the modules for each file
// takes longer than most of these tests.
const code = "test/{config,follow,history,metrics,model,profile,ui,wire}/**/*.test.{ts,tsx}";

// These timeouts are for hangs: a wait of a test itself fails earlier, with a message.
const limits = { testTimeout: 2 * patienceMs, hookTimeout: 2 * patienceMs };

const parallel = {
	server: { deps: { inline: ["ink-table"] } },
	maxWorkers: availableParallelism() + 1, // many of them wait for a program
	restoreMocks: true,
	...limits,
	sequence: { groupOrder: 0 },
};
const serial = {
	setupFiles: "test/kernel/hooks.ts",
	fileParallelism: false,
	isolate: false,
	maxConcurrency: availableParallelism(), // of tests that say that they bear it
	...limits,
};
const ink = { plugins: [inkTableAsModule()], resolve: { alias: { [INK_OUTPUT]: inkOutputPath() } } };

export default defineConfig({
	test: {
		projects: [
			{ ...ink, test: { ...parallel, name: "code", include: [code], isolate: false } },
			{
				...ink,
				test: {
					...parallel,
					name: "programs",
					include: ["test/**/*.test.{ts,tsx}"],
					exclude: [kernel, code],
				},
			},
			{
				test: {
					...serial,
					name: "kernel",
					include: [kernel],
					exclude: [narrow],
					sequence: { groupOrder: 1 },
				},
			},
			{ test: { ...serial, name: "kernel-narrow", include: [narrow], sequence: { groupOrder: 2 } } },
		],
	},
});
