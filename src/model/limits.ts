/**
 * The bounds of the model's memory, and what happens past each of them. LIMITS.md lists all bounds, including those of
 * the kernel side.
 */

/** The bounded tables of the model, by the names used in health, and how much each holds. */
export const LIMITS = {
	/** Pairs of a process and an object. */
	"file-uses": 262_144,
	/** Names under which something was counted and that no longer belong to a file. */
	"file-names": 4096,
	/** Links that are counted event by event: signals, handovers. */
	"ipc-links": 16_384,
	/** Rows of block I/O: a process, a device, an operation. */
	disks: 16_384,
	/** Descriptors in transit: sent and not received yet, or the other way round. */
	"ipc-handovers": 4096,
	/** Events in one interval. */
	events: 1000,
	/** Files whose creation was seen. */
	"file-lives": 16_384,
	/** Processes that died within the last seconds. */
	"process-dead": 20_000,
	/** Processes that died within the last seconds whose calls have rows. */
	"syscall-dead": 2000,
	/** Dead processes with living descendants. */
	ancestors: 4096,
	/** Connections that closed within the last seconds. */
	"tcp-closed": 16_384,
	/** Ports that something listened on. */
	"tcp-listeners": 65_536,
	/** Names of users, of cgroups and of containers, each; those that a process uses are never dropped. */
	names: 65_536,
};

export type Limits = Readonly<typeof LIMITS>;

/** What happens to data that finds no room in a table, a clause. Includes the kernel's tables. */
const PAST: Readonly<Record<string, string>> = {
	syscall: 'calls without a row of their own are in the row "other" of their process',
	io: 'what moved through files without a row of their own is in the row "other" of their process',
	disk: "requests of these processes to these devices have no row; their bytes count for the process",
	wakes: "these wakeups of one process by another are not counted",
	"disk-requests": "these requests to block devices are counted nowhere",
	disks: "the rows of block I/O idle for longest are not shown",
	spill:
		'counts of these processes that found no room in "syscall", "io" and "disk" are in the rows of a process "other"',
	"ipc-births": "these eventfds and terminals are in no link",
	"process-wanted": "these processes of --pid and --comm are not watched",
	"process-peers": "of these peers only the name is known",
	"ipc-channels": "other processes with these channels of wanted processes are not looked for",
	users: "the latest users share one part of the kernel's tables",
	"file-uses": "files that are only held open have no row and no links",
	"file-names": 'counts under former names of files are in the row "other" of their process',
	"ipc-links": 'signals and handovers without a row of their own are in a row to "other"',
	"ipc-handovers": 'handovers of which only one side was seen are in a row to or from "other"',
	"open-events": "these opens are not listed; they count in the calls and files of their processes",
	"stat-events": "these stats are not listed; they count in the calls of their processes",
	events: "those of the users with the most are counted but not listed",
	"file-lives": "the lifetime of the oldest files of the users with the most is not known",
	"tcp-closed": 'bytes of connections that were dropped before they were shown are in the row "other" of their process',
	"tcp-listeners": "for old connections to ports of the users with the most, the server side is not known",
	"process-dead": "those of the users with the most are dropped after one refresh",
	"syscall-dead": "the calls of those of the users with the most have rows for one refresh",
	ancestors: "dead ancestors of the users with the most are no longer known",
	viewers: "these refreshes did not reach a slow viewer, or these viewers were refused or disconnected",
	"ipc-addresses": "datagrams to addresses of the users with the most have no link to their receiver",
};

export function pastLimit(table: string): string {
	return PAST[table] ?? "what did not fit is in the totals only";
}
