// Writes NOTICE: the licences of the third-party code in the built program. `--check` only compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundledPackages } from "./bundled-packages.mjs";
import { top } from "./setup/paths.mjs";

function licenceText(folder) {
	const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(name));
	return file === undefined ? null : readFileSync(join(folder, file), "utf8").trim();
}

function section(path) {
	const folder = join(top, path);
	const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
	return { title: `${name} ${version} (${license})`, text: licenceText(folder) ?? `Licence: ${license}` };
}

/** Packages with the same text share it. */
function grouped(sections) {
	const byText = Map.groupBy(sections, (each) => each.text);
	return [...byText].map(([text, same]) => `${[...new Set(same.map((each) => each.title))].join("\n")}\n\n${text}`);
}

const native = readFileSync(join(top, "scripts", "notice-native.txt"), "utf8").trim();
const npm = grouped((await bundledPackages()).map(section));
const rule = `\n\n${"-".repeat(80)}\n\n`;
const notice = `${[native, ...npm].join(rule)}\n`;
const file = join(top, "NOTICE");

if (!process.argv.includes("--check")) {
	writeFileSync(file, notice);
} else if (!existsSync(file) || readFileSync(file, "utf8") !== notice) {
	process.stderr.write(
		"NOTICE does not match the packages in the bundle: run `node_modules/.bin/node scripts/notice.mjs`.\n",
	);
	process.exitCode = 1;
}
