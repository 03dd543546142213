/**
 * The bounds of the model's memory, and what happens past each of them. LIMITS.md lists all, those of the kernel side
 * too.
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
	/** In one interval. */
	events: 1000,
	/** Files whose creation was seen. */
	"file-lives": 16_384,
	/** Processes that died within the last seconds. */
	"process-dead": 50_000,
	/** Dead and forgotten processes with living descendants. */
	ancestors: 4096,
	/** Connections that closed within the last seconds. */
	"tcp-closed": 16_384,
	/** Ports that something listened on. */
	"tcp-listeners": 65_536,
	/** Names of users, of cgroups and of containers, each; those that a process uses are never dropped. */
	names: 65_536,
};

export type Limits = Readonly<typeof LIMITS>;

/** What happens to what finds no room in a table, a clause. Includes the kernel's tables. */
const PAST: Readonly<Record<string, string>> = {
	syscall: 'calls without a row of their own are in the row "other" of their process',
	io: 'what moved through files without a row of their own is in the row "other" of their process',
	disk: "requests of these processes to these devices have no row; their bytes count for the process",
	"disk-requests": "these requests to block devices are counted nowhere",
	disks: "the rows of block I/O idle for longest are not shown",
	spill: 'what these processes did past the tables "syscall", "io" and "disk" is in the rows of a process "other"',
	"ipc-births": "these eventfds and terminals are in no link",
	"process-wanted": "these processes of --pid and --comm are not followed",
	"process-peers": "of the processes with these other ends only the name is known",
	"ipc-channels": "other processes with these channels of wanted processes are not looked for",
	users: "the latest users have one share of the kernel's tables together",
	"file-uses": "files that a process only holds have no row, and no links",
	"file-names": 'counts under old names of files are in the row "other" of their process',
	"ipc-links": 'signals and handovers without a row of their own are in a row to "other"',
	"ipc-handovers": 'handovers of which only one side was seen are in a row to or from "other"',
	events: "those of the users with most are counted and not listed",
	"file-lives": "the lifetime of the oldest files of the users with most is not known",
	"tcp-closed": 'what connections moved that had to go before they were shown is in the row "other" of their process',
	"tcp-listeners": "the server side of old connections to the ports of the users with most is not known",
	"process-dead": "those of the users with most go after one refresh",
	ancestors: "ancestors that are gone, of the users with most, are no longer known",
	"ipc-addresses": "datagrams to the addresses of the users with most are not followed to their receiver",
};

export function pastLimit(table: string): string {
	return PAST[table] ?? "what did not fit is in the totals only";
}
