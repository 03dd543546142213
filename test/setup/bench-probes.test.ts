/** `npm run bench` measures every probe of native/bpf/probe-table.cpp: a new one cannot be forgotten. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { MEASURED_ELSEWHERE, NOT_TIMED, PROBED } from "../bench/cases/probes.ts";

const top = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(top, path), "utf8");
const table = read("native/bpf/probe-table.cpp");
const rows = table.slice(table.indexOf("const ProbeRow rows[]"), table.indexOf("constexpr std::string_view expensive"));

test("each probe is measured by one line, or it is said why by none", () => {
	const probes = new Set([...rows.matchAll(/^\t\{"([a-z-]+)",/gm)].map(([, name]) => name));
	expect(probes.size).toBeGreaterThan(50);
	const measured = [
		...PROBED.flatMap((each) => each.probes),
		...Object.values(MEASURED_ELSEWHERE).flat(),
		...NOT_TIMED,
	];
	expect(measured.toSorted()).toEqual([...probes].toSorted());
});

test("the lines and what they measure exist, and ebtop takes their options", () => {
	const folder = "test/bench/cases";
	const cases = readdirSync(join(top, folder)).filter((name) => name !== "probes.ts");
	const texts = cases.map((name) => read(`${folder}/${name}`)).join("");
	for (const line of Object.keys(MEASURED_ELSEWHERE)) expect(texts).toContain(`"${line}"`);
	const load = read("test/bench/load/probes.c");
	for (const { thing, options } of PROBED) {
		expect(load).toContain(`{"${thing}", `);
		for (const words of options) expect(parseCommandLine([...words]).events).toBeDefined();
	}
});
