/** The columns of the process table. */

import { formatDurationMs } from "../../format/duration.ts";
import { formatByteRate, formatBytes, formatPercent, formatRate } from "../../format/quantity.ts";
import type { ProcessRow } from "../../model/snapshot.ts";
import type { Column } from "../pane.ts";
import { hasRow, UNKNOWN } from "../shared-columns.ts";

/** How it ended, in the words of a shell; "" while it runs. */
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

/** The command line without the folder of its program, which the details have; a name in brackets where there is none. */
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

function rateColumn(key: string, header: string, drop: number, rate: (row: ProcessRow) => number): Column<ProcessRow> {
	return {
		key,
		header,
		width: 6,
		align: "right",
		drop,
		isDescending: true,
		value: (row) => formatByteRate(rate(row)),
		sortBy: rate,
	};
}

const hasContainers = hasRow((row: ProcessRow) => row.container !== null);

export const PROCESS_COLUMNS: readonly Column<ProcessRow>[] = [
	{
		key: "pid",
		header: "PID",
		width: 7,
		align: "right",
		drop: 0,
		isDescending: false,
		value: (row) => String(row.pid),
		sortBy: (row) => row.pid,
	},
	{
		key: "ppid",
		header: "PPID",
		width: 7,
		align: "right",
		drop: 12,
		isDescending: false,
		value: (row) => String(row.ppid),
		sortBy: (row) => row.ppid,
		// The screen has the tree.
		isShown: (_, medium) => medium === "text",
	},
	{
		key: "user",
		header: "USER",
		width: 8,
		align: "left",
		drop: 5,
		isDescending: false,
		value: (row) => row.user ?? String(row.uid),
		sortBy: (row) => row.user ?? String(row.uid),
		style: (row) => (row.uid === 0 ? "dim" : "accent"),
	},
	{
		key: "state",
		header: "S",
		width: 1,
		align: "left",
		drop: 3,
		isDescending: false,
		value: (row) => row.state,
		sortBy: (row) => row.state,
		style: stateStyle,
	},
	{
		key: "threads",
		header: "THR",
		width: 4,
		align: "right",
		drop: 11,
		isDescending: true,
		value: (row) => String(row.threads),
		sortBy: (row) => row.threads,
	},
	{
		key: "cpu",
		header: "CPU%",
		width: 5,
		align: "right",
		drop: 1,
		isDescending: true,
		value: (row) => formatPercent(row.cpuPercent),
		sortBy: (row) => row.cpuPercent,
		style: cpuStyle,
	},
	{
		key: "rss",
		header: "RES",
		width: 5,
		align: "right",
		drop: 4,
		isDescending: true,
		value: (row) => (row.rssBytes === 0 ? "" : formatBytes(row.rssBytes)),
		sortBy: (row) => row.rssBytes,
	},
	{
		key: "syscalls",
		header: "CALL/s",
		width: 7,
		align: "right",
		drop: 2,
		isDescending: true,
		value: (row) => formatRate(row.syscallRate ?? 0),
		sortBy: (row) => row.syscallRate ?? UNKNOWN,
		isShown: ({ system }) => system.syscallRate !== null,
	},
	rateColumn("read", "RD/s", 6, (row) => row.readRate),
	rateColumn("write", "WR/s", 7, (row) => row.writeRate),
	rateColumn("rx", "RX/s", 8, (row) => row.rxRate),
	rateColumn("tx", "TX/s", 9, (row) => row.txRate),
	{
		key: "container",
		header: "CONTAINER",
		width: 12,
		align: "left",
		drop: 10,
		isDescending: false,
		value: containerText,
		sortBy: containerText,
		style: () => "accent",
		isShown: ({ processes }) => hasContainers(processes),
	},
	{
		key: "command",
		header: "COMMAND",
		width: 26,
		share: 0.33,
		grow: 1,
		align: "left",
		drop: 0,
		isDescending: false,
		value: (row, line) => line.prefix + commandText(row),
		whole: wholeCommandText,
		sortBy: (row) => row.comm,
	},
];
