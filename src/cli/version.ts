/** The version: fixed by the bundler, or read from package.json when running from the sources. */

import { readFileSync } from "node:fs";

export function version(): string {
	return process.env.EBTOP_VERSION ?? fromPackage();
}

function fromPackage(): string {
	const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
	return (JSON.parse(text) as { version: string }).version;
}
