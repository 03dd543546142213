// The addon: BPF objects, skeletons and C++, all by CMakeLists.txt. Headers come from npm packages, nothing is downloaded.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fingerprint, isMadeOf, noteMadeOf } from "./fingerprint.mjs";
import { environment, privateNode, top } from "./paths.mjs";
import { run, SetupError, say } from "./report.mjs";

const addon = "build/Release/ebtop.node";
const sources = ["CMakeLists.txt", "bpf", "native", "package-lock.json"];

/** Builds the addon where its sources changed. */
export function buildAddon() {
	const hash = fingerprint(sources);
	if (isMadeOf(addon, hash)) return;
	say("building the BPF programs and the addon");
	const cmakeJs = join(top, "node_modules", "cmake-js", "bin", "cmake-js");
	const args = [
		cmakeJs,
		"compile",
		"--prefer-make",
		"--parallel",
		String(availableParallelism()),
		"--log-level",
		"warn",
	];
	run(privateNode, args, "The native build failed. The lines above say where.", { cwd: top, env: environment });
	if (!existsSync(join(top, addon))) throw new SetupError(`The native build made no ${addon}.`);
	noteMadeOf(addon, hash);
}
