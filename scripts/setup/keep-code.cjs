// Loaded before bin/ebtop.cjs at set-up: when the program ends, keeps the code of all functions that ran.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

process.on("exit", () => {
	const script = require(process.argv[1]);
	writeFileSync(join(__dirname, "..", "..", "dist", "ebtop.code"), script.createCachedData());
});
