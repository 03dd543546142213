// Runs the bundle with the code that V8 compiled for it at set-up, which halves the time until it is ready. A code file
// that is missing or from another Node does no harm: V8 compiles again. CommonJS, since modules cannot use compiled
// code.
const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { Script } = require("node:vm");

const dist = join(__dirname, "..", "dist");
const filename = join(dist, "ebtop.js");

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
