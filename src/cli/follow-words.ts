/** The command line of `ebtop follow`: its options, then `--` and the command. */

import { parseArgs } from "node:util";
import type { MatchFinder } from "../model/filter/index.ts";
import type { OptionText } from "./options.ts";
import { parseFile, parseRedact, usage } from "./values.ts";

export interface FollowOptions {
	readonly receipt: string;
	readonly lingerSeconds: number;
	readonly orRun: boolean;
	readonly noArgs: boolean;
	/** What is taken out of every text. */
	readonly redact: readonly MatchFinder[];
	/** Print the rules, and run nothing. */
	readonly rules: boolean;
	/** The program and its arguments. */
	readonly command: readonly string[];
}

const LINGER = { usual: 2, max: 86_400 };

export const FOLLOW_OPTIONS = [
	{ name: "receipt", value: "FILE", completes: "file", help: "the file for the receipt; required" },
	{
		name: "linger",
		value: "SEC",
		help: `how long to wait for descendants after the command has ended, default ${LINGER.usual}`,
	},
	{ name: "or-run", help: "if ebtop cannot watch, run the command anyway, without a receipt" },
	{ name: "no-args", help: "keep command lines out of the receipt" },
	{
		name: "redact",
		value: "REGEX",
		help: "put [redacted-…] in the place of what matches in every name and command line of the receipt; may be given several times",
	},
	{ name: "rules", help: "print the rules that decide what the command caused, and how certain each is" },
] as const satisfies readonly OptionText[];

type ParseTable = {
	[Option in (typeof FOLLOW_OPTIONS)[number] as Option["name"]]: {
		type: Option extends { value: string } ? "string" : "boolean";
		multiple: Option["name"] extends "redact" ? true : false;
	};
};

const PARSE_TABLE = Object.fromEntries(
	FOLLOW_OPTIONS.map((option) => [
		option.name,
		{ type: "value" in option ? "string" : "boolean", multiple: option.name === "redact" },
	]),
) as ParseTable;

/** Throws a Failure of status 2. */
export function parseFollow(words: readonly string[]): FollowOptions {
	const border = words.indexOf("--");
	const command = border < 0 ? [] : words.slice(border + 1);
	const values = parseOwn(border < 0 ? words : words.slice(0, border));
	const rules = values.rules ?? false;
	if (values.receipt === undefined && !rules) throw usage("ebtop follow needs --receipt FILE.");
	if (command.length === 0 && !rules) throw usage("ebtop follow needs a command: ebtop follow --receipt FILE -- CMD.");
	return {
		receipt: values.receipt === undefined ? "" : parseFile(values.receipt),
		lingerSeconds: values.linger === undefined ? LINGER.usual : parseLinger(values.linger),
		orRun: values["or-run"] ?? false,
		noArgs: values["no-args"] ?? false,
		redact: (values.redact ?? []).flatMap(parseRedact),
		rules,
		command,
	};
}

function parseOwn(words: readonly string[]) {
	try {
		return parseArgs({
			args: [...words],
			options: PARSE_TABLE,
		}).values;
	} catch {
		throw usage(
			"ebtop follow takes --receipt FILE, --linger SEC, --or-run, --no-args and --redact REGEX, then -- and the command, or --rules alone.",
		);
	}
}

function parseLinger(text: string): number {
	const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
	if (seconds <= LINGER.max) return seconds;
	throw usage(`--linger takes seconds from 0 to ${LINGER.max}, not "${text}".`);
}
