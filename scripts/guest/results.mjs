// The results of tests.sh for one kernel, and the table of all kernels in bpf/README.md that is made from them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { top } from "../setup/paths.mjs";

/**
 * By series: { kernel, date, probes: { PROBE: CELL }, tests: { FILE: { date, passed, failed, skipped } } }. Each test file's
 * last run, which need not have been the same one for all.
 */
const memory = join(top, "bpf/kernels.json");
const readme = join(top, "bpf/README.md");
const BEGIN = "<!-- written by npm run test:kernels -->";
const END = "<!-- end -->";

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

const LINE = "@@ tests ";

/**
 * What the log of a guest has for each test file: { FILE: { passed, failed, skipped } }. The run under lockdown comes last
 * and counts for its file.
 */
export function sumsIn(log) {
	const lines = log.split("\n").filter((line) => line.startsWith(LINE));
	const sums = lines.map((line) => JSON.parse(line.slice(LINE.length)));
	return Object.fromEntries(sums.map(({ file, ...sum }) => [file, sum]));
}

/** The total of some test files. */
export function totalOf(sums) {
	const add = (total, each) => ({
		passed: total.passed + each.passed,
		failed: total.failed + each.failed,
		skipped: total.skipped + each.skipped,
	});
	return Object.values(sums).reduce(add, { passed: 0, failed: 0, skipped: 0 });
}

const CELL = {
	on: (variant) => `\`${variant}\``,
	fallback: (variant) => `\`${variant}\`, shows less`,
	off: () => "–",
};

const probesIn = (folder) => readJson(join(folder, "probes.json")).probes;

/** Probes whose programs are meant for such kernels and were refused by this one (native/bpf/object.cpp). */
export function refusedIn(folder) {
	const isRefused = ({ reason }) => reason?.includes("The kernel refuses the program");
	return probesIn(folder).flatMap((each) => (isRefused(each) ? [each.probe] : []));
}

/** Keeps the results that a guest left in `folder` and in its log. */
export function keepResults(series, kernel, folder, log) {
	const kept = existsSync(memory) ? readJson(memory) : {};
	const date = new Date().toISOString().slice(0, 10);
	const cells = probesIn(folder).map(({ probe, state, variant }) => [probe, CELL[state](variant)]);
	const before = kept[series]?.kernel === kernel ? kept[series].tests : {};
	const now = Object.entries(sumsIn(log)).map(([file, sum]) => [file, { date, ...sum }]);
	const tests = Object.entries({ ...before, ...Object.fromEntries(now) })
		.filter(([file]) => existsSync(join(top, file)))
		.sort(([one], [other]) => one.localeCompare(other));
	kept[series] = { kernel, date, probes: Object.fromEntries(cells), tests: Object.fromEntries(tests) };
	writeFileSync(memory, `${JSON.stringify(kept, null, "\t")}\n`);
}

const row = (cells) => `| ${cells.join(" | ")} |`;

/** Probes with the same cells on all kernels share a row. `files`: how many test files there are. */
export function table(kernels, files) {
	const probes = [...new Set(kernels.flatMap(({ probes }) => Object.keys(probes)))];
	const rows = Map.groupBy(probes, (probe) => row(kernels.map((kernel) => kernel.probes[probe] ?? "–")));
	const sum = ({ tests }) => {
		const { passed, failed, skipped } = totalOf(tests);
		return `${passed} passed, ${failed} failed, ${skipped} skipped`;
	};
	const count = ({ tests }) => `${Object.keys(tests).length} of ${files}`;
	const oldest = ({ tests }) =>
		Object.values(tests)
			.map(({ date }) => date)
			.sort()[0] ?? "–";
	return [
		row(["probe", ...kernels.map(({ kernel }) => kernel)]),
		`|${"---|".repeat(kernels.length + 1)}`,
		...[...rows].map(([cells, names]) => `| ${names.join(", ")} ${cells}`),
		row(["loaded on", ...kernels.map(({ date }) => date)]),
		row(["test files that were run", ...kernels.map(count)]),
		row(["not before", ...kernels.map(oldest)]),
		row(["tests in them", ...kernels.map(sum)]),
	];
}

/** Rewrites the table between its marks. */
export function writeTable() {
	const byAge = (one, other) => one.localeCompare(other, "en", { numeric: true });
	const kept = readJson(memory);
	const kernels = Object.keys(kept)
		.sort(byAge)
		.map((series) => kept[series]);
	const text = readFileSync(readme, "utf8");
	const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
	if (before < 0 || after < before) throw new Error(`${readme} has no place for the table`);
	const files = readdirSync(join(top, "test/kernel")).filter((name) => name.endsWith(".test.ts")).length;
	const rows = table(kernels, files).join("\n");
	writeFileSync(readme, `${text.slice(0, before)}${BEGIN}\n\n${rows}\n\n${text.slice(after)}`);
}
