// The lockfile must work on any machine, whatever its platform and registry, and whichever packages that registry
// lacks.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

interface Entry {
	readonly version?: string;
	readonly resolved?: string;
	readonly hasInstallScript?: boolean;
	readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const file = fileURLToPath(new URL("../../package-lock.json", import.meta.url));
const packages: Record<string, Entry> = JSON.parse(readFileSync(file, "utf8")).packages;

it("names no registry", () => {
	expect(Object.values(packages).filter((entry) => entry.resolved !== undefined)).toEqual([]);
});

it("has an entry for each optional package of every platform, or npm ci would find it out of date", () => {
	const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
	const missing = optional.filter(
		(name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)),
	);
	expect(optional.length).toBeGreaterThan(0);
	expect(missing).toEqual([]);
});

it("needs no install script but esbuild's, which only checks its binary", () => {
	const scripts = Object.entries(packages).filter(([, entry]) => entry.hasInstallScript);
	expect(scripts.map(([path]) => path)).toEqual(["node_modules/esbuild"]);
});
