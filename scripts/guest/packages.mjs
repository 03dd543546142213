// Installs what guests need here, or says what to run.
import { SetupError } from "../setup/report.mjs";
import { guestPackages, installSystemPackages } from "../setup/system-packages.mjs";

try {
	installSystemPackages(guestPackages);
} catch (error) {
	if (!(error instanceof SetupError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
