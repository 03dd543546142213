/** Functions of a library, compared with readelf; files that are no library, and damaged ones. */

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { compileNative } from "../helpers/compile-native.ts";

const run = (command: string, ...words: string[]) => execFileSync(command, words, { encoding: "utf8" });
const program = () => compileNative("elf-symbols", ["elf-symbols"], "-g", "-fsanitize=address,undefined");

/** The C library of this machine, as the dynamic linker finds it. */
const libc = /=> (\S*libc\.so\S*)/.exec(run("ldd", "/bin/ls"))?.[1] ?? "";

test("a function that the library exports, and one that it does not", () => {
	const symbols = run("readelf", "--dyn-syms", "--wide", libc);
	const address = Number.parseInt(/(\w+) +\d+ FUNC .* getaddrinfo@/.exec(symbols)?.[1] ?? "", 16);
	const load = run("readelf", "--program-headers", "--wide", libc)
		.split("\n")
		.map((line) =>
			/LOAD +0x(\w+) 0x(\w+) \S+ 0x(\w+) \S+ R E/
				.exec(line)
				?.slice(1)
				.map((hex) => Number.parseInt(hex, 16)),
		)
		.find((segment) => segment !== undefined);
	const [offset = 0, virtual = 0] = load ?? [];
	expect(run(program(), libc).trim().split("\n").map(Number)).toEqual([address - virtual + offset, 0]);
});

test("what is no library has none", () => {
	expect(run(program(), "/etc/passwd").trim().split("\n")).toEqual(["0", "0"]);
});

test("damaged headers and symbols", () => {
	expect(run(program(), libc, "7", "300").trim()).toBe("300");
});
