// How the bundler and the tests find the file that src/ui/ink/ replaces: Ink's package does not export it.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { top } from "./paths.mjs";

/** The name by which src/ui/ink/ imports Ink's own class. */
export const INK_OUTPUT = "ink-output";

export function inkOutputPath() {
	return join(dirname(createRequire(join(top, "package.json")).resolve("ink")), "output.js");
}

/** @type {import("esbuild").Plugin} */
export const joinedOutput = {
	name: "joined-output",
	setup(build) {
		build.onResolve({ filter: new RegExp(`^${INK_OUTPUT}$`) }, () => ({ path: inkOutputPath() }));
		build.onResolve({ filter: /^\.\/output\.js$/ }, ({ importer }) =>
			importer.endsWith("/ink/build/renderer.js")
				? { path: join(top, "src", "ui", "ink", "joined-output.ts") }
				: undefined,
		);
		build.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
			importer.includes("/node_modules/") ? { path: join(top, "src", "ui", "ink", "painted-width.ts") } : undefined,
		);
	},
};
