// The manual page ebtop(1) in mdoc(7), made from the tables that the program itself goes by.
import { readFileSync } from "node:fs";
import { FOLLOW_OPTIONS } from "../src/cli/follow-words.ts";
import { OPTION_GROUPS, OPTIONS } from "../src/cli/options.ts";
import { FIELD_NAMES } from "../src/model/filter/index.ts";
import { PANES } from "../src/panes/index.ts";
import { keymapOf, keyName } from "../src/ui/state/keymap.ts";

/** Text as mdoc prints it: no escapes, no line that begins as a request does. */
function plain(text) {
	return text
		.replaceAll("\\", "\\e")
		.replaceAll("-", "\\-")
		.replaceAll(/^([.'])/gm, "\\&$1");
}

const sentence = (text) => `${plain(text.charAt(0).toUpperCase() + text.slice(1))}.`;

/** Words of a macro line: what could be a macro or a delimiter is taken as it is. */
function words(text) {
	return text
		.split(" ")
		.map((word) => (/^[A-Z][a-z]$|^[^\w-]|^[A-Z][a-z][0-9]?$/.test(word) ? `\\&${plain(word)}` : plain(word)))
		.join(" ");
}

/** Options of two dashes are one flag to mdoc, whose name begins with the second. */
const flag = (name) => `Fl Fl ${plain(name)}`;

function optionItem({ name, short, value, help }) {
	const tag = [...(short === undefined ? [] : [`Fl ${short} ,`]), flag(name)].join(" ");
	return `.It ${tag}${value === undefined ? "" : ` Ar ${words(value)}`}\n${sentence(help)}`;
}

const list = (items) => `.Bl -tag -width Ds\n${items.join("\n")}\n.El`;

function keyItems() {
	const seen = new Map();
	for (const { keys, help } of keymapOf(PANES)) {
		const names = keys.map(keyName);
		seen.set(help, [...(seen.get(help) ?? []), ...names]);
	}
	return [...seen].map(([help, names]) => `.It ${words([...new Set(names)].join(" "))}\n${sentence(help)}`);
}

/** What for, and the command. */
export const EXAMPLES = [
	[
		"Who writes most, in one second, as root:",
		`ebtop --once --json | jq -r '.processes | sort_by(-.writeRate)[:5][] | "\\(.pid) \\(.comm) \\(.writeRate)"'`,
	],
	["All links of nginx, five refreshes of 2 seconds:", "ebtop --batch --panes ipc --filter 'comm = nginx' -d 2 -n 5"],
	[
		"Which files a command opens that are not there:",
		"ebtop --events open-failed --json -- make | jq -r '.events[].data.path'",
	],
	[
		"What a command did, its children and theirs:",
		"ebtop follow --receipt build.json -- make && ebtop receipt show build.json",
	],
	["A recording for somebody else, without command lines:", "ebtop --record slow.ebtop --no-args -n 60"],
];

/** What the configuration file may hold, as its schema says it. */
const { properties } = JSON.parse(readFileSync(new URL("../schema/config.schema.json", import.meta.url), "utf8"));
const SETTINGS = Object.entries(properties).filter(([name]) => name !== "$schema");

/** When something was last changed here. */
const DATE = "November 27, 2026";

export function manual(version) {
	return `.\\" Made by share/generate.mjs. Do not edit.
.Dd ${DATE}
.Dt EBTOP 1
.Os ebtop ${version}
.Sh NAME
.Nm ebtop
.Nd top for everything a Linux machine is doing
.Sh SYNOPSIS
.Nm
.Op Ar options
.Op Fl \\- Ar command ...
.Nm
.Cm follow
.Fl Fl receipt Ar file
.Op Ar options
.Fl \\- Ar command ...
.Nm
.Cm receipt show Ar file
.Nm
.Cm receipt diff Ar a b
.Sh DESCRIPTION
.Nm
shows who runs, which system calls they make, which files they read and write, who talks to whom over what, and
every TCP connection, live in one terminal.
It watches the kernel with BPF programs, so it also sees a process that lived for a millisecond.
.Pp
BPF needs root, or
.Dv CAP_BPF , CAP_PERFMON , CAP_SYS_PTRACE
and
.Dv CAP_DAC_READ_SEARCH .
Without them, or on a kernel without BTF, the same screen comes from
.Pa /proc ,
with the reason in the header.
.Pp
Where standard output is not a terminal, plain text tables are printed.
.Sh OPTIONS
${OPTION_GROUPS.map((group) => `.Ss ${group}\n${list(OPTIONS.filter((option) => option.group === group).map(optionItem))}`).join("\n")}
.Sh COMMANDS
.Ss ebtop -- command
The dashboard, narrowed to the command and its descendants.
Behind sudo the command runs as the user who called sudo.
.Ss ebtop follow
No screen: the command has the caller's input, output and exit status, and what it and its descendants did goes to a
file of JSON at the end.
${list(FOLLOW_OPTIONS.map(optionItem))}
.Ss ebtop receipt
${list([".It Cm show Ar file\nA receipt as text.", ".It Cm diff Ar a b\nWhat differs between two; status 0 the same, 1 different, 2 trouble."])}
.Sh KEYS
${list(keyItems())}
.Sh FILTER
In the prompt and in
.Fl Fl filter :
a bare word is part of the command, a bare number a PID, and otherwise
.Ar field op value
with
.Ql = != ~ !~ < <= > >= ,
joined by and, or, not and parentheses.
Sizes take K M G, times ns us ms s; regular expressions are RE2's.
Fields:
${words(FIELD_NAMES.join(" "))}.
.Sh FILES
.Bl -tag -width Ds
.It Pa $XDG_CONFIG_HOME/ebtop/config.json , Pa ~/.config/ebtop/config.json
The settings of the user who called, also behind sudo: JSON in which comments are allowed.
${list(SETTINGS.map(([name, { description }]) => `.It Cm ${name}\n${plain(description)}`))}
.Pp
The command line wins over the file.
What is wrong in it is said with its line, and the rest is used.
It is a regular file of 64 KB at most, no link, and as root ebtop uses none that somebody else than its user and root may
write.
.El
.Sh EXIT STATUS
${list([".It 0\nDone.", ".It 1\nFailed while running.", ".It 2\nWrong usage.", ".It 3\nThis kernel or these privileges cannot do it."])}
.Pp
.Cm follow
ends with the status of the command, 128 + N where signal N ended it, 127 where there is no such program, 126 where it
cannot be run, 125 where
.Nm
itself failed.
.Sh EXAMPLES
${EXAMPLES.map(([what, command]) => `${plain(what)}\n.Pp\n.Dl ${plain(command).replaceAll('"', "\\(dq")}`).join("\n.Pp\n")}
.Sh SEE ALSO
.Xr jq 1 ,
.Xr strace 1 ,
.Xr top 1 ,
.Xr bpftrace 8 ,
.Xr ss 8
`;
}
