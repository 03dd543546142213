import { expect, test } from "vitest";
import { MEASURED_ON, RULES } from "../../src/follow/rules.ts";
import { runEbtop } from "../helpers/run-ebtop.ts";

test("ebtop follow --rules prints each rule, how sure it is, what it says, and how often it was right", async () => {
	const { status, stdout, stderr } = await runEbtop("follow", "--rules");
	expect([status, stderr]).toEqual([0, ""]);
	const lines = stdout.trimEnd().split("\n");
	expect(lines.splice(-2)).toEqual(["", `Measured ${MEASURED_ON}.`]);
	const [rules, figures] = [0, 1].map((odd) => lines.filter((_, index) => index % 2 === odd));
	expect(rules?.map((line) => line.replaceAll(/ +/g, " "))).toEqual(
		RULES.map(({ rule, class: sure, says }) => `${rule} ${sure} ${says}`),
	);
	const figure = /^ +(not in the benchmark|\d+ % of \d+ files right: [a-z ]+)$/;
	expect(figures?.filter((line) => !figure.test(line))).toEqual([]);
});
