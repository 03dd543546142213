// Completions for three shells, generated from the tables that the command line parser uses. They need only the shell.
import { FOLLOW_OPTIONS } from "../src/cli/follow-words.ts";
import { OPTIONS } from "../src/cli/options.ts";

const HEAD = "# Made by share/generate.mjs. Do not edit.";
const RECEIPT_ACTIONS = ["show", "diff"];

const isWords = ({ completes }) => Array.isArray(completes);
const flags = (options) =>
	options.flatMap(({ name, short }) => [...(short === undefined ? [] : [`-${short}`]), `--${name}`]);
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function bashValues(options) {
	return options
		.filter(({ value }) => value !== undefined)
		.map((option) => {
			const { completes } = option;
			const action = isWords(option)
				? `_ebtop_words ${quoted(completes.join(" "))}`
				: completes === "pid"
					? '_ebtop_words "$(cd /proc && echo [0-9]*)"'
					: completes === "file"
						? '_ebtop_offer -f -- "$word"'
						: null;
			return `\t${flags([option]).join(" | ")}) ${action === null ? "" : `${action}; `}return ;;`;
		})
		.join("\n");
}

export function bash() {
	return `${HEAD}

_ebtop_offer() { mapfile -t COMPREPLY < <(compgen "$@"); }

# The last of a list with commas.
_ebtop_words() { _ebtop_offer -P "\${word%"\${word##*,}"}" -W "$1" -- "\${word##*,}"; }

_ebtop() {
	local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]} at
	COMPREPLY=()
	# bash parts --option=value into three words.
	if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
	for ((at = 1; at < COMP_CWORD; at++)); do
		[[ \${COMP_WORDS[at]} == -- ]] || continue
		if ((at + 1 == COMP_CWORD)); then _ebtop_offer -c -- "$word"; else _ebtop_offer -f -- "$word"; fi
		return
	done
	case $command in
	receipt)
		if ((COMP_CWORD == 2)); then _ebtop_words ${quoted(RECEIPT_ACTIONS.join(" "))}; else _ebtop_offer -f -- "$word"; fi
		return
		;;
	diff)
		_ebtop_offer -f -- "$word"
		return
		;;
	follow)
		case $before in
${bashValues(FOLLOW_OPTIONS).replaceAll(/^/gm, "\t")}
		esac
		_ebtop_words ${quoted([...flags(FOLLOW_OPTIONS), "--"].join(" "))}
		return
		;;
	esac
	case $before in
${bashValues(OPTIONS)}
	esac
	_ebtop_words "${flags(OPTIONS).join(" ")} --"
	((COMP_CWORD == 1)) && [[ $word != -* ]] && _ebtop_words 'follow receipt diff serve'
}

complete -F _ebtop ebtop
`;
}

function zshOption(option) {
	const { name, short, value, help, completes } = option;
	const text = help.replaceAll(/[[\]\\:]/g, "\\$&");
	const actions = { pid: "_pids", file: "_files" };
	const words = isWords(option) ? `_values -s , ${value} ${completes.join(" ")}` : (actions[completes] ?? " ");
	const end = value === undefined ? `[${text}]` : `[${text}]:${value}:${words}`;
	const long = `--${name}${value === undefined ? "" : "="}`;
	if (short === undefined) return quoted(`${long}${end}`);
	return `'(-${short} --${name})'{-${short}${value === undefined ? "" : "+"},${long}}${quoted(end)}`;
}

export function zsh() {
	const lines = (options) => options.map((option) => `\t\t${zshOption(option)} \\`).join("\n");
	return `#compdef ebtop
${HEAD}

_ebtop() {
	case $words[2] in
	follow)
		shift words
		((CURRENT--))
		_arguments -S \\
${lines(FOLLOW_OPTIONS).replaceAll(/^/gm, "\t")}
			'*:: :_normal'
		;;
	receipt)
		shift words
		((CURRENT--))
		_arguments '1:action:(${RECEIPT_ACTIONS.join(" ")})' '*:receipt:_files'
		;;
	diff)
		shift words
		((CURRENT--))
		_arguments '--json[print JSON]' '*:recording:_files'
		;;
	*)
		_arguments -s -S \\
${lines(OPTIONS).replaceAll(/^/gm, "\t")}
			'1: :(follow receipt diff serve)' '*:: :_normal'
		;;
	esac
}

_ebtop "$@"
`;
}

function fishOption(option, condition) {
	const { name, short, value, help, completes } = option;
	const parts = ["complete -c ebtop", `-n ${quoted(condition)}`];
	if (short !== undefined) parts.push(`-s ${short}`);
	parts.push(`-l ${name}`);
	if (value !== undefined) parts.push(completes === "file" ? "-r -F" : "-x");
	if (completes === "pid") parts.push("-a '(__fish_complete_pids)'");
	if (isWords(option)) parts.push(`-a ${quoted(`(__fish_append , ${completes.join(" ")})`)}`);
	parts.push(`-d ${quoted(help)}`);
	return parts.join(" ");
}

export function fish() {
	const isPlain = "not __fish_seen_subcommand_from follow receipt diff";
	const isReceipt = "__fish_seen_subcommand_from receipt; and not __fish_seen_subcommand_from show diff";
	return `${HEAD}
complete -c ebtop -f
complete -c ebtop -n __fish_use_subcommand -a follow -d 'run a command, and write what it did'
complete -c ebtop -n __fish_use_subcommand -a serve -d 'measure for viewers, without a screen'
complete -c ebtop -n __fish_use_subcommand -a receipt -d 'show or compare what commands did'
complete -c ebtop -n __fish_use_subcommand -a diff -d 'what differs between two recordings'
complete -c ebtop -n ${quoted(isReceipt)} -a ${quoted(RECEIPT_ACTIONS.join(" "))}
complete -c ebtop -n '__fish_seen_subcommand_from show diff' -F
${FOLLOW_OPTIONS.map((option) => fishOption(option, "__fish_seen_subcommand_from follow")).join("\n")}
${OPTIONS.map((option) => fishOption(option, isPlain)).join("\n")}
`;
}
