/** Links over anonymous pipes and FIFOs: who wrote, who read, exactly how much. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linksOf, linkTests, rowsOf } from "../helpers/links.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

const pair = ["eb-writer", "eb-reader"];
const open = ["pipe eb-writer > eb-reader 0 messages 0 bytes open"];
const moved = (messages: number, bytes: number) => [
	`pipe eb-writer > eb-reader ${messages} messages ${bytes} bytes observed`,
];

describeLive("pipes", () => {
	linkTests({
		"one writer, one reader": {
			workload: "ipc-pipe",
			args: ["one", 11, 1013],
			roles: pair,
			open,
			worked: moved(11, 11 * 1013),
		},
		"a parent that still holds both ends is no peer": {
			workload: "ipc-pipe",
			args: ["holder", 13, 509],
			roles: pair,
			open,
			worked: moved(13, 13 * 509),
		},
		"both ends held, nothing moved": { workload: "ipc-pipe", args: ["idle"], roles: pair, open, worked: open },
		vmsplice: {
			workload: "ipc-pipe",
			args: ["vmsplice", 3, 4099],
			roles: pair,
			open,
			worked: moved(3, 12297),
		},
		sendfile: {
			workload: "ipc-pipe",
			args: ["sendfile", 5, 1009],
			roles: pair,
			open,
			worked: moved(5, 5045),
		},
	});

	for (const how of ["splice", "tee"]) {
		test(`${how}: both pipes, each byte once`, async () => {
			const session = new LiveSession();
			const workload = new Workload("ipc-pipe", [how, 7, 1009]);
			try {
				await workload.ready("eb-writer", "eb-mover", "eb-reader");
				await workload.work("eb-writer", "eb-mover", "eb-reader");
				const bytes = rowsOf(session.refresh(), workload).map((row) => [row.from.comm, row.to.comm, row.bytes]);
				expect(bytes.sort()).toEqual([
					["eb-mover", "eb-reader", 7063],
					["eb-writer", "eb-mover", 7063],
				]);
			} finally {
				await workload.end();
				session.close();
			}
		});
	}

	for (const isOlder of [false, true]) {
		test(`three writers, two readers${isOlder ? ", older than the session" : ""}: shares that balance`, async () => {
			let session = isOlder ? null : new LiveSession();
			const workload = new Workload("ipc-pipe", ["many"]);
			try {
				await workload.ready("eb-w1", "eb-w2", "eb-w3", "eb-r1", "eb-r2");
				session ??= new LiveSession();
				await workload.work();
				const rows = rowsOf(session.refresh(), workload);
				const sum = (comm: string, of: "messages" | "bytes") =>
					rows.filter((row) => row.from.comm === comm || row.to.comm === comm).reduce((all, row) => all + row[of], 0);
				expect(rows.map((row) => row.basis)).toEqual(Array(6).fill("shared"));
				expect(["eb-w1", "eb-w2", "eb-w3"].map((comm) => sum(comm, "bytes"))).toEqual([11 * 101, 13 * 211, 17 * 307]);
				expect(["eb-w1", "eb-w2", "eb-w3"].map((comm) => sum(comm, "messages"))).toEqual([11, 13, 17]);
				expect(["eb-r1", "eb-r2"].map((comm) => sum(comm, "bytes"))).toEqual([1009, 9073 - 1009]);
			} finally {
				await workload.end();
				session?.close();
			}
		});
	}

	test("a link that was used and is now idle was last seen when it was used, one never used was never seen", async () => {
		const session = new LiveSession();
		const [moving, idle] = [new Workload("ipc-pipe", ["one", 11, 1013]), new Workload("ipc-pipe", ["idle"])];
		try {
			await Promise.all([moving.ready(...pair), idle.ready(...pair)]);
			await moving.work(...pair);
			const moved = session.refresh();
			expect(rowsOf(moved, moving).map((row) => row.lastSeen)).toEqual([moved.time]);
			for (let refresh = 0; refresh < 3; refresh++) {
				expect(rowsOf(session.refresh(), moving).map((row) => row.lastSeen)).toEqual([moved.time]);
			}
			const held = await session.until("the idle pipe", (snapshot) => rowsOf(snapshot, idle)[0]);
			expect([held.basis, held.lastSeen]).toEqual(["open", null]);
		} finally {
			await Promise.all([moving.end(), idle.end()]);
			session.close();
		}
	});

	test("a writer that was gone before the first read", async () => {
		const session = new LiveSession();
		const workload = new Workload("ipc-pipe", ["brief", 5, 401]);
		try {
			await workload.work("eb-reader");
			const links = linksOf(session.refresh(), workload);
			expect(links).toEqual(["pipe eb-brief > eb-reader 5 messages 2005 bytes observed"]);
		} finally {
			await workload.end();
			session.close();
		}
	});

	test("a hundred and one pairs that live for a moment", async () => {
		const session = new LiveSession();
		const workload = new Workload("ipc-pipe", ["flicker", 101, 499]);
		try {
			await workload.work("eb-main");
			const expected = Array.from({ length: 101 }, (_, index) => `eb-fw${index} > eb-fr${index} 499`);
			const rows = rowsOf(session.refresh(), workload).filter((row) => row.kind === "pipe");
			expect(rows.map((row) => `${row.from.comm} > ${row.to.comm} ${row.bytes}`).sort()).toEqual(expected.sort());
		} finally {
			await workload.end();
			session.close();
		}
	});
});

describeLive("FIFOs", () => {
	const path = "$DIR/pipe.fifo";
	linkTests({
		"one writer, one reader": {
			workload: "ipc-pipe",
			args: ["fifo", 7, 1009],
			roles: pair,
			open: [`fifo eb-writer > eb-reader 0 messages 0 bytes open ${path}`],
			worked: [`fifo eb-writer > eb-reader 7 messages 7063 bytes observed ${path}`],
		},
		"created by another process": {
			workload: "ipc-pipe",
			args: ["fifo", 3, 211],
			roles: pair,
			before: (workload) => execFileSync("mkfifo", [join(workload.directory, "pipe.fifo")]),
			open: [`fifo eb-writer > eb-reader 0 messages 0 bytes open ${path}`],
			worked: [`fifo eb-writer > eb-reader 3 messages 633 bytes observed ${path}`],
		},
		"both open it for reading and writing": {
			workload: "ipc-pipe",
			args: ["fifo-rdwr", 7, 1009],
			roles: pair,
			open: [`fifo eb-writer > eb-reader 0 messages 0 bytes open ${path}`],
			worked: [`fifo eb-writer > eb-reader 7 messages 7063 bytes observed ${path}`],
		},
	});
});
