/**
 * Lets vitest load ink-table, which is CommonJS and cannot `require` Ink, an ES module that awaits at its top level.
 * The product's bundler does the same with these three.
 */

import type { Plugin } from "vite";

/** A vite plugin that turns the `require` calls of ink-table into imports. */
export function inkTableAsModule(): Plugin {
	return {
		name: "ink-table-as-module",
		enforce: "pre",
		transform(code, id) {
			if (!id.includes("/ink-table/dist/index.js")) return null;
			return `import react from "react";
import * as ink from "ink";
import hash from "object-hash";
const require = (name) => ({ react, ink, "object-hash": hash })[name];
const exports = {};
${code}
export default exports;`;
		},
	};
}
