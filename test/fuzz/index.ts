// `npm run fuzz`: bundles the fuzzers, since some of them draw the screen and plain Node does not read JSX, and runs them.
import { join } from "node:path";
import * as esbuild from "esbuild";
import { bundleOptions } from "../../scripts/setup/bundle.mjs";
import { top } from "../../scripts/setup/paths.mjs";

const outfile = join(top, "build/fuzz/main.mjs");
await esbuild.build({
	...bundleOptions(),
	entryPoints: ["test/fuzz/main.ts"],
	outfile,
	minify: false,
	sourcemap: "inline",
});
process.setSourceMapsEnabled(true);
await import(outfile);
