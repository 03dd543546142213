/**
 * Writes the manual page and the completions of three shells from the tables of options, keys and fields, and Grafana's
 * dashboard. `--check`
 * writes nothing and exits 1 if a committed file differs.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bash, fish, zsh } from "./completions.mjs";
import { grafanaDashboard } from "./grafana.mjs";
import { manual } from "./manual.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, "..", "package.json"), "utf8"));

const files = {
	"ebtop.1": manual(version),
	"completions/ebtop.bash": bash(),
	"completions/_ebtop": zsh(),
	"completions/ebtop.fish": fish(),
	"grafana-dashboard.json": grafanaDashboard(),
};

for (const [name, text] of Object.entries(files)) {
	const target = join(here, name);
	if (!process.argv.includes("--check")) {
		writeFileSync(target, text);
	} else if (readFileSync(target, "utf8") !== text) {
		console.error(`share/${name} differs from the options, the keys or the fields: run npm run wire`);
		process.exitCode = 1;
	}
}
