/** Rows for filter tests: complete, so that a test sets only the fields it is about. */

import type { FileRow, IpcRow, ProcessRow, SyscallRow, TcpRow } from "../../../src/model/snapshot.ts";
import { blankRow } from "../../helpers/blank-row.ts";

export function processRow(row: Partial<ProcessRow>): ProcessRow {
	const usual = {
		pid: 1,
		shownUnder: row.ppid ?? 0,
		start: "1",
		comm: "init",
		user: "root",
		state: "S",
		threads: 1,
		syscallRate: 0,
	};
	return { ...blankRow<ProcessRow>("ProcessRow"), ...usual, ...row };
}

export function syscallRow(row: Partial<SyscallRow>): SyscallRow {
	return { ...blankRow<SyscallRow>("SyscallRow"), pid: 1, comm: "init", name: "read", ...row };
}

export function fileRow(row: Partial<FileRow>): FileRow {
	const usual = {
		pid: 1,
		comm: "init",
		path: "/",
		type: "regular",
		device: "1:1",
		inode: "1",
		flags: "O_RDONLY",
	} as const;
	return { ...blankRow<FileRow>("FileRow"), ...usual, ...row };
}

export function ipcRow(row: Partial<IpcRow>): IpcRow {
	const ends = { from: { pid: 1, comm: "init" }, to: { pid: 2, comm: "cat" } };
	return { ...blankRow<IpcRow>("IpcRow"), kind: "pipe", channel: "pipe:[1]", ...ends, basis: "open", ...row };
}

export function tcpRow(row: Partial<TcpRow>): TcpRow {
	const local = { localAddress: "127.0.0.1", localPort: 80, remoteAddress: "127.0.0.1", remotePort: 50000 };
	const usual = { pid: 1, comm: "init", role: "server", family: 4, state: "ESTABLISHED" } as const;
	return { ...blankRow<TcpRow>("TcpRow"), ...usual, ...local, ...row };
}
