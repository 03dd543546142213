// What guests of arm64 run, made on this machine with clang, lld, and what fetch.sh unpacked. Run as a program: builds the addon.
import { join } from "node:path";
import { build } from "../setup/native-build.mjs";
import { top } from "../setup/paths.mjs";

const root = join(top, ".guest/arm64");
const clang = ["clang", "--target=aarch64-linux-gnu", `--sysroot=${root}`, "-fuse-ld=lld"];

/** For compileWorkload(): into which folder, and by which commands for 64 and 32 bits. */
export const arm64 = {
	folder: join(top, "build/arm64/workloads"),
	compiler: [...clang, "-Wno-unused-but-set-variable"],
	compiler32: ["clang", "--target=arm-linux-gnueabihf", "-fuse-ld=lld", "-Wno-unused-command-line-argument"],
};

if (process.argv[1] === import.meta.filename)
	await build("build/arm64", { CMAKE_TOOLCHAIN_FILE: join(top, "scripts/guest/arm64.cmake") });
