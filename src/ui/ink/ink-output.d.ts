/** Ink's `build/output.js`, which its package does not export; `scripts/setup/ink-output.mjs` finds it. */
declare module "ink-output" {
	import type { Operation } from "./joined-output.ts";

	export default class Output {
		protected readonly operations: readonly Operation[];
		readonly width: number;
		readonly height: number;
		constructor(size: { readonly width: number; readonly height: number });
		write(x: number, y: number, text: string, options: Pick<Operation, "transformers">): void;
		get(): { output: string; height: number };
	}
}
