import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { demoPath } from "../../src/run/open-recording.ts";
import { recordedSnapshots } from "../helpers/recorded-snapshots.ts";
import { runEbtop } from "../helpers/run-ebtop.ts";

const demo = demoPath();
const schema = JSON.parse(readFileSync(new URL("../../schema/diff.schema.json", import.meta.url), "utf8"));

describe("ebtop diff", () => {
	it("prints nothing about a recording and itself, status 0", async () => {
		expect(await runEbtop("diff", demo, demo)).toEqual({ status: 0, stdout: "", stderr: "" });
	});
	it("compares two spans of one recording, status 1", async () => {
		const [from, to] = (await recordedSnapshots(demo)).flatMap(({ time }, at) =>
			at % 10 === 5 ? [time.slice(0, 19)] : [],
		);
		const span = `${from?.slice(11)}..${to?.slice(11)}`;
		const spans = [`${demo}@${span}`, `${demo}@-5s..`];
		const [text, json] = await Promise.all([runEbtop("diff", ...spans), runEbtop("diff", "--json", ...spans)]);
		expect([text.status, text.stderr, json.status, json.stderr]).toEqual([1, "", 1, ""]);
		const begin = `a  ${demo}@${span}: demo, ${from}`;
		expect(text.stdout.slice(0, begin.length)).toBe(begin);
		expect(text.stdout.slice(begin.length)).toMatch(new RegExp(`^\\.\\d+Z to ${to}`));
		expect(text.stdout).toMatch(/^~ \S.*: .* to /m);
		const comparison = JSON.parse(json.stdout);
		const validate = new Ajv2020({ strict: false }).compile(schema);
		expect(validate(comparison), JSON.stringify(validate.errors)).toBe(true);
		expect(comparison.b.seconds).toBeGreaterThan(3);
		expect(comparison.b.seconds).toBeLessThan(7);
	});
	it.each([
		[["only-one"], /takes two recordings/],
		[
			[demo, "/nonexistent/eb.ebtop"],
			/^ebtop: Cannot play \/nonexistent\/eb\.ebtop: there is no such file or directory\.$/,
		],
		[[demo, `${demo}@noon..`], /^ebtop: "noon" is not a time: /],
		[[demo, `${demo}@2030-01-01T00:00..`], /^ebtop: The recording ends at /],
		[[demo, `${demo}@-0s..`], /^ebtop: There is only one refresh in /],
	])("says what is wrong with %j, status 2", async (words, message) => {
		const { status, stdout, stderr } = await runEbtop("diff", ...words);
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
		expect(stderr.trimEnd()).toMatch(message);
		expect(stderr).toMatch(/^[^\n]+\.\n$/);
	});
});
