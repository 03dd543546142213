// Builds the addon (BPF object, skeleton, C++) with CMakeLists.txt. Headers come from npm packages; nothing is
// downloaded.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fingerprint, isMadeOf, noteMadeOf } from "./fingerprint.mjs";
import { environment, privateNode, top } from "./paths.mjs";
import { run, SetupError, say } from "./report.mjs";
import { has } from "./switches.mjs";

const addon = "build/Release/ebtop.node";
const sources = ["CMakeLists.txt", "bpf", "native", "package-lock.json"];

/** Makes `folder`/Release/ebtop.node with these variables of CMakeLists.txt. */
export async function build(folder, variables) {
	const cmakeJs = join(top, "node_modules", "cmake-js", "bin", "cmake-js");
	const usual = ["--prefer-make", "--out", join(top, folder), "--log-level", "warn"];
	const defines = Object.entries(variables).map(([name, value]) => `--CD${name}=${value}`);
	for (const args of [
		["configure", ...defines], // compile alone would keep the variables of the last build
		["compile", "--parallel", String(availableParallelism())],
	]) {
		const failure = "The native build failed. The lines above say where.";
		await run(privateNode, [cmakeJs, ...args, ...usual], failure, { cwd: top, env: environment });
	}
	const product = `${folder}/Release/ebtop.node`;
	if (!existsSync(join(top, product))) throw new SetupError(`The native build made no ${product}.`);
}

/** Builds the addon if its sources changed. */
export async function buildAddon() {
	const isShared = has("shared-btf");
	const hash = fingerprint(sources, isShared ? [] : ["shared-btf"]);
	if (isMadeOf(addon, hash)) return;
	say("building the BPF programs and the addon");
	const isFirst = !existsSync(join(top, addon)); // later ones compile only what changed
	await build("build", { EBTOP_SHARED_BTF: isShared ? "ON" : "OFF", EBTOP_UNITY: isFirst ? "ON" : "OFF" });
	noteMadeOf(addon, hash);
}
