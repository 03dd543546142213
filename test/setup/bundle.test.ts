import { build } from "esbuild";
import { expect, test } from "vitest";
import { programOptions } from "../../scripts/setup/bundle.mjs";

/** The files that are read before the first `await import()`, from the entry point on. */
async function filesReadAtStart(): Promise<string[]> {
	const { metafile } = await build({ ...programOptions(), write: false, metafile: true });
	const found = new Set(["src/main.ts"]);
	for (const file of found) {
		for (const { path, kind } of metafile.inputs[file]?.imports ?? []) if (kind !== "dynamic-import") found.add(path);
	}
	return [...found].filter((path) => path in metafile.inputs && !path.startsWith("builtin:"));
}

test("no package is read before the kernel is asked: to load string-width takes a third of a start", async () => {
	const files = await filesReadAtStart();
	expect(files.length).toBeGreaterThan(50);
	expect(files.filter((path) => !path.startsWith("src/"))).toEqual([]);
});
