// CONTRIBUTING.md is checked literally: what it names must exist, and the counts of its table must stay within bounds.
import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const top = fileURLToPath(new URL("../../", import.meta.url));
const text = readFileSync(`${top}CONTRIBUTING.md`, "utf8");
const { scripts } = JSON.parse(readFileSync(`${top}package.json`, "utf8"));
const rows = text.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| a new"));
const cells = rows.map((row) =>
	row
		.split("|")
		.slice(1, -1)
		.map((cell) => cell.trim()),
);

/** How many files a change may touch by hand at most. */
const MOST: Readonly<Record<string, number>> = {
	"pane over existing rows": 5,
	"kind of row": 10,
	"probe with a record": 9,
	"field of a process": 7,
	"field of a connection": 7,
	"count in a table of the kernel": 7,
	"count of the calls on files": 7,
	key: 2,
};

/**
 * What was added last of a kind, and where alone its name stands. `besides`: files that do not say it, each with what it
 * is. `again`: where it is shown a second time, which is not counted.
 */
interface Witness {
	readonly name: RegExp;
	readonly files: readonly string[];
	readonly besides?: readonly string[];
	readonly again?: readonly string[];
}

const WITNESSES: Readonly<Record<string, Witness>> = {
	"kind of row": {
		name: /\bDisk(Row|Table)\b|\bdisks: [({]/,
		files: [
			"src/compare/things.ts",
			"src/model/filter/fields.ts",
			"src/model/snapshot.ts",
			"src/model/table-kinds.ts",
			"src/model/tables/disk.ts",
			"src/model/tables/index.ts",
			"src/panes/disk/columns.ts",
			"src/panes/disk/details.ts",
			"src/panes/disk/index.ts",
		],
		besides: ["the pane's line in src/panes/index.ts"],
	},
	"probe with a record": {
		name: /\bwire_oom\b|\bWIRE_OOM\b|\bPROBE_OOM\b|\bebtop_oom\b|WireType\.OOM\b/,
		files: [
			"bpf/lib/tables.h",
			"bpf/signal.bpf.c",
			"bpf/wire/wire.h",
			"native/bpf/probe-table.cpp",
			"src/model/tables/process/oom.ts",
		],
		besides: ["the probes of a pane"],
	},
	"field of a process": {
		name: /seccompFilters|SeccompFilters|seccomp_filters/,
		files: [
			"bpf/lib/process.bpf.h",
			"bpf/wire/wire.h",
			"native/proc/process.cpp",
			"src/model/snapshot.ts",
			"src/model/tables/process/recorded-state.ts",
			"src/panes/processes/details.ts",
		],
	},
	"field of a connection": {
		name: /rtt_us\b|RttUs|rttUs/,
		files: [
			"bpf/lib/tcp.bpf.h",
			"bpf/vmlinux/net.h",
			"bpf/wire/wire.h",
			"native/proc/sock-diag.cpp",
			"src/model/snapshot.ts",
			"src/model/tables/tcp/numbers.ts",
			"src/panes/tcp/columns.ts",
		],
		again: ["src/metrics/families.ts", "src/panes/tcp/details.ts"],
	},
	"count in a table of the kernel": {
		name: /\binvoluntary\b|Involuntary/,
		files: [
			"bpf/lib/tables.h",
			"bpf/sched.bpf.c",
			"bpf/wire/wire.h",
			"native/bpf/sched-counters.cpp",
			"src/model/snapshot.ts",
			"src/model/tables/process/turns.ts",
			"src/panes/processes/details.ts",
		],
		// Threads have the same counts.
		again: [
			"bpf/threads.bpf.c",
			"src/model/table-kinds.ts",
			"src/model/tables/threads.ts",
			"src/panes/threads/columns.ts",
			"src/panes/threads/details.ts",
		],
	},
	"count of the calls on files": {
		name: /__u64 opens;|\bcounts(\.|->)opens\b|\bioOpens\b|\bopens: Count|\brow\.opens\b/,
		files: [
			"bpf/lib/io.bpf.h",
			"bpf/lib/tables.h",
			"bpf/wire/wire.h",
			"native/bpf/io-counters.cpp",
			"src/model/snapshot.ts",
			"src/model/tables/file-counts.ts",
			"src/panes/files/columns.ts",
		],
		again: ["src/follow/receipt.ts", "src/panes/files/details.ts"],
	},
	key: { name: /"user-menu"/, files: ["src/ui/state/keymap.ts", "src/ui/state/reduce.ts"] },
};

const code = globSync("{src,bpf,native}/**/*.{ts,tsx,c,h,cpp}", { cwd: top }).filter((file) => !file.includes(".gen."));
const textOf = new Map(code.map((file) => [file, readFileSync(`${top}${file}`, "utf8")]));
const filesWith = (name: RegExp) => code.filter((file) => name.test(textOf.get(file) ?? "")).sort();

describe("CONTRIBUTING.md", () => {
	it("says of each change how many files it touches, and which", () => {
		expect(cells.length).toBeGreaterThan(8);
		for (const row of cells)
			expect(row).toEqual([expect.anything(), expect.stringMatching(/^\d+$/), expect.anything()]);
		const counts = Object.fromEntries(cells.map(([name, count]) => [name, Number(count)]));
		for (const [name, most] of Object.entries(MOST)) expect(counts[name], name).toBeLessThanOrEqual(most);
	});
	it("names paths that are there", () => {
		const paths = [...text.matchAll(/`((?:src|bpf|native|scripts|test|schema)\/[^`*…]*|[A-Z]+\.md)`/g)].map(
			([, path]) => path,
		);
		expect(paths.length).toBeGreaterThan(10);
		expect(paths.filter((path) => !existsSync(`${top}${path}`))).toEqual([]);
	});
	it("is joined by a README that names each folder of tests", () => {
		const folders = globSync("test/*/", { cwd: top }).map((folder) => folder.split("/")[1]);
		const readme = readFileSync(`${top}test/README.md`, "utf8");
		expect(folders.length).toBeGreaterThan(20);
		expect(folders.filter((folder) => !readme.includes(`\`${folder}/\``))).toEqual([]);
	});
	it("names scripts of package.json", () => {
		const names = [...text.matchAll(/npm run ([a-z]+(?::[a-z]+)?)/g)].map(([, name]) => name as string);
		expect(names.length).toBeGreaterThan(10);
		expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
	});
	it.each(Object.entries(WITNESSES))("counts what a new %s touches", (name, witness) => {
		const { files, besides = [], again = [] } = witness;
		expect(filesWith(witness.name)).toEqual([...files, ...again].sort());
		const row = cells.find(([change]) => change === name);
		expect(Number(row?.[1])).toBe(files.length + besides.length);
	});
	it("is right that only the registry imports a pane", () => {
		const panes = globSync("src/panes/*/index.ts", { cwd: top }).map((file) => file.split("/")[2]);
		expect(panes.length).toBeGreaterThanOrEqual(10);
		for (const pane of panes) {
			const own = `src/panes/${pane}/`;
			const beside = filesWith(new RegExp(`from "\\.\\.?/${pane}/`)).filter((file) => file.startsWith("src/panes/"));
			const beyond = filesWith(new RegExp(`from "[^"]*/panes/${pane}/`));
			expect([...beside, ...beyond].filter((file) => !file.startsWith(own))).toEqual(["src/panes/index.ts"]);
		}
	});
});
