/** The columns of the process table. */

import { formatDurationMs, formatDurationNs } from "../../format/duration.ts";
import { formatPercent, formatRate } from "../../format/quantity.ts";
import { ownPid } from "../../model/host-pids.ts";
import { unitOf } from "../../model/names/units.ts";
import type { ProcessRow } from "../../model/snapshot.ts";
import type { Column } from "../pane.ts";
import { byteRateColumn, bytesColumn, hasRow, numberColumn, orBlank, textColumn, UNKNOWN } from "../shared-columns.ts";

/** How it ended, as a shell reports it; "" while it runs. */
export function exitText(row: ProcessRow): string {
	const { exit } = row;
	if (!exit) return "";
	const how = exit.oom ? "oom-killed" : (exit.signal ?? (exit.code === null ? "gone" : `exit ${exit.code}`));
	return exit.durationMs === null ? how : `${how}, ${formatDurationMs(exit.durationMs)}`;
}

/** The program without its folder. Some programs write their whole command line into the first argument. */
function programName(argument: string): string {
	if (!argument.startsWith("/")) return argument;
	const blank = argument.indexOf(" ");
	return argument.slice(argument.lastIndexOf("/", blank < 0 ? argument.length : blank) + 1);
}

/** The command line without the program's folder, which the details show; a name in brackets if there is none. */
export function commandText(row: ProcessRow): string {
	const [program = "", ...rest] = row.args;
	return withExit(row, row.args.length > 0 ? programName(program) : (row.exe ?? `[${row.comm}]`), rest);
}

function wholeCommandText(row: ProcessRow): string {
	const [program = `[${row.comm}]`, ...rest] = row.args;
	return withExit(row, program, rest);
}

function withExit(row: ProcessRow, program: string, rest: readonly string[]): string {
	return [program, ...(row.exit ? [`(${exitText(row)})`] : []), ...rest].join(" ");
}

function containerText(row: ProcessRow): string {
	return row.container ? (row.container.name ?? row.container.id.slice(0, 12)) : "";
}

const cpuStyle = (row: ProcessRow) => {
	if (row.cpuPercent >= 80) return "bad";
	return row.cpuPercent >= 20 ? "warn" : row.cpuPercent < 0.05 ? "dim" : null;
};

const stateStyle = (row: ProcessRow) => {
	if (row.state === "R") return "good";
	return row.state === "D" || row.state === "Z" ? "bad" : "dim";
};

function pidColumn(key: string, header: string, drop: number, of: (row: ProcessRow) => number): Column<ProcessRow> {
	return numberColumn({ key, header, width: 7, drop, isDescending: false, of, format: (pid) => String(ownPid(pid)) });
}

const hasContainers = hasRow((row: ProcessRow) => row.container !== null);

export const PROCESS_COLUMNS: readonly Column<ProcessRow>[] = [
	pidColumn("pid", "PID", 0, (row) => row.pid),
	// The screen has the tree.
	{ ...pidColumn("ppid", "PPID", 12, (row) => row.ppid), isShown: (_, medium) => medium === "text" },
	textColumn({
		key: "user",
		header: "USER",
		width: 8,
		drop: 5,
		of: (row) => row.user ?? String(row.uid),
		style: (row) => (row.uid === 0 ? "dim" : "accent"),
	}),
	textColumn({ key: "state", header: "S", width: 1, drop: 3, of: (row) => row.state, style: stateStyle }),
	numberColumn({ key: "threads", header: "THR", width: 4, drop: 11, of: (row) => row.threads, format: String }),
	numberColumn({
		key: "cpu",
		header: "CPU%",
		width: 5,
		drop: 1,
		of: (row) => row.cpuPercent,
		format: formatPercent,
		style: cpuStyle,
	}),
	bytesColumn({
		key: "rss",
		header: "RES",
		width: 5,
		drop: 4,
		of: (row) => row.rssBytes,
	}),
	numberColumn({
		key: "syscalls",
		header: "CALL/s",
		width: 7,
		drop: 2,
		of: (row) => row.syscallRate ?? UNKNOWN,
		format: formatRate,
		isShown: ({ system }) => system.syscallRate !== null,
	}),
	byteRateColumn({ key: "read", header: "RD/s", drop: 6, of: (row) => row.readRate }),
	byteRateColumn({ key: "write", header: "WR/s", drop: 7, of: (row) => row.writeRate }),
	byteRateColumn({ key: "rx", header: "RX/s", drop: 8, of: (row) => row.rxRate }),
	byteRateColumn({ key: "tx", header: "TX/s", drop: 9, of: (row) => row.txRate }),
	numberColumn({
		key: "waitP99",
		header: "QWAIT99",
		width: 7,
		drop: 13,
		of: (row) => row.sched?.waitP99Ns ?? UNKNOWN,
		format: orBlank(formatDurationNs),
		isShown: ({ health }) => health.probes.some(({ probe, state }) => probe === "sched" && state === "on"),
	}),
	textColumn({
		key: "container",
		header: "CONTAINER",
		width: 12,
		drop: 10,
		of: containerText,
		style: () => "accent",
		isShown: ({ processes }) => hasContainers(processes),
	}),
	textColumn({ key: "unit", header: "UNIT", width: 18, drop: 9, of: unitOf, style: () => "accent" }),
	textColumn({
		key: "command",
		header: "COMMAND",
		width: 26,
		share: 0.33,
		grow: 1,
		drop: 0,
		of: (row) => row.comm,
		value: (row, line) => line.prefix + commandText(row),
		whole: wholeCommandText,
	}),
];
