// workloads.mjs [MACHINE] : compiles all workloads of test/kernel, for guests that have no compiler.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { compileWorkload, here } from "../../test/helpers/workload.ts";
import { arm64 } from "./arm64.mjs";

const target = process.argv[2] === "aarch64" ? arm64 : here;
for (const file of readdirSync(join(import.meta.dirname, "../../test/kernel/workloads")))
	if (file.endsWith(".c")) compileWorkload(basename(file, ".c"), target);
