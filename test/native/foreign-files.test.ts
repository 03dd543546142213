/** Files that other users may have made: which are read as those of a certain user. */

import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { foreignFiles, loadAddon } from "../../src/model/feed/addon.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-"));
const at = (name: string) => join(folder, name);
const files = foreignFiles(loadAddon());
const owner = process.getuid?.() ?? 0;
const other = owner + 1;

beforeAll(() => {
	mkdirSync(at("real"));
	writeFileSync(at("real/list"), "eb");
	writeFileSync(at("large"), "");
	truncateSync(at("large"), 2 ** 30);
	symlinkSync("real", at("folder"));
	symlinkSync("real/list", at("link"));
	execFileSync("mkfifo", [at("fifo")]);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
	["a regular file", "real/list", "eb"],
	["the same through a folder that is a link", "folder/list", "eb"],
	["a link", "link", null],
	["a FIFO", "fifo", null],
	["1 GB", "large", null],
	["a folder", "real", null],
	["nothing", "none", null],
])("%s", async (_, name, text) => {
	const read = async (of?: number) => (await files.read(at(name), of))?.toString() ?? null;
	const bytes = await files.read(at(name), owner);
	expect(bytes === null ? null : Buffer.from(bytes).toString()).toBe(text);
	expect(await read(other)).toBe(null);
});

test.skipIf(owner !== 0)("root reads the file of a user, but not root's own as that user's", async () => {
	writeFileSync(at("users"), "eb");
	chownSync(at("users"), 65534, 65534);
	expect(await files.read(at("users"), 65534)).not.toBe(null);
	expect(await files.read(at("users"), 0)).toBe(null);
	expect(await files.read("/etc/passwd", 65534)).toBe(null);
});
