/** Every example of share/ASKING.md, asked about the demo. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const page = readFileSync(new URL("../../share/ASKING.md", import.meta.url), "utf8");
const launcher = fileURLToPath(new URL("../../bin/ebtop", import.meta.url));
const examples = [...page.matchAll(/^```sh\n(.*?)\n```$/gms)].map((match) => match[1] ?? "");

it.concurrent.each(examples)("%s", (example) => {
	const script = `set -o pipefail; ebtop() { ${launcher} "$@" --demo; }; ${example}`;
	const { status, stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	expect(stdout.trim()).not.toBe("");
	expect(stdout).not.toContain("null");
});

it("has examples", () => expect(examples.length).toBeGreaterThan(5));
