// The manual page ebtop(1) in mdoc(7), generated from the tables that the program itself uses.
import { readFileSync } from "node:fs";
import { FOLLOW_OPTIONS } from "../src/cli/follow-words.ts";
import { OPTION_GROUPS, OPTIONS } from "../src/cli/options.ts";
import { keyName } from "../src/format/key-name.ts";
import { FIELD_NAMES } from "../src/model/filter/index.ts";
import { PANES } from "../src/panes/index.ts";
import { keymapOf } from "../src/ui/state/keymap.ts";

/** Text for mdoc: no escapes, no line that begins like a request. */
function plain(text) {
	return text
		.replaceAll("\\", "\\e")
		.replaceAll("-", "\\-")
		.replaceAll(/^([.'])/gm, "\\&$1");
}

const sentence = (text) => `${plain(text.charAt(0).toUpperCase() + text.slice(1))}.`;

/** Words of a macro line: what could be a macro or a delimiter is escaped. */
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

/** Purpose and command. */
export const EXAMPLES = [
	[
		"The processes that write the most in one second, as root:",
		`ebtop --once --json | jq -r '.processes | sort_by(-.writeRate)[:5][] | "\\(.pid) \\(.comm) \\(.writeRate)"'`,
	],
	["All links of nginx, five refreshes of 2 seconds:", "ebtop --batch --panes ipc --filter 'comm = nginx' -d 2 -n 5"],
	[
		"Files that a command tries to open and that do not exist:",
		"ebtop --events open-failed --json -- make | jq -r '.events[].data.path'",
	],
	[
		"What a command and its descendants did:",
		"ebtop follow --receipt build.json -- make && ebtop receipt show build.json",
	],
	["A recording for someone else, without command lines:", "ebtop --record slow.ebtop --no-args -n 60"],
];

/** The settings of the configuration file, from its schema. */
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
.Cm receipt show
.Op Fl Fl min Ar class
.Ar file
.Nm
.Cm receipt diff Ar a b
.Nm
.Cm diff Ar a b
.Op Fl Fl json
.Nm
.Cm serve
.Op Ar options
.Sh DESCRIPTION
.Nm
shows which processes run, which system calls they make, which files they read and write, which process talks to which, and
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
Under sudo the command runs as the user who called sudo.
.Ss ebtop follow
No screen: the command has the caller's input, output and exit status, and what it and its descendants did goes to a
file of JSON at the end.
${list(FOLLOW_OPTIONS.map(optionItem))}
.Ss ebtop receipt
${list([".It Cm show Oo Fl Fl min Ar class Oc Ar file\nA receipt as text.\nWhat is less sure than the class is left out: certain, likely (default) or guess.", ".It Cm diff Ar a b\nWhat differs between two receipts; status 0: nothing, 1: something, 2: an error."])}
.Ss ebtop diff
What differs between two recordings, or between spans of them, given as
.Ar file Ns @ Ns Ar from Ns .. Ns Ar to :
programs, calls, files, links, connections, disks, containers and events.
Status 0: nothing, 1: something, 2: an error.
.Ss ebtop serve
Measures without a screen, and offers the refreshes and the history at a unix socket to the members of the group ebtop.
They see it with
.Nm
alone if they cannot use BPF themselves, or with
.Fl Fl socket .
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
.It Pa /run/ebtop/ebtop.sock
The socket of the service.
.It Pa $XDG_CONFIG_HOME/ebtop/config.json , Pa ~/.config/ebtop/config.json
The settings of the calling user, also under sudo: JSON with comments.
${list(SETTINGS.map(([name, { description }]) => `.It Cm ${name}\n${plain(description)}`))}
.Pp
The command line takes precedence over the file.
Mistakes are reported with their line, and the rest is used.
It must be a regular file of at most 64 KB, not a link; as root ebtop uses it only if no user other than the caller and root may
write.
.El
.Sh EXIT STATUS
${list([".It 0\nDone.", ".It 1\nFailed while running.", ".It 2\nWrong usage.", ".It 3\nNot possible on this kernel or with these privileges."])}
.Pp
.Cm follow
ends with the status of the command, 128 + N if signal N ended it, 127 if there is no such program, 126 if it
cannot be run, 125 if
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
