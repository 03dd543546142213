/** The views over the tables of a recording. */

import { columnsOf } from "./columns.ts";
import { deltaOf } from "./tables.ts";

/** Questions that are asked often; of the whole recording, the most first. */
export const QUESTIONS: Readonly<Record<string, string>> = {
	who_wrote: `SELECT pid, comm, sum(writeBytes) AS bytes, sum(writes) AS writes, count(DISTINCT path) AS files
		FROM files_deltas WHERE writes > 0 OR writeBytes > 0 GROUP BY pid, comm ORDER BY bytes DESC`,
	who_read: `SELECT pid, comm, sum(readBytes) AS bytes, sum(reads) AS reads, count(DISTINCT path) AS files
		FROM files_deltas WHERE reads > 0 OR readBytes > 0 GROUP BY pid, comm ORDER BY bytes DESC`,
	who_talked: `SELECT fromPid, fromComm, toPid, toComm, kind, sum(bytes) AS bytes, sum(messages) AS messages
		FROM ipc_deltas WHERE bytes > 0 OR messages > 0
		GROUP BY fromPid, fromComm, toPid, toComm, kind ORDER BY bytes DESC, messages DESC`,
	who_called: `SELECT pid, comm, name, sum(count) AS count, sum(errors) AS errors
		FROM syscalls_deltas WHERE count > 0 GROUP BY pid, comm, name ORDER BY count DESC`,
	who_ran: `SELECT pid, comm, CAST(round(sum(cpuPercent * intervalMs) / 100) AS INTEGER) AS cpuMs
		FROM processes GROUP BY pid, start, comm ORDER BY cpuMs DESC`,
};

/** Of a list: the rows of each refresh; if something is counted, also the increase in each refresh. */
export function listViews(list: string): string[] {
	const columns = columnsOf(list).filter(({ name }) => name !== "time");
	// An event has its own time.
	const time = list === "events" ? "h.time" : "r.time";
	const views = [
		`CREATE VIEW ${list} AS SELECT r.seq, ${time}, r.intervalMs, ${columns.map(({ name }) => `h."${name}"`).join(", ")}
			FROM held_${list} h JOIN refreshes r ON r.seq BETWEEN h.seq AND h.lastSeq`,
	];
	if (!columns.some(({ kind }) => kind === "counter")) return views;
	const fields = columns.flatMap(({ name, kind }) => {
		if (kind === "overall") return [];
		return [kind === "counter" ? `h."${deltaOf(name)}" AS "${name}"` : `h."${name}"`];
	});
	views.push(
		`CREATE VIEW ${list}_deltas AS SELECT r.seq, ${time}, r.intervalMs, ${fields.join(", ")}
			FROM held_${list} h JOIN refreshes r ON r.seq = h.seq`,
	);
	return views;
}
