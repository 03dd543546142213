// The files of a checkout that are needed to run: the launcher, the bundle, the addon, their Node, and what they read.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { top } from "../setup/paths.mjs";
import { SetupError } from "../setup/report.mjs";

const nodePackage = join("node_modules", `node-linux-${process.arch}`);

/** The same on every machine. */
export const PROGRAM = [
	...["bin/ebtop", "bin/ebtop.cjs", "bin/node-flags", "dist/ebtop.js", "demo/demo.ebtop"],
	...["config", "diff", "receipt", "snapshot"].map((name) => `schema/${name}.schema.json`),
	"share/grafana-dashboard.json",
];
/** For one processor. */
export const NODE = join(nodePackage, "bin/node");
export const NODE_LICENSE = join(nodePackage, "LICENSE");
export const ADDON = "build/Release/ebtop.node";
export const CODE = "dist/ebtop.code";
/** Of `ebtop serve`, once there is one. */
export const SERVICE = ["share/ebtop.service", "share/ebtop.sysusers"].filter((file) => existsSync(join(top, file)));
/** Files for which a package has places of its own. */
export const TEXTS = [
	"share/ebtop.1",
	"share/ASKING.md",
	...SERVICE,
	"share/completions",
	"README.md",
	"CHANGELOG.md",
	"LIMITS.md",
	"LICENSE",
	"NOTICE",
];

/** Root runs it, so no other user may change it, whatever the modes in the checkout are. */
function setRights(path) {
	const { mode } = statSync(path);
	const isFolder = (mode & 0o170000) === 0o040000;
	chmodSync(path, isFolder || mode & 0o100 ? 0o755 : 0o644);
	if (isFolder) for (const name of readdirSync(path)) setRights(join(path, name));
}

/** Copies files of the checkout into the new folder `target`, each under its name or the one given with it. */
export function copyFiles(target, files) {
	for (const file of files) {
		const [from, to] = Array.isArray(file) ? file : [file, file];
		const path = join(target, to);
		mkdirSync(dirname(path), { recursive: true });
		// The compiled code may be missing: then V8 compiles at each start.
		if (existsSync(join(top, from))) cpSync(join(top, from), path, { recursive: true, dereference: true });
		else if (from !== CODE) throw new SetupError(`${from} is missing: run 'npm run build' first.`);
	}
	setRights(target);
}

/** Copies what runs, laid out as in a checkout, so that the launcher finds it; optionally with the texts. */
export function copyProgram(target, withTexts) {
	copyFiles(target, [...PROGRAM, CODE, ADDON, NODE, NODE_LICENSE, ...(withTexts ? TEXTS : [])]);
}
