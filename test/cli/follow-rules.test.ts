import { expect, test } from "vitest";
import { RULES } from "../../src/follow/rules.ts";
import { runEbtop } from "../helpers/run-ebtop.ts";

test("ebtop follow --rules prints each rule, how sure it is and what it says", async () => {
	const { status, stdout, stderr } = await runEbtop("follow", "--rules");
	expect([status, stderr]).toEqual([0, ""]);
	const lines = stdout.trimEnd().split("\n");
	expect(lines.map((line) => line.replaceAll(/ +/g, " "))).toEqual(
		RULES.map(({ rule, class: sure, says }) => `${rule} ${sure} ${says}`),
	);
});
