/** Of which machine a row is, if there are several (`--host`). */

import { formatDurationMs } from "../format/duration.ts";
import type { HostState, Snapshot } from "../model/snapshot.ts";
import type { Column, Pane } from "./pane.ts";
import { textColumn } from "./shared-columns.ts";

interface Named {
	readonly host?: string;
}

/** A row of a machine, a link between two, or a group of links. */
interface OfHosts extends Named {
	readonly from?: Named;
	readonly to?: Named;
	readonly links?: readonly OfHosts[];
}

/** One for most rows, both of a link between two, all of a group. */
export function hostsOf(row: object): readonly string[] {
	const { host, from, to, links } = row as OfHosts;
	if (links !== undefined) return [...new Set(links.flatMap(hostsOf))];
	const names = from === undefined || to === undefined ? [host] : [from.host, to.host];
	return [...new Set(names)].filter((name) => name !== undefined);
}

export const HOST_COLUMN: Column<object> = textColumn<object>({
	key: "host",
	header: "HOST",
	width: 8,
	drop: 2,
	of: (row) => hostsOf(row).join(">"),
	style: () => "key",
});

const LEAST_WIDTH = HOST_COLUMN.header.length;
const MOST_WIDTH = 16;

/** The columns of a pane, with the machine in front if there are several; a link is of two. */
export function withHostColumn<Row>(
	{ tables }: Pick<Pane, "tables">,
	columns: readonly Column<Row>[],
	{ hosts }: Snapshot,
): readonly Column<Row>[] {
	if (hosts === undefined) return columns;
	const longest = Math.max(LEAST_WIDTH, ...hosts.map(({ host }) => host.length));
	const width = Math.min(longest, MOST_WIDTH);
	const column = { ...HOST_COLUMN, width: tables.includes("ipc") ? 2 * width + 1 : width };
	return [column as unknown as Column<Row>, ...columns];
}

/** The machines from which nothing comes any more. */
export function goneHosts({ hosts = [] }: Snapshot): ReadonlySet<string> {
	return new Set(hosts.filter(({ state }) => state === "gone").map(({ host }) => host));
}

/** Name, state and what is known of a machine: as a row of the health table, and as a line of plain text. */
export function hostWords(one: HostState): readonly [string, string, string] {
	const { host, state, note, kernel, version, clockOffsetMs, clockErrorMs } = one;
	const what = [kernel === null ? "" : `Linux ${kernel}`, version === null ? "" : `ebtop ${version}`];
	const clock = clockOffsetMs === null || clockErrorMs === null ? "" : clockText(clockOffsetMs, clockErrorMs);
	return [`host ${host}`, state, [...what, clock, state === "gone" ? note : ""].filter(Boolean).join(", ")];
}

/** An offset within its error is none that is known. */
function clockText(offsetMs: number, errorMs: number): string {
	const most = `to within ${formatDurationMs(Math.ceil(errorMs))}`;
	if (Math.abs(offsetMs) <= errorMs) return `its clock agrees with this one ${most}`;
	return `its clock is ${formatDurationMs(Math.abs(offsetMs))} ${offsetMs > 0 ? "ahead" : "behind"} ${most}`;
}
