// Installs the npm packages exactly as in the lockfile. None of them needs an install script.
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environment, findProgram, privateNode, top } from "./paths.mjs";
import { run, SetupError, say } from "./report.mjs";

const packagesOf = (lockfile) => JSON.parse(readFileSync(lockfile, "utf8")).packages;

/** True if node_modules has every package of the lockfile in its version; optional ones are for other machines. */
function isInstalled() {
	const installedLockfile = join(top, "node_modules", ".package-lock.json");
	if (!existsSync(installedLockfile) || !existsSync(privateNode)) return false;
	const installed = packagesOf(installedLockfile);
	return Object.entries(packagesOf(join(top, "package-lock.json"))).every(
		([path, wanted]) => path === "" || wanted.optional || installed[path]?.version === wanted.version,
	);
}

/** Runs `npm ci` if node_modules does not match the lockfile. */
export async function installNpmPackages() {
	if (isInstalled()) return;
	const folder = join(top, "node_modules");
	if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
		throw new SetupError(
			"node_modules is a link to another folder that does not match package-lock.json: run npm ci there.",
		);
	}
	if (findProgram("npm") === null)
		throw new SetupError("npm is missing. Install it (apt-get install npm), then start again.");
	say("installing npm packages");
	// Explicit, since the environment (NODE_ENV=production, an npmrc) may leave them out.
	const args = [
		"ci",
		"--include=dev",
		"--include=optional",
		"--ignore-scripts",
		"--no-audit",
		"--no-fund",
		"--loglevel=error",
	];
	await run("npm", args, "npm could not install the packages of package-lock.json. Look at the lines above.", {
		cwd: top,
		env: environment,
	});
	if (!existsSync(privateNode)) throw new SetupError(`There is no Node for ${process.arch} in package-lock.json.`);
}
