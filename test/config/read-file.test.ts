import { spawnSync } from "node:child_process";
import {
	chmodSync,
	chownSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallersPlace } from "../../src/cli/caller.ts";
import { readConfiguration } from "../../src/config/read-file.ts";

const isRoot = process.getuid?.() === 0;
const CALLER = 65_534;
const STRANGER = 65_533;
const TEXT = '{ "delay": 2 }\n';

let folder: string;
let file: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "eb-config-"));
	chmodSync(folder, 0o755);
	mkdirSync(join(folder, "ebtop"));
	file = join(folder, "ebtop", "config.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const here = (): CallersPlace => ({ user: null, folder });
const refused = (why: string) => ({ problem: `The configuration ${file} is not used: ${why}.` });

describe("the file", () => {
	it("is read as it is, a byte order mark aside", async () => {
		writeFileSync(file, `\ufeff${TEXT}\0é`);
		expect(await readConfiguration(null, here())).toEqual({ path: file, text: `${TEXT}\0é` });
	});
	it("may be 64 KB, and empty", async () => {
		writeFileSync(file, " ".repeat(65_536));
		expect(await readConfiguration(null, here())).toMatchObject({ text: " ".repeat(65_536) });
		truncateSync(file);
		expect(await readConfiguration(null, here())).toMatchObject({ text: "" });
	});
	it("may be missing if it was not named", async () => {
		expect(await readConfiguration(null, here())).toMatchObject({ text: null });
		expect(await readConfiguration(null, { user: null, folder: join(folder, "no") })).toMatchObject({ text: null });
		expect(await readConfiguration(file, here())).toEqual(refused("no such file or directory"));
	});
	it("has the name that was typed, whatever characters it contains", async () => {
		for (const name of ["-x", "a b\n$(id)", "--", "'"]) {
			const path = join(folder, name);
			writeFileSync(path, TEXT);
			expect(await readConfiguration(path, here())).toEqual({ path, text: TEXT });
		}
	});
});

describe("it is not used, with a message, if it is", () => {
	const cases: [what: string, make: () => void, why: string][] = [
		["a link", () => symlinkSync("/etc/hostname", file), "it is a symbolic link"],
		["a link to nothing", () => symlinkSync("nothing", file), "it is a symbolic link"],
		["a FIFO", () => spawnSync("mkfifo", [file]), "it is not a regular file"],
		["a directory", () => mkdirSync(file), "it is not a regular file"],
		["too large", () => writeFileSync(file, " ".repeat(65_537)), "it is larger than 64 KB"],
		["1 GB of nothing", () => void spawnSync("truncate", ["-s", "1G", file]), "it is larger than 64 KB"],
	];
	it.each(cases)("%s", async (_, make, why) => {
		make();
		expect(await readConfiguration(null, here())).toEqual(refused(why));
		expect(await readConfiguration(file, here())).toEqual(refused(why));
	});
});

const why = isRoot ? "" : " (skipped: it takes root)";

describe.skipIf(!isRoot)(
	`behind sudo it is read with the caller's rights, and must belong to the caller or root${why}`,
	() => {
		const asCaller = () => readConfiguration(null, { user: { uid: CALLER, gid: CALLER }, folder });
		const write = (uid: number, mode: number) => {
			writeFileSync(file, TEXT);
			chownSync(file, uid, uid);
			chmodSync(file, mode);
		};
		it("his own", async () => {
			write(CALLER, 0o600);
			expect(await asCaller()).toEqual({ path: file, text: TEXT });
		});
		it("root's", async () => {
			write(0, 0o644);
			expect(await asCaller()).toEqual({ path: file, text: TEXT });
		});
		it("not another user's", async () => {
			write(STRANGER, 0o644);
			expect(await asCaller()).toEqual(refused("it belongs to another user"));
		});
		it.each([0o666, 0o660, 0o602])("not one that others may write, mode %o", async (mode) => {
			write(CALLER, mode);
			expect(await asCaller()).toEqual(refused("other users may write it (use chmod go-w)"));
		});
		it("not one of root that the caller may not read, nor one behind a link in a folder", async () => {
			write(0, 0o600);
			expect(await asCaller()).toEqual(refused("permission is denied"));
			const secret = join(folder, "secret");
			mkdirSync(join(secret, "ebtop"), { recursive: true });
			writeFileSync(join(secret, "ebtop", "config.json"), TEXT);
			chmodSync(secret, 0o700);
			const ways = join(folder, "ways");
			symlinkSync(secret, ways);
			expect(await readConfiguration(null, { user: { uid: CALLER, gid: CALLER }, folder: ways })).toMatchObject({
				text: null,
			});
		});
		it("in the home that the password database says", async () => {
			// If there is no file, there is no message; the test of the program has one with a file.
			expect(await readConfiguration(null, { user: { uid: 4_000_000_000, gid: 4_000_000_001 }, folder: null })).toBe(
				null,
			);
		});
	},
);
