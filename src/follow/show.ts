/** A receipt as text: at most 40 lines of 80 columns, and those of guesses if they are wanted. */

import { formatDurationMs } from "../format/duration.ts";
import { formatBytes } from "../format/quantity.ts";
import { fitText } from "../format/text-width.ts";
import { formatProcess } from "../model/names/processes.ts";
import type { Certainty, Receipt, ReceiptExit } from "./receipt.ts";
import { type Class, isMoreCertain } from "./rules.ts";

const WIDTH = 80;

/** `min`: what is less certain is left out. */
export function showReceipt(receipt: Receipt, min: Class = "likely"): string {
	const { run, sockets, ipc, signals, daemons, gaps } = receipt;
	const isSure = (item: Certainty) => !isMoreCertain(min, item.class);
	const processes = receipt.processes.filter(isSure);
	const files = receipt.files.filter(isSure);
	const changed = files.filter(
		(file) => file.writeBytes > 0 || file.created || file.deleted || file.renamedTo !== null,
	);
	const lines = [
		run.command.join(" "),
		`${gaps.some(({ kind }) => kind === "cut") ? "runs on" : exitText(run.exit)} after ${formatDurationMs(run.durationMs)}, uid ${run.user.uid} in ${run.cwd}, ${run.startedAt}`,
		`${processes.length} processes, ${files.length} files, ${sockets.length} sockets${certaintyText(receipt, min)}`,
		...section("processes", 7, processes, (process) => {
			const started = process.startedBy === null ? "" : `  by ${formatProcess(process.startedBy)}`;
			return [`${process.pid} ${process.args.join(" ") || process.comm}`, `${exitText(process.exit)}${started}`];
		}),
		...section("files changed", 8, changed, ({ path, by, writeBytes, created, deleted, renamedTo }) => [
			renamedTo === null ? path : `${path} > ${renamedTo}`,
			`${created ? "made " : ""}${deleted ? "removed " : ""}${writeBytes > 0 ? formatBytes(writeBytes) : ""} ${formatProcess(by)}`,
		]),
		...section("sockets", 4, sockets, ({ kind, name, by, peer, readBytes, writeBytes }) => [
			`${kind} ${name ?? ""} ${formatProcess(by)}${peer === null ? "" : ` with ${formatProcess(peer)}`}`,
			`r ${formatBytes(readBytes)}  w ${formatBytes(writeBytes)}`,
		]),
		...section("links", 3, ipc, ({ kind, name, from, to, bytes }) => [
			`${kind} ${name ?? ""} ${formatProcess(from)} > ${formatProcess(to)}`,
			formatBytes(bytes),
		]),
		...section("signals", 2, signals, ({ signal, from, to, count }) => [
			`${signal} ${formatProcess(from)} > ${formatProcess(to)}`,
			`${count}`,
		]),
		...section("guesses", 5, receipt.notSure.filter(isSure), ({ kind, name, by, rules }) => [
			`${kind} ${name}`,
			`${rules.at(-1) ?? ""} ${formatProcess(by)}`,
		]),
		...section(
			min === "certain" ? "daemons (with what is likely)" : "daemons",
			4,
			daemons,
			({ over, name, processes, files, writeBytes, others, exit, ...daemon }) => [
				`${formatProcess(daemon)}${exit ? `, ${exitText(exit)},` : ""} over ${over} ${name ?? ""}`,
				`${processes} processes  ${files} files  w ${formatBytes(writeBytes)}  others ${others}`,
			],
		),
		...section("not followed, not known", 5, gaps, ({ says }) => [says, ""]),
	];
	return lines.map((line) => `${fitText(line, WIDTH).trimEnd()}\n`).join("");
}

function certaintyText({ processes, files, notSure }: Receipt, min: Class): string {
	if (min === "certain") return ", all certain; the rest is left out";
	const likely = [...processes, ...files].filter((item) => item.class === "likely").length;
	const guesses = notSure.length === 0 ? "" : `, ${notSure.length} more guessed`;
	return `${likely === 0 ? ", all certain" : `, ${likely} of them likely`}${guesses}`;
}

/** A title and at most `most` lines, of which the last may say how many more there are. */
function section<Row>(
	title: string,
	most: number,
	rows: readonly Row[],
	sides: (row: Row) => readonly [string, string],
): string[] {
	if (rows.length === 0) return [];
	const shown = rows.length <= most ? rows : rows.slice(0, most - 1);
	const lines = shown.map((row) => {
		const [left, right] = sides(row);
		const room = WIDTH - 4 - right.length;
		return right === "" ? `  ${left}` : `  ${fitText(left, Math.max(room, 20))}  ${right}`;
	});
	if (shown.length < rows.length) lines.push(`  … ${rows.length - shown.length} more`);
	return [title, ...lines];
}

function exitText(exit: ReceiptExit | null): string {
	if (exit === null) return "runs on";
	return exit.signal ?? (exit.code === null ? "ended" : `exit ${exit.code}`);
}
