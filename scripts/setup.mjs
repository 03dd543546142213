// Everything between a fresh clone and a runnable ebtop. Plain Node without packages, since it runs before there are any.
import { bundleProgram, keepCompiledCode } from "./setup/bundle.mjs";
import { buildAddon } from "./setup/native-build.mjs";
import { installNpmPackages } from "./setup/npm-packages.mjs";
import { fetchOtlpReceiver } from "./setup/otlp-receiver.mjs";
import { SetupError } from "./setup/report.mjs";
import { buildPackages, installSystemPackages, testPackages } from "./setup/system-packages.mjs";

const withTests = process.argv.includes("--with-tests");
// Takes seconds and is stale after the next edit: only requested by what should start quickly, or measures the start.
const keepsCode = process.argv.includes("--keep-code");

try {
	// apt waits for the network and for the disk, and takes one CPU.
	const others = withTests ? testPackages : [];
	await Promise.all([installSystemPackages(buildPackages, others), installNpmPackages()]);
	const receiver = withTests ? fetchOtlpReceiver() : null;
	await Promise.all([installSystemPackages(others), buildAddon(), bundleProgram()]);
	if (keepsCode) keepCompiledCode();
	await receiver;
} catch (error) {
	if (!(error instanceof SetupError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
