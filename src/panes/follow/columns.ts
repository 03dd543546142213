/** The columns of the Follow pane. */

import type { Style } from "../../format/theme.ts";
import type { Column } from "../pane.ts";
import { bytesColumn, commColumn, countColumn, numberColumn, pidColumn, textColumn } from "../shared-columns.ts";
import { CLASSES, classOf, type FollowRow, type FollowView } from "./rows.ts";

const STYLES: Readonly<Record<(typeof CLASSES)[number], Style>> = { certain: "good", likely: "warn", guess: "dim" };

/** Why it is in the chain, or what was done. */
export function whatText({ actor, edge, effect }: FollowRow): string {
	if (effect !== null) return effect.path;
	if (edge !== null) return edge.why;
	return actor.role === "command" ? "the command, and what it started" : "";
}

function change({ effect }: FollowRow): string {
	if (effect === null) return "";
	const words = [effect.created ? "created" : "", effect.deleted ? "deleted" : ""];
	return words.filter((word) => word !== "").join(" ");
}

const SURE = textColumn<FollowRow>({
	key: "class",
	header: "SURE",
	width: 7,
	drop: 0,
	of: classOf,
	sortBy: (row) => CLASSES.indexOf(classOf(row)),
	style: (row) => STYLES[classOf(row)],
});
const COMM = textColumn<FollowRow>({
	key: "comm",
	header: "WHO",
	width: 16,
	drop: 0,
	of: ({ comm }) => comm,
	value: ({ comm }, { prefix }) => prefix + comm,
	style: () => "accent",
});
const READ = bytesColumn<FollowRow>({
	key: "readBytes",
	header: "READ",
	drop: 2,
	of: (row) => row.readBytes,
});
const WRITTEN = bytesColumn<FollowRow>({
	key: "writeBytes",
	header: "WRITTEN",
	width: 7,
	drop: 1,
	of: (row) => row.writeBytes,
});

/** Sorts in the order of the chain: not a visible column, but the initial sort. */
const PLACE = numberColumn<FollowRow>({
	key: "place",
	header: "PLACE",
	drop: 99,
	isShown: () => false,
	of: () => 0,
	format: () => "",
});

const CHAIN: readonly Column<FollowRow>[] = [
	PLACE,
	SURE,
	pidColumn(),
	COMM,
	textColumn({ key: "role", header: "ROLE", width: 7, drop: 3, of: ({ actor }) => actor.role }),
	textColumn({ key: "what", header: "WHY", width: 20, grow: 1, drop: 0, of: whatText }),
	countColumn({ key: "files", header: "FILES", drop: 4, of: (row) => row.files }),
	READ,
	WRITTEN,
	countColumn({ key: "others", header: "OTHERS", drop: 5, of: ({ actor }) => actor.others }),
];

const DID: readonly Column<FollowRow>[] = [
	PLACE,
	SURE,
	pidColumn(),
	commColumn(),
	textColumn({ key: "what", header: "FILE", width: 20, grow: 1, cut: "start", drop: 0, of: whatText }),
	textColumn({ key: "change", header: "CHANGE", width: 15, drop: 3, of: change }),
	READ,
	WRITTEN,
];

export function followColumns(view: FollowView): readonly Column<FollowRow>[] {
	return view === "did" ? DID : CHAIN;
}
