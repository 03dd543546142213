// Runs the bundle with the code that V8 compiled for it at set-up, which halves the time until it is ready. A code file
// that is missing or from another Node does no harm: V8 compiles again. CommonJS, since modules cannot use compiled
// code.
const { existsSync, fstatSync, readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { Script } = require("node:vm");

const dist = join(__dirname, "..", "dist");
const filename = join(dist, "ebtop.js");

/** The session of a screen without options and settings: with another one, the start takes longer. */
const usual = {
	source: "bpf",
	concerns: ["process", "syscall", "ipc", "file", "tcp"],
	inParts: true,
	standby: ["disk", "refusal", "thread", "sched", "follow"],
};

/** While the bundle is loaded, the kernel verifies the programs on other CPUs. */
function openEarly() {
	const places = [join(dirname(process.execPath), "ebtop.node"), join(__dirname, "..", "build", "Release", "ebtop.node")];
	const addon = places.find(existsSync);
	if (process.argv.length === 2 && addon !== undefined && fstatSync(1).isCharacterDevice())
		require(addon).Session.openEarly(usual);
}
openEarly();

/** In the npm packages it is beside the Node that it is for. */
function compiledCode() {
	for (const folder of [dist, dirname(process.execPath)]) {
		try {
			return readFileSync(join(folder, "ebtop.code"));
		} catch {
			// the other place, or none
		}
	}
	return undefined;
}

const script = new Script(readFileSync(filename, "latin1"), { filename, cachedData: compiledCode() });
module.exports = script; // the set-up keeps its code
script.runInThisContext()(require, { url: pathToFileURL(filename).href });
