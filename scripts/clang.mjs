/**
 * The C and C++ of bpf/ and native/: `format` rewrites them by .clang-format (`--check` says what it would rewrite), `tidy`
 * has clang-tidy look through them by .clang-tidy. Tidying is no part of `npm run check`, since it takes minutes; it needs
 * a build, whose compile commands it follows.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { filesUnder } from "./setup/fingerprint.mjs";
import { environment, top } from "./setup/paths.mjs";

/** Gives the exit status of the program. */
function start(program, args) {
	const { status, error } = spawnSync(program, args, { cwd: top, env: environment, stdio: "inherit" });
	if (error) process.stderr.write(`${program} could not be run: ${error.message}\n`);
	return status ?? 1;
}

function format(isCheck) {
	const files = ["bpf", "native"].flatMap(filesUnder).filter((file) => /(?<!\.gen)\.(c|cpp|h)$/.test(file));
	return start("clang-format", [...(isCheck ? ["--dry-run", "-Werror"] : ["-i"]), ...files]);
}

/** The build's commands for the addon, without what is for g++ alone, its precompiled header; and for the BPF programs. */
function writeCompileCommands(folder) {
	const build = join(top, "build");
	const addon = JSON.parse(readFileSync(join(build, "compile_commands.json"), "utf8"))
		.filter(({ file }) => file.startsWith(join(top, "native")))
		.map((each) => ({ ...each, command: each.command.replace(/-Winvalid-pch|-include \S+cmake_pch\S+/g, "") }));
	const file = join(build, "bpf", "unit.c");
	const flags = readFileSync(join(build, "bpf", "flags"), "utf8");
	const bpf = { directory: build, file, command: `clang ${flags} -c ${file}` };
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "compile_commands.json"), JSON.stringify([...addon, bpf]));
}

function tidy() {
	const folder = join(top, "build", "tidy");
	writeCompileCommands(folder);
	return start("run-clang-tidy", ["-quiet", "-j", String(availableParallelism()), "-p", folder]);
}

const [order, option] = process.argv.slice(2);
if (order === "format") process.exitCode = format(option === "--check");
else if (order === "tidy") process.exitCode = tidy();
else throw new Error("It takes format or tidy.");
