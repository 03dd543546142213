// The addon must load on machines that have no libbpf, libelf or zlib, and an old libstdc++ (native/link/README.md).
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const addon = fileURLToPath(new URL("../../build/Release/ebtop.node", import.meta.url));
const readelf = (...options: string[]) => execFileSync("readelf", ["--wide", ...options, addon], { encoding: "utf8" });

it("needs only the C library and libgcc_s, which Node needs too", () => {
	const needed = [...readelf("--dynamic").matchAll(/NEEDED.*\[(.+)\]/g)].map((match) => match[1]);
	const allowed = /^(libgcc_s\.so\.1|libc\.so\.6|libm\.so\.6|ld-linux-.*)$/;
	expect(needed.length).toBeGreaterThan(0);
	expect(needed.filter((library) => !allowed.test(library ?? ""))).toEqual([]);
});

it("needs no glibc newer than 2.28, as Node does", () => {
	const minors = [...readelf("--version-info").matchAll(/GLIBC_2\.(\d+)/g)].map((match) => Number(match[1]));
	expect(minors.length).toBeGreaterThan(0);
	expect(Math.max(...minors)).toBeLessThanOrEqual(28);
});

it("exports nothing of the statically linked libraries to other addons", () => {
	const defined = [...readelf("--dyn-syms").matchAll(/GLOBAL DEFAULT\s+\d+ (\S+)/g)].map((match) => match[1] ?? "");
	expect(defined).toContain("napi_register_module_v1");
	expect(defined.filter((name) => /^(bpf|btf|libbpf|elf|gelf|z|deflate|inflate)_|^__libelf/.test(name))).toEqual([]);
});

it("prints nothing itself: all terminal output goes through src/output/door.ts", () => {
	const wanted = [...readelf("--dyn-syms").matchAll(/ UND (\w+)/g)].map((match) => match[1] ?? "");
	expect(wanted).toContain("malloc");
	const printing =
		/^(std(out|err)|_ZSt4c(out|err)|_ZSt4clog|(__)?v?printf(_chk)?|fdopen|puts|putchar|perror|psignal|error|warnx?|errx?)$/;
	expect(wanted.filter((name) => printing.test(name))).toEqual([]);
});

it("is protected: relocations read-only after load, no executable stack", () => {
	expect(readelf("--dynamic")).toMatch(/BIND_NOW|NOW/);
	const segments = readelf("--segments");
	expect(segments).toContain("GNU_RELRO");
	expect(segments).toMatch(/GNU_STACK.*RW\s/);
});

it("loads in this process", () => {
	const { wireVersion } = createRequire(import.meta.url)(addon);
	expect(wireVersion).toBeTypeOf("number");
});
