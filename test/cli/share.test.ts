/** The manual page and the completions, checked with the programs that read them. */

import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { OPTIONS } from "../../src/cli/options.ts";
import { runEbtop } from "../helpers/run-ebtop.ts";

const share = join(import.meta.dirname, "../../share");
const completions = join(share, "completions");

/** What bash offers for the last of these words. */
function bash(...words: string[]): string[] {
	const script = `source ${completions}/ebtop.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ebtop
		printf '%s\\n' "\${COMPREPLY[@]}"`;
	const text = execFileSync("bash", ["--norc", "-c", script, "bash", ...words], { encoding: "utf8" });
	return text.split("\n").filter((line) => line !== "");
}

function fish(line: string): string[] {
	const script = `source ${completions}/ebtop.fish; complete -C ${JSON.stringify(line)}`;
	const text = execFileSync("fish", ["--no-config", "-c", script], { encoding: "utf8" });
	return text.split("\n").flatMap((offer) => (offer === "" ? [] : [offer.split("\t")[0] as string]));
}

describe("bash", () => {
	it.each([
		[["ebtop", "--pan"], ["--panes"]],
		[["ebtop", "--panes", "fi"], ["files"]],
		[["ebtop", "--panes", "tcp,fi"], ["tcp,files"]],
		[["ebtop", "--panes", "=", "fi"], ["files"]],
		[["ebtop", "--source", ""], ["proc"]],
		[["ebtop", "fol"], ["follow"]],
		[["ebtop", "follow", "--or"], ["--or-run"]],
		[["ebtop", "receipt", "d"], ["diff"]],
		[["ebtop", "-p", String(process.pid)], [String(process.pid)]],
		[["ebtop", "--json", "--", "bpftra"], []],
	])("%j", (words, offered) => {
		const found = bash(...words);
		if (offered.length === 0) expect(found).not.toContain("--panes");
		else expect(found).toEqual(offered);
	});
});

describe("fish", () => {
	it.each([
		["ebtop --pan", ["--panes"]],
		["ebtop --source ", ["proc"]],
		["ebtop --panes tcp,fi", ["tcp,files"]],
		["ebtop fol", ["follow"]],
		["ebtop follow --or", ["--or-run"]],
		["ebtop receipt d", ["diff"]],
	])("%s", (line, offered) => expect(fish(line)).toEqual(offered));
});

test("zsh reads its file, which has every option", () => {
	const file = join(completions, "_ebtop");
	expect(spawnSync("zsh", ["-n", file], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
	const text = execFileSync("cat", [file], { encoding: "utf8" });
	expect(OPTIONS.filter(({ name }) => !text.includes(`--${name}`))).toEqual([]);
});

describe("the manual", () => {
	let examples: [string, string][];
	beforeAll(async () => {
		({ EXAMPLES: examples } = await import(join(share, "manual.mjs")));
	});
	it("has no mistakes", () => {
		const { stdout } = spawnSync("mandoc", ["-T", "lint", "-W", "warning", join(share, "ebtop.1")], {
			encoding: "utf8",
		});
		expect(stdout).toBe("");
	});
	it("shows each option as it is typed", () => {
		const page = execFileSync("mandoc", ["-T", "ascii", join(share, "ebtop.1")], { encoding: "utf8" });
		const text = page.replaceAll(/.[\b]/g, ""); // bold is a letter over itself
		for (const { name, value } of OPTIONS) expect(text).toContain(`--${name}${value === undefined ? "" : ` ${value}`}`);
		expect(text).toContain("[options] [-- command ...]");
	});
	it("has examples with existing options, and queries that find fields of the JSON", async () => {
		const { stdout: line } = await runEbtop("--demo", "--once", "--json");
		expect(line).not.toBe("");
		for (const [, command] of examples) {
			const [own = "", query] = command.split(" | ");
			if (!own.startsWith("ebtop follow")) parseCommandLine(shellWords(own).slice(1));
			if (query === undefined) continue;
			const [jq = "", ...args] = shellWords(command.slice(own.length + 3));
			expect(spawnSync(jq, args, { input: line, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
		}
	});
});

const shellWords = (command: string): string[] =>
	execFileSync("bash", ["-c", `printf '%s\\0' ${command}`], { encoding: "utf8" })
		.split("\0")
		.slice(0, -1);
