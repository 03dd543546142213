// One JavaScript file of everything in src/ and its packages, so that a start reads no node_modules.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, isMadeOf, noteMadeOf } from "./fingerprint.mjs";
import { top } from "./paths.mjs";
import { SetupError, say } from "./report.mjs";

const bundle = "dist/ebtop.mjs";
const sources = ["src", "scripts/setup/bundle.mjs", "package.json", "package-lock.json", "tsconfig.json"];

/**
 * What esbuild is told; the benchmarks bundle with the same.
 * @returns {import("esbuild").BuildOptions}
 */
export function bundleOptions() {
	const { version } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
	return {
		absWorkingDir: top,
		entryPoints: ["src/main.tsx"],
		outfile: bundle,
		bundle: true,
		platform: "node",
		target: "node24",
		// Else a pattern with \p{…} becomes a constructor call, and Ink has one that runs for each cell of each frame.
		supported: { "regexp-unicode-property-escapes": true },
		format: "esm", // yoga-layout awaits at its top level
		minify: true, // drops the development halves of React, and what is not there need not be parsed at each start
		legalComments: "none", // NOTICE has them
		logLevel: "error",
		// sudo drops environment variables, and React's development build leaks and is slow: so it is fixed here.
		define: {
			"process.env.NODE_ENV": '"production"',
			"process.env.DEV": '"false"',
			"process.env.EBTOP_VERSION": JSON.stringify(version),
		},
		banner: {
			js: 'import { createRequire as bannerRequire } from "node:module"; const require = bannerRequire(import.meta.url);',
		},
		alias: { "react-devtools-core": "./scripts/setup/no-devtools.mjs" }, // optional in Ink, not installed
	};
}

/** Bundles the program where its sources changed. */
export async function bundleProgram() {
	const hash = fingerprint(sources);
	if (isMadeOf(bundle, hash)) return;
	say("bundling");
	const esbuild = await import("esbuild");
	try {
		await esbuild.build(bundleOptions());
	} catch {
		throw new SetupError("The bundle could not be made. The lines above say why.");
	}
	noteMadeOf(bundle, hash);
}
