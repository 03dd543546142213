// Bundles src/ and its packages into one JavaScript file, so that a start reads no node_modules.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fingerprint, isMadeOf, noteMadeOf } from "./fingerprint.mjs";
import { joinedOutput } from "./ink-output.mjs";
import { environment, privateNode, top } from "./paths.mjs";
import { SetupError, say } from "./report.mjs";
import { has } from "./switches.mjs";

const bundle = "dist/ebtop.js";
const code = "dist/ebtop.code";
const sources = [
	"src",
	"schema/snapshot.schema.json",
	"scripts/setup/bundle.mjs",
	"scripts/setup/ink-output.mjs",
	"package.json",
	"package-lock.json",
	"tsconfig.json",
];
const codeSources = [bundle, "bin", "scripts/setup/keep-code.cjs", "demo"];

/**
 * The esbuild options for any program with Ink; the benchmarks use the same.
 * @returns {import("esbuild").BuildOptions}
 */
export function bundleOptions() {
	const { version } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
	return {
		absWorkingDir: top,
		bundle: true,
		platform: "node",
		target: "node24",
		// Otherwise a pattern with \p{…} becomes a constructor call, and Ink has one that runs for each cell of each
		// frame.
		supported: { "regexp-unicode-property-escapes": true },
		format: "esm", // yoga-layout awaits at its top level
		minify: true, // drops React's development code, so that it is not parsed at each start
		legalComments: "none", // NOTICE has them
		logLevel: "error",
		// Fixed here, since sudo drops environment variables, and React's development build leaks and is slow.
		define: {
			"process.env.NODE_ENV": '"production"',
			"process.env.DEV": '"false"',
			"process.env.EBTOP_VERSION": JSON.stringify(version),
		},
		banner: {
			js: 'import { createRequire as bannerRequire } from "node:module"; const require = bannerRequire(import.meta.url);',
		},
		alias: {
			"react-devtools-core": "./scripts/setup/no-devtools.mjs", // optional in Ink, not installed
			"jsonc-parser": "jsonc-parser/lib/esm/main.js", // its UMD form requires its parts in a way that bundlers do not see
		},
	};
}

/** Node's own modules by `require`, so that the bundle has no import and can be a function. */
const builtinsByRequire = {
	name: "builtins-by-require",
	setup(build) {
		const namespace = "builtin";
		build.onResolve({ filter: /^[a-z0-9_:/]+$/ }, ({ path, namespace: importer }) =>
			// The Node of the set-up may be too old to know all that the program's has.
			isBuiltin(path) || path.startsWith("node:") ? { path, namespace, external: importer === namespace } : undefined,
		);
		build.onLoad({ filter: /./, namespace }, ({ path }) => ({
			contents: `module.exports = require(${JSON.stringify(path)})`,
		}));
	},
};

/** Loads packages that few starts need only when they are used, behind a proxy. */
const readWhenNeeded = {
	name: "read-when-needed",
	setup(build) {
		const namespace = "when-needed";
		build.onResolve({ filter: /^re2js$/ }, ({ path, namespace: importer }) =>
			importer === namespace ? undefined : { path, namespace },
		);
		build.onLoad({ filter: /./, namespace }, ({ path }) => ({
			contents: `Object.defineProperty(exports, "RE2JS", { enumerable: true, get: () => require("${path}").RE2JS });`,
			resolveDir: top,
		}));
	},
};

/** V8 needs 40 ms for the sets of string-width's regular expressions, which few texts need: it makes them at their first use. */
const lateRegexes = {
	name: "late-regexes",
	setup(build) {
		build.onLoad({ filter: /\/node_modules\/string-width\/index\.js$/ }, ({ path }) => {
			const names = [];
			const declared = readFileSync(path, "utf8").replace(/^const (\w+) = (\/.+\/v);$/gm, (_, name, regex) => {
				names.push(name);
				return `let made_${name}; function get_${name}() { return (made_${name} ??= ${regex}); }`;
			});
			if (names.length === 0) throw new Error("string-width has changed: see lateRegexes in bundle.mjs.");
			const uses = new RegExp(`\\b(${names.join("|")})\\b`, "g");
			return { contents: declared.replace(uses, "get_$1()") };
		});
	},
};

/**
 * The esbuild options for ebtop: it becomes one async function, which bin/ebtop.cjs calls. V8 only keeps compiled code
 * of scripts, but packages with top-level await must be modules; inside an async function they may await too.
 * @returns {import("esbuild").BuildOptions}
 */
export function programOptions() {
	const options = bundleOptions();
	return {
		...options,
		entryPoints: ["src/main.ts"],
		outfile: bundle,
		define: {
			...options.define,
			"import.meta": "programMeta",
			fetch: "undefined", // yoga-layout would read its data: URL with it, which loads Node's whole HTTP client
		},
		// Output of packages is discarded: only output/door.ts may write.
		banner: { js: '(async(require,programMeta)=>{"use strict";const console=new Proxy({},{get:()=>()=>{}});' },
		alias: { ...options.alias, "restore-cursor": "./scripts/setup/no-restore-cursor.mjs" },
		footer: { js: "})" },
		plugins: [builtinsByRequire, readWhenNeeded, lateRegexes, ...(has("joined-output") ? [joinedOutput] : [])],
	};
}

/** Bundles the program if its sources changed. */
export async function bundleProgram() {
	const hash = fingerprint(sources, has("joined-output") ? [] : ["joined-output"]);
	if (isMadeOf(bundle, hash)) return;
	say("bundling");
	const esbuild = await import("esbuild");
	rmSync(join(top, code), { force: true }); // V8 would accept it for any bundle of the same length
	try {
		await esbuild.build(programOptions());
	} catch {
		throw new SetupError("The bundle could not be made. The lines above say why.");
	}
	noteMadeOf(bundle, hash);
}

/**
 * Keeps the code that V8 compiles while the program shows its demo on a hidden terminal. Only the user of the checkout
 * writes it: the program itself, which root runs, writes nothing here.
 */
export function keepCompiledCode() {
	if (!has("code-cache")) return rmSync(join(top, code), { force: true });
	const hash = fingerprint(codeSources);
	if (isMadeOf(code, hash)) return;
	say("keeping the compiled code");
	const flags = readFileSync(join(top, "bin", "node-flags"), "utf8").trim();
	const keep = "--require ./scripts/setup/keep-code.cjs";
	const demo = `stty cols 200 rows 60; exec "$EBTOP_NODE" ${flags} ${keep} bin/ebtop.cjs --demo -n 2`;
	const { status } = spawnSync("script", ["-qec", demo, "/dev/null"], {
		cwd: top,
		env: { PATH: environment.PATH, EBTOP_NODE: privateNode, TERM: "xterm-256color" },
		stdio: ["pipe", "ignore", "ignore"],
		timeout: 60_000,
	});
	if (status === 0 && existsSync(join(top, code))) noteMadeOf(code, hash);
	else say("that failed; ebtop will start somewhat slower");
}
