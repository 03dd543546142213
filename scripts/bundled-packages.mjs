// Which npm packages the bundler puts into dist/ebtop.js.
import * as esbuild from "esbuild";
import { programOptions } from "./setup/bundle.mjs";

/** Their folders, `node_modules/…`, in order. */
export async function bundledPackages() {
	const { metafile } = await esbuild.build({ ...programOptions(), write: false, metafile: true });
	const folders = Object.keys(metafile.inputs).flatMap((input) => {
		const match = input.match(/^(?:\.\.\/)*.*?(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//);
		return match ? [match[1]] : [];
	});
	return [...new Set(folders)].sort();
}
