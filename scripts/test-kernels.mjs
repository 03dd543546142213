/**
 * `npm run test:kernels [-- SERIES… [-- FILTER…]]`: runs the kernel tests (or those that FILTER… matches) on stock
 * kernels in guests, 15 to 40 minutes for each with all tests, and writes the variant of each probe into bpf/README.md.
 *
 * `npm run test:kernels -- --ci`: for continuous integration. Loads all programs on the kernel that differs most, runs a few tests
 * there and writes nothing. If the kernel cannot be downloaded, it says so and that is no failure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { keepResults, refusedIn, writeTable } from "./guest/results.mjs";
import { environment, top } from "./setup/paths.mjs";

/**
 * Of Debian for x86-64, 5.15 of Ubuntu: two for the old form of the programs, the oldest that all is there on, a stable one, the
 * newest. Of arm64, 6.12.
 */
const KERNELS = ["5.10", "5.15", "6.1", "6.12", "7.2", "aarch64"];

const isCi = process.argv[2] === "--ci";
const CI = ["5.10", "--", ...["process", "syscall", "file.test", "retirement"].map((name) => `test/kernel/${name}`)];

const words = isCi ? CI : process.argv.slice(2);
const end = words.includes("--") ? words.indexOf("--") : words.length;
const wanted = words.slice(0, end);
const filters = words.slice(end + 1);
const options = { cwd: top, env: environment, stdio: "inherit" };

if (isCi && spawnSync("scripts/guest/fetch.sh", wanted, options).status !== 0) {
	process.stdout.write(`skipped: Linux ${wanted} (its packages or qemu's cannot be downloaded, see above)\n`);
	process.exit();
}

for (const series of wanted.length > 0 ? wanted : KERNELS) {
	const tests = filters.length > 0 ? ["--", ...filters] : [];
	const endsWithThis = ["--pdeathsig", "TERM", "scripts/guest/tests.sh"];
	const { status } = spawnSync("setpriv", [...endsWithThis, series, ...tests], options);
	if (status !== 0) process.exitCode = 1;
	const folder = join(top, ".guest/tests", series);
	if (!existsSync(join(folder, "probes.json"))) continue; // the guest did not boot
	const log = readFileSync(`${folder}.log`, "utf8");
	const [, kernel] = /^@@ ready (.*)$/m.exec(log);
	const refused = refusedIn(folder);
	if (refused.length > 0) {
		process.stdout.write(`${kernel} refuses programs of ${refused.join(", ")}\n`);
		process.exitCode = 1;
	}
	if (isCi) continue;
	keepResults(series, kernel, folder, log);
	writeTable();
}
