// `npm run pack:all -- DIR [--quick]`: packages for machines without a compiler, and their SHA256SUMS. Builds are
// reproducible. `--quick` does not compress, for tests.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { archive } from "./pack/archive.mjs";
import { debian } from "./pack/debian.mjs";
import { npmPackages } from "./pack/npm.mjs";
import { copyProgram } from "./pack/program.mjs";
import { sbom } from "./pack/sbom.mjs";
import { top } from "./setup/paths.mjs";
import { run, SetupError } from "./setup/report.mjs";

/** The time of the commit in seconds since 1970, or SOURCE_DATE_EPOCH (see reproducible-builds.org). */
async function timeOfSources() {
	const given = process.env.SOURCE_DATE_EPOCH ?? "";
	if (/^\d+$/.test(given)) return given;
	const failure = "The time of the commit is not known: set SOURCE_DATE_EPOCH.";
	return (await run("git", ["-C", top, "log", "-1", "--format=%ct"], failure)).trim();
}

/** One folder, `ebtop-VERSION`, that runs wherever it is unpacked. */
async function tarball(into, work, about) {
	const name = `ebtop-${about.version}`;
	copyProgram(join(work, name), true);
	return [await archive(join(into, `${name}-linux-${about.arch}.tar.gz`), work, name, about)];
}

/** package.json, the tags of the commit and the first heading of the CHANGELOG must name the same version. */
function checkVersion(version) {
	const [, newest] = /^## (\S+?),?( |$)/m.exec(readFileSync(join(top, "CHANGELOG.md"), "utf8")) ?? [];
	if (newest !== version)
		throw new SetupError(`package.json says version ${version}, CHANGELOG.md ${newest}: make them agree.`);
	const tags = spawnSync("git", ["-C", top, "tag", "--points-at", "HEAD"], { encoding: "utf8" }).stdout ?? "";
	const others = tags.split("\n").filter((tag) => /^v\d/.test(tag) && tag !== `v${version}`);
	if (others.length > 0) throw new SetupError(`This commit has the tag ${others[0]}, package.json says ${version}.`);
}

async function packAll(folder, isQuick) {
	const { version, description, license } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
	checkVersion(version);
	const about = { version, description, license, arch: process.arch, time: await timeOfSources(), isQuick };
	const work = mkdtempSync(join(tmpdir(), "ebtop-pack-"));
	try {
		mkdirSync(folder, { recursive: true });
		const made = [];
		for (const make of [npmPackages, tarball, debian, sbom]) made.push(...(await make(folder, work, about)));
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
	await packAll(resolve(folder), options.includes("--quick"));
} catch (error) {
	if (!(error instanceof SetupError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
