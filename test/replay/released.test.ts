/** Recordings of every released version can be read: `record-release.ts` made these. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { version } from "../../src/cli/version.ts";
import { recordedSnapshots } from "../helpers/recorded-snapshots.ts";

const top = fileURLToPath(new URL("recorded/", import.meta.url));
const versions = readdirSync(top);

it("there are recordings of this version", () => {
	expect(versions).toContain(version());
});

describe.each(versions)("a recording of %s", (released) => {
	it.each(["segments", "records"])("%s has what was recorded; only fields may be new", async (name) => {
		const path = join(top, released, name);
		const expected = gunzipSync(readFileSync(`${path}.json.gz`))
			.toString()
			.split("\n");
		const played = await recordedSnapshots(path);
		expect(played.length).toBe(expected.length);
		for (const [at, line] of expected.entries()) expect(played[at]).toMatchObject(JSON.parse(line));
	});
});
