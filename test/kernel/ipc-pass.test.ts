/** Links of signals, handed-over descriptors, eventfds and pseudo terminals. */

import { expect, test } from "vitest";
import { whyNoBpf } from "../helpers/drained-session.ts";
import { linkTests, rowsOf } from "../helpers/links.ts";
import { describeLive, describeUnless, LiveSession, whyNoHandover } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

describeUnless(whyNoHandover ?? whyNoBpf)("descriptors handed over", () => {
	linkTests({
		SCM_RIGHTS: {
			workload: "ipc-pass",
			args: ["rights", 13],
			roles: ["eb-giver", "eb-taker"],
			open: ["unix-stream eb-giver > eb-taker 0 messages 0 bytes open"],
			worked: [
				"fd-pass eb-giver > eb-taker 13 messages 0 bytes observed $DIR/passed",
				"unix-stream eb-giver > eb-taker 13 messages 13 bytes observed",
			],
		},
		pidfd_getfd: {
			workload: "ipc-pass",
			args: ["getfd", 11],
			roles: ["eb-giver", "eb-taker"],
			worked: ["fd-pass eb-giver > eb-taker 11 messages 0 bytes observed $DIR/passed"],
		},
	});

	test("a fifth control message of one message is counted as lost", async () => {
		const session = new LiveSession();
		const workload = new Workload("ipc-pass", ["controls", 7]);
		const lost = () => session.refresh().health.probes.find((probe) => probe.probe === "fd-pass")?.lost;
		try {
			await workload.ready("eb-giver");
			expect(lost()).toBe(0);
			await workload.work();
			expect(lost()).toBe(7);
		} finally {
			await workload.end();
			session.close();
		}
	});
});

describeLive("signals", () => {
	linkTests({
		"kill, tgkill and sigqueue; kill with 0 is none": {
			workload: "ipc-pass",
			args: ["signals", 13],
			roles: ["eb-sender", "eb-target"],
			worked: [
				"signal eb-sender > eb-target 13 messages 0 bytes observed SIGUSR1",
				"signal eb-sender > eb-target 14 messages 0 bytes observed SIGUSR2",
				"signal eb-sender > eb-target 15 messages 0 bytes observed SIGRTMIN",
			],
		},
		"what the kernel sends is the kernel's": {
			workload: "ipc-pass",
			args: ["faults", 17],
			roles: ["eb-target"],
			worked: [
				"signal kernel > eb-target 1 messages 0 bytes observed SIGPIPE",
				"signal kernel > eb-target 17 messages 0 bytes observed SIGCHLD",
			],
		},
	});
});

describeLive("eventfd and pty", () => {
	linkTests({
		"an eventfd": {
			workload: "ipc-pass",
			args: ["eventfd", 13],
			roles: ["eb-ringer", "eb-waiter"],
			open: ["eventfd eb-ringer > eb-waiter 0 messages 0 bytes open"],
			worked: ["eventfd eb-ringer > eb-waiter 13 messages 104 bytes observed"],
		},
	});
	test("three terminals of one program: each shell has its own", async () => {
		const session = new LiveSession();
		const workload = new Workload("ipc-pass", ["terminals", 0, 211]);
		try {
			await workload.ready("eb-terminal", "eb-shell1", "eb-shell2", "eb-shell3");
			await workload.work();
			const rows = rowsOf(session.refresh(), workload);
			expect(rows.map((row) => [row.kind, row.from.comm, row.to.comm, row.messages, row.bytes]).sort()).toEqual([
				["pty", "eb-terminal", "eb-shell1", 1, 211],
				["pty", "eb-terminal", "eb-shell2", 2, 422],
				["pty", "eb-terminal", "eb-shell3", 3, 633],
			]);
		} finally {
			await workload.end();
			session.close();
		}
	});
	for (const isOlder of [false, true])
		test(`a pty, both ways${isOlder ? ", older than the session" : ""}`, async () => {
			let session = isOlder ? null : new LiveSession();
			const workload = new Workload("ipc-pass", ["pty", 13, 101]);
			try {
				await workload.ready("eb-terminal", "eb-shell");
				session ??= new LiveSession();
				if (isOlder) expect(rowsOf(session.first, workload)).toMatchObject([{ kind: "pty", bytes: 0, basis: "open" }]);
				await workload.work();
				const rows = rowsOf(session.refresh(), workload);
				expect(rows.map((row) => [row.kind, row.from.comm, row.to.comm, row.bytes, row.basis]).sort()).toEqual([
					["pty", "eb-shell", "eb-terminal", 1009, "observed"],
					["pty", "eb-terminal", "eb-shell", 1313, "observed"],
				]);
				expect(rows[0]?.name).toMatch(/^\/dev\/pts\/\d+$/);
			} finally {
				await workload.end();
				session?.close();
			}
		});
});
