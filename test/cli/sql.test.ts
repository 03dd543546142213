import { describe, expect, it } from "vitest";
import { runEbtop } from "../helpers/run-ebtop.ts";

const ask = (query: string, ...words: string[]) => runEbtop("--demo", "--sql", query, ...words);

describe("--sql", () => {
	it("prints a table whose columns are as wide as their cells, numbers to the right", async () => {
		const { status, stdout, stderr } = await ask(
			"SELECT 7 AS n, 'two\nlines' AS text, NULL AS x UNION ALL SELECT 1013, 'b', x'ff'",
		);
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(stdout).toBe(["   n  text        x", "   7  two\\nlines", "1013  b           ff", ""].join("\n"));
	});
	it("prints JSON Lines with --json, whole numbers with all their digits", async () => {
		const { stdout } = await ask("SELECT 9007199254740993 AS n, 0.5, 'é' AS n", "--json");
		expect(stdout).toBe('{"n":9007199254740993,"0.5":0.5,"n:2":"é"}\n');
	});
	it("agrees with the snapshots of the same recording", async () => {
		const [{ stdout }, { stdout: lines }] = await Promise.all([
			ask("SELECT seq, count(*) AS files, sum(writeBytes) AS bytes FROM files GROUP BY seq", "--json"),
			runEbtop("--demo", "--json", "--panes", "files"),
		]);
		const wanted = lines
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line))
			.map(({ seq, files }) => ({
				seq,
				files: files.length,
				bytes: files.reduce((sum: number, { writeBytes }: { writeBytes: number }) => sum + writeBytes, 0),
			}));
		expect(wanted.length).toBeGreaterThan(20);
		expect(
			stdout
				.trimEnd()
				.split("\n")
				.map((line) => JSON.parse(line)),
		).toEqual(wanted);
	});
	it("makes text safe that a query puts together", async () => {
		const { stdout } = await ask("SELECT char(27) || '[2J' AS text");
		expect(stdout).toBe("text\n\\x1b[2J\n");
	});
	it("refuses what does not only read, with status 2 and a sentence", async () => {
		const { status, stdout, stderr } = await ask("ATTACH '/tmp/eb.db' AS eb");
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
		expect(stderr).toBe("ebtop: --sql only reads: use SELECT; nothing is written, attached or loaded.\n");
	});
});
