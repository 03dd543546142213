// From the start to the first full frame, against an Ink program that draws one line on the same Node.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { bundleOptions } from "../../../scripts/setup/bundle.mjs";
import { ebtop } from "../observer.ts";
import type { Case } from "../result.ts";
import { interleave, median } from "../statistics.ts";
import { inTerminal } from "../terminal.ts";

const ROUNDS = 9;
/** Of the line that only a snapshot fills, of the first pane, and of the last line of the screen. */
const FULL_FRAME = [" lost", "CALL/s", "Quit"];

const time = (command: readonly string[], texts: readonly string[]) =>
	inTerminal(command, (terminal) => terminal.drawn(...texts));

export const firstFrame: Case = {
	name: "first-frame",
	async run() {
		const folder = mkdtempSync(join(tmpdir(), "eb-bench-"));
		const oneLine = join(folder, "one-line.mjs");
		const source = fileURLToPath(new URL("../load/one-line.tsx", import.meta.url));
		await esbuild.build({ ...bundleOptions(), entryPoints: [source], outfile: oneLine });
		execFileSync(ebtop, ["--version"]); // warms the page cache for both programs
		const rounds = await interleave(ROUNDS, ["ebtop", "oneLine"], (variant) =>
			variant === "ebtop"
				? time([ebtop], FULL_FRAME)
				: time([process.execPath, "--max-semi-space-size=8", oneLine], ["one line"]),
		);
		rmSync(folder, { recursive: true });
		return [
			{
				what: "start to first full frame",
				ours: median(rounds.map((round) => round.ebtop)),
				against: "Ink, one line",
				theirs: median(rounds.map((round) => round.oneLine)),
				unit: "ms",
				atMostRatio: 1.6,
				raw: rounds,
			},
		];
	},
};
