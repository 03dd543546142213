// Whether a built file is still made of the sources that are there: a hash of their contents is kept beside it.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { top } from "./paths.mjs";

/** All files in a folder, or the file itself; relative to the top of the checkout, as `path` is. */
export function filesUnder(path) {
	const full = join(top, path);
	if (!existsSync(full)) return [];
	if (!statSync(full).isDirectory()) return [path];
	return readdirSync(full).flatMap((name) => filesUnder(join(path, name)));
}

/**
 * One hash over the names and contents of files and folders, given relative to the top of the checkout, and over the parts
 * that the product is made without.
 */
export function fingerprint(paths, without = []) {
	const hash = createHash("sha256").update([process.arch, ...without].join());
	for (const file of paths.flatMap(filesUnder).sort()) hash.update(`\0${file}\0`).update(readFileSync(join(top, file)));
	return hash.digest("hex");
}

const noteOf = (product) => join(top, `${product}.made-of`);

/** True when the product is there and was made of exactly this. */
export function isMadeOf(product, hash) {
	const note = noteOf(product);
	return existsSync(join(top, product)) && existsSync(note) && readFileSync(note, "utf8") === hash;
}

/** Remembers what the product was made of. */
export function noteMadeOf(product, hash) {
	mkdirSync(dirname(noteOf(product)), { recursive: true });
	writeFileSync(noteOf(product), hash);
}
