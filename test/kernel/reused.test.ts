/** Addresses and numbers that the kernel reuses: no row mixes a freed object with its successor. */

import { expect, test } from "vitest";
import { linksOf, linkTests } from "../helpers/links.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

describeLive("used again", () => {
	linkTests({
		"an eventfd's address: processes that share nothing are not linked": {
			workload: "reused",
			args: ["eventfds", 13],
			roles: ["eb-one", "eb-two"],
			worked: [
				"eventfd eb-one > eb-first 13 messages 104 bytes observed",
				"eventfd eb-two > eb-second 14 messages 112 bytes observed",
			],
		},
	});
	test("an eventfd's address, reused by a process that is not wanted", async () => {
		const session = new LiveSession({ concerns: ["ipc"], comm: "eb-kid*" });
		const workload = new Workload("reused", ["inherited"]);
		try {
			await workload.ready("eb-kid1");
			await workload.work("eb-kid1", "eb-kid2");
			const links = linksOf(session.refresh(), workload);
			expect(links.filter((link) => link.includes("eb-kid1"))).toEqual([]);
		} finally {
			await workload.end();
			session.close();
		}
	});
	test("more eventfds than one user's share: those of other users are distinguished, and what found no room is reported", async () => {
		const session = new LiveSession({ concerns: ["ipc"], capacity: { births: 1024 } });
		const workload = new Workload("reused", ["hog", 13]);
		try {
			await workload.ready("eb-hog", "eb-ringer", "eb-waiter");
			await workload.work();
			const snapshot = session.refresh();
			expect(linksOf(snapshot, workload)).toEqual(["eventfd eb-ringer > eb-waiter 13 messages 104 bytes observed"]);
			const births = snapshot.health.maps.find(({ map }) => map === "ipc-births");
			expect(births?.overflow).toBeGreaterThanOrEqual(1009 - 515);
		} finally {
			await workload.end();
			session.close();
		}
	});
	linkTests({
		"a terminal's address and index: each shell has its own terminal": {
			workload: "reused",
			args: ["terminals", 13, 211],
			roles: ["eb-terminal", "eb-other"],
			worked: [
				"pty eb-other > eb-shell3 17 messages 3587 bytes observed /dev/pts/N",
				"pty eb-terminal > eb-shell1 13 messages 2743 bytes observed /dev/pts/N",
				"pty eb-terminal > eb-shell2 15 messages 3165 bytes observed /dev/pts/N",
			],
		},
	});
});
