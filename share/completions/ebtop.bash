# Made by share/generate.mjs. Do not edit.

_ebtop_offer() { mapfile -t COMPREPLY < <(compgen "$@"); }

# The last of a list with commas.
_ebtop_words() { _ebtop_offer -P "${word%"${word##*,}"}" -W "$1" -- "${word##*,}"; }

_ebtop() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} at
	COMPREPLY=()
	# bash parts --option=value into three words.
	if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi
	for ((at = 1; at < COMP_CWORD; at++)); do
		[[ ${COMP_WORDS[at]} == -- ]] || continue
		if ((at + 1 == COMP_CWORD)); then _ebtop_offer -c -- "$word"; else _ebtop_offer -f -- "$word"; fi
		return
	done
	case $command in
	receipt)
		if ((COMP_CWORD == 2)); then _ebtop_words 'show diff'; else _ebtop_offer -f -- "$word"; fi
		return
		;;
	diff)
		_ebtop_offer -f -- "$word"
		return
		;;
	follow)
		case $before in
		--receipt) _ebtop_offer -f -- "$word"; return ;;
		--linger) return ;;
		--redact) return ;;
		esac
		_ebtop_words '--receipt --linger --or-run --no-args --redact --rules --'
		return
		;;
	esac
	case $before in
	-p | --pid) _ebtop_words "$(cd /proc && echo [0-9]*)"; return ;;
	--follow) _ebtop_words "$(cd /proc && echo [0-9]*)"; return ;;
	-c | --comm) return ;;
	-f | --filter) return ;;
	--panes) _ebtop_words 'processes syscalls ipc files tcp events disk containers threads follow'; return ;;
	--events) _ebtop_words 'all process signal oom network file open stat security sleep lookup dcache disk container loss fork exec exec-failed exit signal oom-kill connect accept listen bind connect-failed file-create file-delete file-rename open-failed stat-failed open stat mount ptrace module-load bpf-load setuid capset coredump seccomp-refused sleep lookup dcache-miss disk-request container-start container-stop loss'; return ;;
	--redact) return ;;
	-d | --delay) return ;;
	-n | --count) return ;;
	--history) return ;;
	--record) _ebtop_offer -f -- "$word"; return ;;
	--keep) return ;;
	--keep-when) return ;;
	--replay) _ebtop_offer -f -- "$word"; return ;;
	--at) return ;;
	--speed) return ;;
	--sql) return ;;
	--export) _ebtop_offer -f -- "$word"; return ;;
	--listen) return ;;
	--otlp) return ;;
	--metrics-compat) _ebtop_words 'process-exporter'; return ;;
	--dot) _ebtop_offer -f -- "$word"; return ;;
	--host) return ;;
	--hosts) _ebtop_offer -f -- "$word"; return ;;
	--source) _ebtop_words 'proc'; return ;;
	--socket) _ebtop_offer -f -- "$word"; return ;;
	--seccomp-profile) _ebtop_words "$(cd /proc && echo [0-9]*)"; return ;;
	--config) _ebtop_offer -f -- "$word"; return ;;
	esac
	_ebtop_words "-p --pid --follow -c --comm -f --filter --panes --events --latency --disk --sched --lookups --threads --redact --no-args -d --delay -n --count --history -b --batch --once --json --no-color --ascii --no-mouse --record --clock --keep --thin --keep-when --replay --at --speed --sql --export --demo --listen --allow-remote --otlp --metrics-compat --dot --host --hosts --require-bpf --source --socket --no-socket --probes --seccomp-profile --config --no-config --print-config -h --help -V --version --"
	((COMP_CWORD == 1)) && [[ $word != -* ]] && _ebtop_words 'follow receipt diff serve'
}

complete -F _ebtop ebtop
