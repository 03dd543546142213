/** Marks on texts that the kernel side truncated, or whose file is gone. */

import { WireTextFlag } from "../../wire/layout.gen.ts";

/** Marks in the path itself that its beginning is missing or that it is unlinked. */
export function markedPath(text: string, flags: number): string {
	const start = (flags & WireTextFlag.TRUNCATED) !== 0 ? "…" : "";
	return `${start}${text}${(flags & WireTextFlag.DELETED) !== 0 ? " (deleted)" : ""}`;
}
