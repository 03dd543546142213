// Whether a built file is up to date: a hash of its sources is kept next to it.
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
 * One hash over the names and contents of files and folders, relative to the top of the checkout, and over the parts
 * that are left out of the product.
 */
export function fingerprint(paths, without = []) {
	const hash = createHash("sha256").update([process.arch, ...without].join());
	for (const file of paths.flatMap(filesUnder).sort()) hash.update(`\0${file}\0`).update(readFileSync(join(top, file)));
	return hash.digest("hex");
}

const noteOf = (product) => join(top, `${product}.made-of`);

/** True if the product exists and was made from exactly these sources. */
export function isMadeOf(product, hash) {
	const note = noteOf(product);
	return existsSync(join(top, product)) && existsSync(note) && readFileSync(note, "utf8") === hash;
}

/** Stores the hash of the product's sources. */
export function noteMadeOf(product, hash) {
	mkdirSync(dirname(noteOf(product)), { recursive: true });
	writeFileSync(noteOf(product), hash);
}
