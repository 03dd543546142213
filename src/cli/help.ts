/** `--help`, made from the table of options. */

import { wrapText } from "../format/text-width.ts";
import { FIELD_NAMES } from "../model/filter/index.ts";
import { OPTION_GROUPS, OPTIONS, type OptionText } from "./options.ts";

const WIDTH = 80;
/** A longer option has a line of its own. */
const MOST_INDENT = 24;

export function helpText(): string {
	const indent = Math.min(MOST_INDENT, Math.max(...OPTIONS.map((option) => synopsis(option).length)) + 2);
	const describe = (option: OptionText) => {
		const name = synopsis(option);
		const text = wrapText(option.help, WIDTH - indent).map((line) => " ".repeat(indent) + line);
		return name.length + 2 > indent ? [name, ...text] : [name + (text[0] ?? "").slice(name.length), ...text.slice(1)];
	};
	const lines = OPTION_GROUPS.flatMap((group) => [
		"",
		`${group}:`,
		...OPTIONS.filter((option) => option.group === group).flatMap(describe),
	]);
	return `ebtop: top for everything a Linux machine is doing

Usage: ebtop [options] [-- CMD]           the dashboard, of CMD alone
       ebtop follow --receipt FILE -- CMD  no screen; what CMD did goes to FILE
       ebtop receipt show [--min CLASS] FILE, receipt diff A B
       ebtop diff A B [--json]            two recordings, or spans FILE@FROM..TO
       ebtop serve [options]  no screen; others view what it measures
${lines.join("\n")}

Filter: FIELD OP VALUE with = != ~ !~ < <= > >=, joined by and, or, not and
parentheses; a bare number is a pid, a bare word is part of comm or args. Sizes
take K M G, times ns us ms s; quotes where a value has blanks. Fields:
${wrapText(FIELD_NAMES.join(" "), WIDTH - 2)
	.map((line) => `  ${line}`)
	.join("\n")}

Exit status: 0 done; 1 failed while running; 2 wrong usage; 3 this kernel or
these privileges cannot do it.
`;
}

function synopsis({ name, short, value }: OptionText): string {
	const long = value === undefined ? `--${name}` : `--${name} ${value}`;
	return `  ${short === undefined ? "    " : `-${short}, `}${long}`;
}
