// The files of a checkout that are needed to run: the launcher, the bundle, the addon, their Node, and what they read.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { privateNode, top } from "../setup/paths.mjs";
import { SetupError } from "../setup/report.mjs";

const nodePackage = join("node_modules", `node-linux-${process.arch}`);
const FILES = [
	...["bin/ebtop", "bin/ebtop.cjs", "bin/node-flags"],
	...["dist/ebtop.js", "dist/ebtop.code", "build/Release/ebtop.node", "demo/demo.ebtop"],
	...[join(nodePackage, "bin/node"), join(nodePackage, "LICENSE")],
	...["config", "receipt", "snapshot"].map((name) => `schema/${name}.schema.json`),
];
/** Files for which a package has places of its own. */
const TEXTS = ["share/ebtop.1", "share/completions", "README.md", "CHANGELOG.md", "LIMITS.md", "LICENSE", "NOTICE"];

/** Root runs it, so no other user may change it, whatever the modes in the checkout are. */
function setRights(path) {
	const { mode } = statSync(path);
	const isFolder = (mode & 0o170000) === 0o040000;
	chmodSync(path, isFolder || mode & 0o100 ? 0o755 : 0o644);
	if (isFolder) for (const name of readdirSync(path)) setRights(join(path, name));
}

/**
 * Copies it into the new folder `target`, laid out as in a checkout, so that the launcher finds it; optionally with the
 * texts.
 */
export function copyProgram(target, withTexts) {
	if (!existsSync(privateNode)) throw new SetupError("It is not built yet: run 'npm run build' first.");
	for (const file of withTexts ? [...FILES, ...TEXTS] : FILES) {
		const path = join(target, file);
		mkdirSync(dirname(path), { recursive: true });
		// The compiled code may be missing: then V8 compiles at each start.
		if (existsSync(join(top, file))) cpSync(join(top, file), path, { recursive: true, dereference: true });
		else if (!file.endsWith(".code")) throw new SetupError(`${file} is missing: run 'npm run build' first.`);
	}
	setRights(target);
}
