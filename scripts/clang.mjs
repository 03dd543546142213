/**
 * The C and C++ of bpf/ and native/: `format` rewrites them with .clang-format (`--check` only reports), `tidy` runs
 * clang-tidy over them with .clang-tidy. All files take minutes, so a clean file is skipped until it, a header that it
 * includes, or .clang-tidy has changed: build/tidy/ has a hash of each. So `--check`, a part of `npm run check`, takes
 * seconds: it checks a few changed files, and none before the first `npm run tidy`. It needs a build, whose compile
 * commands and lists of headers it uses.
 */
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { filesUnder, fingerprint } from "./setup/fingerprint.mjs";
import { environment, top } from "./setup/paths.mjs";

/** Returns the exit status of the program. */
function start(program, args) {
	const { status, error } = spawnSync(program, args, { cwd: top, env: environment, stdio: "inherit" });
	if (error) process.stderr.write(`${program} could not be run: ${error.message}\n`);
	return status ?? 1;
}

function format(isCheck) {
	const files = ["bpf", "native"].flatMap(filesUnder).filter((file) => /(?<!\.gen)\.(c|cpp|h)$/.test(file));
	return start("clang-format", [...(isCheck ? ["--dry-run", "-Werror"] : ["-i"]), ...files]);
}

const build = join(top, "build");
const folder = join(build, "tidy");

/** The build's compile commands: for the addon, without g++'s precompiled header, and for the BPF programs. */
function compileCommands() {
	const built = JSON.parse(readFileSync(join(build, "compile_commands.json"), "utf8"));
	const joined = built.find(({ file }) => file.includes("/Unity/")); // the first build of a folder (EBTOP_UNITY)
	const parts = joined ? filesUnder("native").filter((file) => file.endsWith(".cpp")) : [];
	const alone = (file) => ({
		...joined,
		file: join(top, file),
		command: joined.command.replace(joined.file, join(top, file)),
	});
	const addon = [...built, ...parts.map(alone)]
		.filter(({ file }) => file.startsWith(join(top, "native")))
		.map((each) => ({ ...each, command: each.command.replace(/-Winvalid-pch|-include \S+cmake_pch\S+/g, "") }));
	const file = join(build, "bpf", "unit.c");
	const flags = readFileSync(join(build, "bpf", "flags"), "utf8");
	return [...addon, { directory: build, file, command: `clang ${flags} -c ${file}` }];
}

/** Files of the checkout that a unit includes, as listed by the compiler; all BPF programs are one unit. */
function includedBy({ file }) {
	const said = join(build, "CMakeFiles", "ebtop.dir", `${file.slice(top.length + 1)}.o.d`);
	if (!existsSync(said)) return (file.startsWith(build) ? ["bpf"] : ["bpf", "native"]).flatMap(filesUnder);
	const paths = readFileSync(said, "utf8").split(/[\s\\]+/);
	return ["bpf", "native"].flatMap((name) => paths.filter((path) => path.startsWith(join(top, name, "/"))));
}

function hashOf(unit) {
	const files = [".clang-tidy", ...includedBy(unit).map((path) => path.replace(`${top}/`, ""))];
	return createHash("sha256").update(unit.command).update(fingerprint(files)).digest("hex");
}

/** Whether the file is clean; prints the output of clang-tidy. */
function isClean({ file }) {
	const options = { cwd: top, env: environment, maxBuffer: 64 << 20 };
	return new Promise((resolve) =>
		execFile("clang-tidy", ["-quiet", "-p", folder, file], options, (error, stdout, stderr) => {
			if (error) process.stdout.write(stdout || `clang-tidy could not be run: ${stderr || error.message}\n`);
			resolve(error === null);
		}),
	);
}

/** At most this many files are checked; after a change of a header that all include, use `npm run tidy`. */
const MOST_IN_CHECK = 6;

/** `isCheck`: only if it ran before, and only a few files. */
async function tidy(isCheck) {
	const note = join(folder, "clean.json");
	if (isCheck && !existsSync(note)) return 0;
	const units = compileCommands();
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "compile_commands.json"), JSON.stringify(units));
	const clean = existsSync(note) ? JSON.parse(readFileSync(note, "utf8")) : {};
	const waiting = units
		.map((unit) => ({ ...unit, hash: hashOf(unit) }))
		.filter(({ file, hash }) => clean[file] !== hash);
	if (isCheck && waiting.length > MOST_IN_CHECK) {
		process.stdout.write(`${waiting.length} files wait for npm run tidy\n`);
		return 0;
	}
	let unclean = 0;
	const work = async () => {
		for (let unit = waiting.shift(); unit; unit = waiting.shift()) {
			if (await isClean(unit)) clean[unit.file] = unit.hash;
			else unclean++;
			writeFileSync(note, JSON.stringify(clean));
		}
	};
	await Promise.all(Array.from({ length: availableParallelism() }, work));
	return unclean > 0 ? 1 : 0;
}

const [order, option] = process.argv.slice(2);
if (order === "format") process.exitCode = format(option === "--check");
else if (order === "tidy") process.exitCode = await tidy(option === "--check");
else throw new Error("It takes format or tidy.");
