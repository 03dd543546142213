/** The columns of grouped links: what they have in common, the processes, the amounts. */

import { formatBytes, formatCount } from "../../format/quantity.ts";
import { formatProcess } from "../../model/names/processes.ts";
import type { Column } from "../pane.ts";
import { estimated, numberColumn, orBlank, textColumn } from "../shared-columns.ts";
import { lastSeenColumn, linkRateColumn, rateText } from "./columns.ts";
import type { GroupedView, IpcGroup } from "./group.ts";

const marked = (text: (group: IpcGroup) => string) => (group: IpcGroup) => estimated(group.isEstimate, text(group));

function amountColumn(
	{ of, ...traits }: Pick<Column<IpcGroup>, "key" | "header" | "drop"> & { of(group: IpcGroup): number },
	format: (value: number) => string = formatBytes,
): Column<IpcGroup> {
	return numberColumn({ ...traits, of, format, value: marked((group) => orBlank(format)(of(group))) });
}

function whoColumn(key: string, header: string, width: number, of: (group: IpcGroup) => string): Column<IpcGroup> {
	return textColumn({ key, header, width, grow: 1, drop: 0, of, style: () => "accent" });
}

const NUMBERS: readonly Column<IpcGroup>[] = [
	linkRateColumn(marked(rateText)),
	amountColumn({ key: "bytes", header: "BYTES", drop: 2, of: (group) => group.bytes }),
	amountColumn({ key: "messages", header: "MSGS", drop: 5, of: (group) => group.messages }, formatCount),
	numberColumn({ key: "links", header: "LINKS", drop: 4, of: (group) => group.links.length, format: String }),
	lastSeenColumn,
];

const over = textColumn<IpcGroup>({
	key: "kind",
	header: "OVER",
	width: 14,
	drop: 3,
	of: (group) => group.kinds.join(" "),
});

const who: Column<IpcGroup> = {
	...whoColumn("who", "WHO", 15, (group) => group.processes.map(formatProcess).join(", ")),
	grow: 2,
	drop: 3,
};

const PAIR_COLUMNS: readonly Column<IpcGroup>[] = [
	whoColumn("from", "A", 14, ({ processes: [first] }) => (first ? formatProcess(first) : "")),
	whoColumn("to", "B", 14, ({ processes: [first, second] }) => formatProcess(second ?? first ?? { pid: 0, comm: "" })),
	{ ...over, grow: 1 },
	...NUMBERS,
	amountColumn({ key: "forward", header: "A TO B", drop: 6, of: (group) => group.forwardBytes }),
	amountColumn({ key: "backward", header: "B TO A", drop: 6, of: (group) => group.bytes - group.forwardBytes }),
];

const KIND_COLUMNS: readonly Column<IpcGroup>[] = [
	textColumn({ key: "kind", header: "OVER", width: 14, drop: 0, of: (group) => group.title }),
	...NUMBERS,
	numberColumn({ key: "processes", header: "PROCS", drop: 6, of: (group) => group.processes.length, format: String }),
	who,
];

const OBJECT_COLUMNS: readonly Column<IpcGroup>[] = [
	textColumn({ key: "name", header: "OBJECT", width: 16, grow: 2, drop: 0, of: (group) => group.title }),
	over,
	...NUMBERS,
	who,
];

export const GROUP_COLUMNS: Record<GroupedView, readonly Column<IpcGroup>[]> = {
	pairs: PAIR_COLUMNS,
	kinds: KIND_COLUMNS,
	objects: OBJECT_COLUMNS,
};
