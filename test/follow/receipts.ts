/** Receipts for tests, as small as they can be. */

import type { Receipt, ReceiptFile, ReceiptProcess, ReceiptSocket } from "../../src/follow/receipt.ts";
import { BY_LINEAGE, RULES } from "../../src/follow/rules.ts";

export const SHELL = { pid: 100, comm: "sh" };

export function processOf(fields: Partial<ReceiptProcess>): ReceiptProcess {
	const { pid = SHELL.pid, comm = SHELL.comm, ...rest } = fields;
	const usual = { exe: `/usr/bin/${comm}`, args: [comm], exit: { code: 0, signal: null }, startedBy: SHELL };
	return { pid, comm, why: `sh ${SHELL.pid} forked it.`, ...usual, ...BY_LINEAGE, ...rest };
}

export function fileOf(fields: Partial<ReceiptFile>): ReceiptFile {
	const counts = { opens: 1, readBytes: 0, writeBytes: 0, created: false, deleted: false, renamedTo: null };
	return { path: "/etc/hosts", type: "regular", by: SHELL, ...counts, ...BY_LINEAGE, ...fields };
}

export function socketOf(fields: Partial<ReceiptSocket>): ReceiptSocket {
	return { kind: "tcp", name: null, by: SHELL, peer: null, readBytes: 0, writeBytes: 0, ...BY_LINEAGE, ...fields };
}

export function receiptOf(lists: Partial<Receipt>): Receipt {
	return {
		schema: "ebtop-receipt/1",
		run: {
			command: ["sh", "-c", "true"],
			cwd: "/tmp",
			user: { uid: 0, gid: 0 },
			host: "eb",
			kernel: "6.12",
			ebtop: "0.1.0",
			rules: RULES,
			exit: { code: 0, signal: null },
			startedAt: "2026-01-02T03:04:05.678Z",
			durationMs: 12,
		},
		processes: [processOf({ startedBy: null })],
		...{ files: [], sockets: [], ipc: [], signals: [], daemons: [], edges: [], notSure: [], gaps: [] },
		...lists,
	};
}
