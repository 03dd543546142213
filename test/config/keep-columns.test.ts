import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepColumns, withColumns } from "../../src/config/keep-columns.ts";
import { CallersFiles } from "../../src/save/callers-files.ts";

describe("withColumns", () => {
	it("changes one pane's columns and keeps the rest, with comments", () => {
		const text = '{\n\t// mine\n\t"delay": 2, "columns": { "tcp": ["pid"], "files": ["path"] },\n}\n';
		const changed = withColumns(text, "files", ["pid", "path"]) ?? "";
		expect(changed).toContain("// mine");
		expect(changed.replaceAll(/\s/g, "")).toContain('"columns":{"tcp":["pid"],"files":["pid","path"]}');
	});
	it.each(["", "// nothing yet\n", "{}"])("makes them in %j", (text) => {
		expect(JSON.parse(withColumns(text, "files", ["pid"]) ?? "")).toEqual({ columns: { files: ["pid"] } });
	});
	it.each(["{", "[]", '{"a" 1}'])("does not touch %j", (text) => {
		expect(withColumns(text, "files", ["pid"])).toBeNull();
	});
});

describe("keepColumns", () => {
	let folder: string;
	let files: CallersFiles;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "eb-columns-"));
		files = new CallersFiles(null);
	});
	afterEach(() => {
		files.close();
		rmSync(folder, { recursive: true });
	});
	const place = () => join(folder, "new", "ebtop", "config.json");

	it("makes the file with its folder, only for its owner, and changes it again", async () => {
		const path = place();
		const file = { path, text: null };
		expect(await keepColumns(file, "files", ["pid"], files)).toBe(`The columns are kept in ${path}.`);
		expect(statSync(path).mode & 0o777).toBe(0o600);
		expect(await keepColumns(file, "tcp", ["pid"], files)).toContain("are kept");
		expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ columns: { files: ["pid"], tcp: ["pid"] } });
	});
	it("does not overwrite what was changed meanwhile", async () => {
		const path = join(folder, "config.json");
		writeFileSync(path, '{ "delay": 3 }');
		const notice = await keepColumns({ path, text: '{ "delay": 2 }' }, "files", ["pid"], files);
		expect(notice).toBe(`The columns are used until ebtop ends: ${path} was not written, it was changed meanwhile.`);
		expect(readFileSync(path, "utf8")).toBe('{ "delay": 3 }');
	});
	it("without a file says that they are used until the end", async () => {
		expect(await keepColumns(null, "files", ["pid"], files)).toMatch(/^The columns are used until ebtop ends: no /);
	});
	it.skipIf(process.getuid?.() !== 0)("is not done as root in the home of another", async () => {
		const home = join(folder, "home");
		mkdirSync(home);
		chownSync(home, 65534, 65534);
		const path = join(home, ".config/ebtop/config.json");
		const notice = await keepColumns({ path, text: null }, "files", ["pid"], files);
		expect(notice).toContain("its folder belongs to another user");
		expect(() => statSync(join(home, ".config"))).toThrow("ENOENT");
	});
});
