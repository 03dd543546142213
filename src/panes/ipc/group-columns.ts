/** The columns of links in groups: what they have in common first, then who, then how much. */

import { formatProcess } from "../../format/address.ts";
import { formatBytes, formatCount } from "../../format/quantity.ts";
import type { Column } from "../pane.ts";
import { numberColumn } from "../shared-columns.ts";
import { lastSeenColumn, rateText } from "./columns.ts";
import type { GroupedView, IpcGroup } from "./group.ts";

const bytesText = (bytes: number) => (bytes === 0 ? "" : formatBytes(bytes));
const countText = (count: number) => (count === 0 ? "" : formatCount(count));

interface TextColumn {
	readonly key: string;
	readonly header: string;
	readonly width: number;
	readonly grow: number;
	readonly drop: number;
	readonly isName?: boolean;
	of(group: IpcGroup): string;
}

function textColumn({ key, header, width, grow, drop, isName = false, of }: TextColumn): Column<IpcGroup> {
	return {
		key,
		header,
		width,
		grow,
		align: "left",
		drop,
		isDescending: false,
		value: of,
		sortBy: of,
		style: () => (isName ? "accent" : null),
	};
}

const NUMBERS: readonly Column<IpcGroup>[] = [
	{
		key: "rate",
		header: "RATE",
		width: 6,
		align: "right",
		drop: 1,
		isDescending: true,
		value: rateText,
		sortBy: (group) => group.rate,
		style: () => "good",
	},
	numberColumn({ key: "bytes", header: "BYTES", drop: 2, of: (group) => group.bytes, format: bytesText }),
	numberColumn({ key: "messages", header: "MSGS", drop: 5, of: (group) => group.messages, format: countText }),
	numberColumn({ key: "links", header: "LINKS", drop: 4, of: (group) => group.links.length, format: String }),
	lastSeenColumn,
];

const over = textColumn({
	key: "kind",
	header: "OVER",
	width: 14,
	grow: 1,
	drop: 3,
	of: (group) => group.kinds.join(" "),
});

const who = textColumn({
	key: "who",
	header: "WHO",
	width: 15,
	grow: 2,
	drop: 3,
	isName: true,
	of: (group) => group.processes.map(formatProcess).join(", "),
});

const PAIR_COLUMNS: readonly Column<IpcGroup>[] = [
	textColumn({
		key: "from",
		header: "A",
		width: 14,
		grow: 1,
		drop: 0,
		isName: true,
		of: ({ processes: [first] }) => (first ? formatProcess(first) : ""),
	}),
	textColumn({
		key: "to",
		header: "B",
		width: 14,
		grow: 1,
		drop: 0,
		isName: true,
		of: ({ processes }) => formatProcess(processes[1] ?? processes[0] ?? { pid: 0, comm: "" }),
	}),
	over,
	...NUMBERS,
	numberColumn({ key: "forward", header: "A TO B", drop: 6, of: (group) => group.forwardBytes, format: bytesText }),
	numberColumn({
		key: "backward",
		header: "B TO A",
		drop: 6,
		of: (group) => group.bytes - group.forwardBytes,
		format: bytesText,
	}),
];

const KIND_COLUMNS: readonly Column<IpcGroup>[] = [
	textColumn({ key: "kind", header: "OVER", width: 14, grow: 0, drop: 0, of: (group) => group.title }),
	...NUMBERS,
	numberColumn({ key: "processes", header: "PROCS", drop: 6, of: (group) => group.processes.length, format: String }),
	who,
];

const OBJECT_COLUMNS: readonly Column<IpcGroup>[] = [
	textColumn({ key: "name", header: "OBJECT", width: 16, grow: 2, drop: 0, of: (group) => group.title }),
	textColumn({ key: "kind", header: "OVER", width: 14, grow: 0, drop: 3, of: (group) => group.kinds.join(" ") }),
	...NUMBERS,
	who,
];

export const GROUP_COLUMNS: Record<GroupedView, readonly Column<IpcGroup>[]> = {
	pairs: PAIR_COLUMNS,
	kinds: KIND_COLUMNS,
	objects: OBJECT_COLUMNS,
};
