import { build } from "esbuild";
import { expect, test } from "vitest";
import { programOptions } from "../../scripts/setup/bundle.mjs";

/** Loaded by `import()`, builtin, or a proxy for a package that is loaded on first use. */
const isLater = (path: string, kind: string) => kind === "dynamic-import" || /^(builtin|when-needed):/.test(path);

/** The files that every start reads, from the entry point on. */
async function filesReadAtStart(): Promise<string[]> {
	const { metafile } = await build({ ...programOptions(), write: false, metafile: true });
	const found = new Set(["src/main.ts"]);
	for (const file of found) {
		for (const { path, kind } of metafile.inputs[file]?.imports ?? []) if (!isLater(path, kind)) found.add(path);
	}
	return [...found];
}

test("no package is loaded before the kernel is used: loading string-width takes a third of a start", async () => {
	const files = await filesReadAtStart();
	expect(files.length).toBeGreaterThan(50);
	expect(files.filter((path) => !path.startsWith("src/"))).toEqual([]);
});
