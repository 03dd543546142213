/** The table of programs in bpf/README.md has all BPF programs, and no others. */

import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../bpf/", import.meta.url));

/** The first cell of a row: `ebtop_disk_new`, `_put` are ebtop_disk_new and ebtop_disk_put. */
function namesIn(cell: string): string[] {
	const [first = "", ...others] = [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name as string);
	const group = first.slice(0, first.lastIndexOf("_"));
	return [first, ...others.map((name) => (name.startsWith("_") ? group + name : name))];
}

test("the table has each program once", () => {
	const code = globSync("*.bpf.c", { cwd: folder }).map((file) => readFileSync(folder + file, "utf8"));
	const programs = code.flatMap((text) =>
		[...text.matchAll(/^(?:SEC\(.*\)\s+int (?:BPF_\w+\()?|\w+_PROG\()(ebtop_\w+)/gm)].map(([, name]) => name as string),
	);
	const rows = readFileSync(`${folder}README.md`, "utf8").match(/^\| `ebtop_.*$/gm) ?? [];
	const listed = rows.flatMap((row) => namesIn(row.split("|")[1] ?? ""));
	expect(programs.length).toBeGreaterThan(40);
	expect(listed.sort()).toEqual(programs.sort());
});
