/** Compiles small programs around parts of native/, for tests that are not possible through the addon. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";

const top = join(import.meta.dirname, "../..");
const cache = join(top, "build/native-tests");

/** Sources that a program may use. */
const folders = ["native", "bpf/lib", "bpf/wire", "test/native"].map((folder) => join(top, folder));

function newestOf(folder: string): number {
	const files = readdirSync(folder, { recursive: true }) as string[];
	return Math.max(...files.map((file) => statSync(join(folder, file)).mtimeMs));
}

/** The program of test/native/`name`.cpp and these sources of native/; compiled if any source is newer. */
export function compileNative(name: string, sources: readonly string[], ...flags: readonly string[]): string {
	const binary = join(cache, `eb-${name}`);
	if (existsSync(binary) && statSync(binary).mtimeMs > Math.max(...folders.map(newestOf))) return binary;
	mkdirSync(cache, { recursive: true });
	const files = [join(top, `test/native/${name}.cpp`), ...sources.map((source) => join(top, `native/${source}.cpp`))];
	const unfinished = `${binary}.${process.pid}`;
	execFileSync("g++", ["-std=c++20", "-o", unfinished, ...files, ...flags]);
	renameSync(unfinished, binary);
	return binary;
}
