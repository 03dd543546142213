// Installs the packages that guests need on this machine, or prints the command to run.
import { SetupError } from "../setup/report.mjs";
import { guestPackages, installSystemPackages } from "../setup/system-packages.mjs";

try {
	await installSystemPackages(guestPackages);
} catch (error) {
	if (!(error instanceof SetupError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
