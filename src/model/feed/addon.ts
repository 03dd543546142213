/** The only file that imports the addon: finds and loads it, and exports its types. */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as NativeAddon from "../../../native/index.d.ts";
import { WIRE_SIZES, WIRE_VERSION } from "../wire/layout.gen.ts";
import type { ForeignFiles } from "./foreign-files.ts";

export type { CommandEnd, Concern, Privileges, ProbeReport, SessionOptions } from "../../../native/index.d.ts";
export type Addon = typeof NativeAddon;
export type NativeSession = NativeAddon.Session;

/** The addon's path, from the root of the checkout. In the npm packages it is beside the Node that it is for. */
const PLACE = "build/Release/ebtop.node";

/** Loads the addon; throws with a message if there is none or it was built from other sources. */
export function loadAddon(): Addon {
	const besideNode = join(dirname(process.execPath), "ebtop.node");
	const path = existsSync(besideNode) ? besideNode : findAddon(dirname(fileURLToPath(import.meta.url)));
	if (path === null) throw new Error("The native part of ebtop is not built: run 'npm run build' in its folder.");
	const addon = createRequire(import.meta.url)(path) as Addon;
	const differing = Object.entries(WIRE_SIZES).find(([name, size]) => addon.wireSizes[name] !== size)?.[0];
	if (addon.wireVersion !== WIRE_VERSION || differing !== undefined) {
		const what = differing ?? "the version of the records";
		throw new Error(`The native part of ebtop is from another build (${what} differs): run 'npm run build' again.`);
	}
	return addon;
}

/** Works from the sources and from the bundle: searches upwards for the first folder that has one. */
function findAddon(from: string): string | null {
	const path = join(from, PLACE);
	if (existsSync(path)) return path;
	return dirname(from) === from ? null : findAddon(dirname(from));
}

/** The largest file of a container runtime that is read. */
const FOREIGN_FILE_MAX = 4 * 1024 * 1024;
const FOREIGN_FOLDER_MAX = 64 * 1024;

/** Reads untrusted files on the addon's own threads. */
export function foreignFiles(addon: Addon): ForeignFiles {
	return {
		read: (path, owner) => addon.readFile(path, FOREIGN_FILE_MAX, owner),
		async list(path) {
			const names = await addon.listFolder(path, FOREIGN_FOLDER_MAX);
			return names === null ? [] : new TextDecoder().decode(names).split("\0").slice(0, -1);
		},
	};
}
