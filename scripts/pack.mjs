// `npm run pack:all -- DIR [--quick]`: packages for machines without a compiler, and their SHA256SUMS. Builds are
// reproducible: names in order, one time and one owner for all files. `--quick` does not compress, for tests.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { debian } from "./pack/debian.mjs";
import { copyProgram } from "./pack/program.mjs";
import { environment, top } from "./setup/paths.mjs";
import { run, SetupError } from "./setup/report.mjs";

/** The time of the commit in seconds since 1970, or SOURCE_DATE_EPOCH (see reproducible-builds.org). */
function timeOfSources() {
	const given = process.env.SOURCE_DATE_EPOCH ?? "";
	if (/^\d+$/.test(given)) return given;
	return run(
		"git",
		["-C", top, "log", "-1", "--format=%ct"],
		"The time of the commit is not known: set SOURCE_DATE_EPOCH.",
	).trim();
}

/** One folder, `ebtop-VERSION`, that runs wherever it is unpacked. */
function tarball(into, work, { version, arch, time, isQuick }) {
	const name = `ebtop-${version}`;
	copyProgram(join(work, name), true);
	const path = join(into, `${name}-linux-${arch}.tar.gz`);
	const order = ["--sort=name", "--format=gnu", "--owner=0", "--group=0", "--numeric-owner", `--mtime=@${time}`];
	const tar = join(work, `${name}.tar`);
	run("tar", ["-C", work, ...order, "-cf", tar, name], "tar failed.", { env: environment });
	writeFileSync(path, gzipSync(readFileSync(tar), { level: isQuick ? 0 : 9 }));
	return path;
}

function packAll(folder, isQuick) {
	const { version, description } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
	const about = { version, description, arch: process.arch, time: timeOfSources(), isQuick };
	const work = mkdtempSync(join(tmpdir(), "ebtop-pack-"));
	try {
		mkdirSync(folder, { recursive: true });
		const made = [tarball, debian].map((make) => make(folder, work, about));
		const sums = made.map(
			(path) => `${createHash("sha256").update(readFileSync(path)).digest("hex")}  ${basename(path)}\n`,
		);
		writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
		for (const path of [...made, join(folder, "SHA256SUMS")]) process.stdout.write(`${path}\n`);
	} finally {
		rmSync(work, { recursive: true });
	}
}

const [folder, ...options] = process.argv.slice(2);
try {
	if (folder === undefined || folder.startsWith("-") || options.some((option) => option !== "--quick")) {
		throw new SetupError("Say into which folder: npm run pack:all -- DIR [--quick]");
	}
	packAll(resolve(folder), options.includes("--quick"));
} catch (error) {
	if (!(error instanceof SetupError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
