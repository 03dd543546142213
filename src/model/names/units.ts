/** The systemd unit of a process, from the path of its cgroup. */

import type { ProcessRow } from "../snapshot.ts";

const UNIT = /\.(?:service|scope|slice)$/;

/** The systemd unit or the container of a process; "" if it has none. */
export function unitOf({ container, cgroup }: Pick<ProcessRow, "container" | "cgroup">): string {
	if (container !== null) return container.name ?? container.id.slice(0, 12);
	return cgroup?.split("/").findLast((part) => UNIT.test(part)) ?? "";
}
