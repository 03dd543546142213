// Compiles all workloads of test/kernel, for guests that have no compiler.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { compileWorkload } from "../../test/helpers/workload.ts";

for (const file of readdirSync(join(import.meta.dirname, "../../test/kernel/workloads")))
	if (file.endsWith(".c")) compileWorkload(basename(file, ".c"));
