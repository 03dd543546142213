// Paths in a checkout, and the PATH that the set-up uses.
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The top of the checkout. */
export const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The Node that ebtop runs on, whatever Node the machine has. */
export const privateNode = join(top, "node_modules", `node-linux-${process.arch}`, "bin", "node");

// An ordinary user's PATH lacks the sbin directories, where Debian puts bpftool; npm puts node_modules/.bin first,
// which must not hide the machine's own npm.
const folders = (process.env.PATH ?? "")
	.split(delimiter)
	.filter((folder) => folder !== "" && !folder.endsWith(join("node_modules", ".bin")));

/** The folders to look for programs in. */
export const programFolders = [...new Set([...folders, "/usr/local/sbin", "/usr/sbin", "/sbin"])];

/** The environment for programs that the set-up starts. */
export const environment = { ...process.env, PATH: programFolders.join(delimiter) };

/** The full path of a program, or null. */
export function findProgram(name) {
	const folder = programFolders.find((candidate) => existsSync(join(candidate, name)));
	return folder === undefined ? null : join(folder, name);
}
