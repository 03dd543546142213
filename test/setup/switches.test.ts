/** Optional parts: each switch leaves out its part. launcher.test.ts checks that ebtop runs without compiled code. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, expect, test } from "vitest";
import { programOptions } from "../../scripts/setup/bundle.mjs";
import { fingerprint } from "../../scripts/setup/fingerprint.mjs";
import { top } from "../../scripts/setup/paths.mjs";
import { has, leftOut } from "../../scripts/setup/switches.mjs";

const before = process.env.EBTOP_WITHOUT;
afterEach(() => {
	if (before === undefined) delete process.env.EBTOP_WITHOUT;
	else process.env.EBTOP_WITHOUT = before;
});

test("unknown names are refused with a message", () => {
	process.env.EBTOP_WITHOUT = "joined-output,toString";
	expect(() => has("code-cache")).toThrow(
		'EBTOP_WITHOUT knows no "toString"; it knows joined-output, shared-btf, code-cache.',
	);
});

test("without the variable nothing is left out, and each name leaves out its part alone", () => {
	delete process.env.EBTOP_WITHOUT;
	expect(leftOut()).toEqual([]);
	process.env.EBTOP_WITHOUT = "code-cache,shared-btf";
	expect([has("joined-output"), has("shared-btf"), has("code-cache")]).toEqual([true, false, false]);
});

test("what is left out is a part of the fingerprint", () => {
	expect(fingerprint(["LICENSE"], ["shared-btf"])).not.toBe(fingerprint(["LICENSE"]));
});

test.each([
	["joined-output", false],
	["", true],
])("the bundle without %j: is our replacement of Ink's output in it? %s", async (without, isThere) => {
	process.env.EBTOP_WITHOUT = without;
	const { metafile } = await build({ ...programOptions(), write: false, metafile: true });
	const files = Object.keys(metafile.inputs);
	expect(files.some((file) => file.endsWith("/ink/build/output.js"))).toBe(true);
	expect(files.includes("src/ui/ink/joined-output.ts")).toBe(isThere);
});

test.each([
	["without", ["-DEBTOP_WITHOUT_SHARED_BTF"], []],
	["with", [], ["T __wrap_bpf_core_patch_insn", "T __wrap_btf__free", "T __wrap_btf__load_vmlinux_btf"]],
])("the addon %s shared-btf stands in for libbpf's functions: %s", (_, flags, wanted) => {
	const folder = mkdtempSync(join(tmpdir(), "eb-"));
	const object = join(folder, "shared-kernel-btf.o");
	execFileSync("g++", [
		"-std=c++20",
		`-I${top}/native`,
		...flags,
		"-c",
		"-o",
		object,
		`${top}/native/bpf/shared-kernel-btf.cpp`,
	]);
	const symbols = execFileSync("nm", [object], { encoding: "utf8" });
	rmSync(folder, { recursive: true });
	expect(
		[...symbols.matchAll(/\S __(?:wrap|real)_\w+/g)].map(([symbol]) => symbol).filter((s) => s.startsWith("T")),
	).toEqual(wanted);
	expect(symbols.includes("__real_")).toBe(wanted.length > 0);
});
