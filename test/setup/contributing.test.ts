// CONTRIBUTING.md is followed word by word: what it names must be there, and its table must stay within what was promised.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const top = fileURLToPath(new URL("../../", import.meta.url));
const text = readFileSync(`${top}CONTRIBUTING.md`, "utf8");
const { scripts } = JSON.parse(readFileSync(`${top}package.json`, "utf8"));
const rows = text.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| a new"));
const cells = rows.map((row) =>
	row
		.split("|")
		.slice(1, -1)
		.map((cell) => cell.trim()),
);

/** Files by hand that a change may touch at the most. */
const MOST: Readonly<Record<string, number>> = {
	"pane over existing rows": 5,
	"kind of row": 10,
	"probe with a record": 9,
	"field of a record that is shown": 7,
	key: 2,
};

describe("CONTRIBUTING.md", () => {
	it("says of each change how many files it touches, and which", () => {
		expect(cells.length).toBeGreaterThan(8);
		for (const row of cells) expect(row).toEqual([expect.anything(), expect.stringMatching(/^\d$/), expect.anything()]);
		const counts = Object.fromEntries(cells.map(([name, count]) => [name, Number(count)]));
		for (const [name, most] of Object.entries(MOST)) expect(counts[name], name).toBeLessThanOrEqual(most);
	});
	it("names paths that are there", () => {
		const paths = [...text.matchAll(/`((?:src|bpf|native|scripts|test|schema)\/[^`*…]*|[A-Z]+\.md)`/g)].map(
			([, path]) => path,
		);
		expect(paths.length).toBeGreaterThan(10);
		expect(paths.filter((path) => !existsSync(`${top}${path}`))).toEqual([]);
	});
	it("names scripts of package.json", () => {
		const names = [...text.matchAll(/npm run ([a-z]+(?::[a-z]+)?)/g)].map(([, name]) => name as string);
		expect(names.length).toBeGreaterThan(10);
		expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
	});
});
