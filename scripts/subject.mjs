// The subject of the last commit: its area, a colon, and at most 72 characters in all. Nothing where there is no git.
import { spawnSync } from "node:child_process";
import { top } from "./setup/paths.mjs";

const MOST = 72;
const subject = spawnSync("git", ["log", "-1", "--format=%s"], { cwd: top, encoding: "utf8" }).stdout?.trim() ?? "";
if (subject.length > MOST || (subject !== "" && !/^[^:]+: \S/.test(subject))) {
	process.stdout.write(`"${subject}" has ${subject.length} characters; "area: …" with at most ${MOST} is wanted.\n`);
	process.exitCode = 1;
}
