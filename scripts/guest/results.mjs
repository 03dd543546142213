// The results of tests.sh for one kernel, and the table of all kernels in bpf/README.md that is made from them.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { top } from "../setup/paths.mjs";

/**
 * The last runs, by series: { kernel, date, probes: { PROBE: CELL }, tests: { date, passed, failed, skipped } | null }.
 */
const memory = join(top, "bpf/kernels.json");
const readme = join(top, "bpf/README.md");
const BEGIN = "<!-- written by npm run test:kernels -->";
const END = "<!-- end -->";

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** The total of all runs in one guest; null if the first run, which has the requested tests, has no result. */
export function readSum(folder) {
	const files = ["sum.json", "lockdown.json"].map((name) => join(folder, name));
	if (!existsSync(files[0])) return null;
	const sum = { passed: 0, failed: existsSync(files[1]) ? 0 : 1, skipped: 0 };
	for (const each of files.filter(existsSync).map(readJson)) {
		sum.passed += each.passed;
		sum.failed += each.failed;
		sum.skipped += each.skipped.length;
	}
	return sum;
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

/** Keeps the results that a guest left in `folder`; the totals only if it ran all tests. */
export function keepResults(series, kernel, folder, isWhole) {
	const kept = existsSync(memory) ? readJson(memory) : {};
	const date = new Date().toISOString().slice(0, 10);
	const cells = probesIn(folder).map(({ probe, state, variant }) => [probe, CELL[state](variant)]);
	const tests = isWhole ? { date, ...readSum(folder) } : (kept[series]?.tests ?? null);
	kept[series] = { kernel, date, probes: Object.fromEntries(cells), tests };
	writeFileSync(memory, `${JSON.stringify(kept, null, "\t")}\n`);
}

const row = (cells) => `| ${cells.join(" | ")} |`;

/** Probes with the same cells on all kernels share a row. */
export function table(kernels) {
	const probes = [...new Set(kernels.flatMap(({ probes }) => Object.keys(probes)))];
	const rows = Map.groupBy(probes, (probe) => row(kernels.map((kernel) => kernel.probes[probe] ?? "–")));
	const sum = ({ tests }) => {
		if (tests === null) return "not all were run";
		return `${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped, ${tests.date}`;
	};
	return [
		row(["probe", ...kernels.map(({ kernel }) => kernel)]),
		`|${"---|".repeat(kernels.length + 1)}`,
		...[...rows].map(([cells, names]) => `| ${names.join(", ")} ${cells}`),
		row(["loaded on", ...kernels.map(({ date }) => date)]),
		row(["tests", ...kernels.map(sum)]),
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
	writeFileSync(readme, `${text.slice(0, before)}${BEGIN}\n\n${table(kernels).join("\n")}\n\n${text.slice(after)}`);
}
