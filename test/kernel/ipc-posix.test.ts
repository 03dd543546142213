/** Links over POSIX shared memory, semaphores and queues, memfd and shared anonymous memory. */

import { linkTests } from "../helpers/links.ts";
import { describeLive, whyNoMappings } from "../helpers/live-session.ts";

const pair = ["eb-first", "eb-second"];
const shared = (kind: string, name: string) => [`${kind} eb-first > eb-second 0 messages 0 bytes open ${name}`];

describeLive("POSIX", () => {
	linkTests({
		"shared memory, one with its descriptor closed": {
			workload: "ipc-posix",
			args: ["shm", "eb-memory", 13, 4099],
			whyNot: whyNoMappings,
			roles: pair,
			open: shared("posix-shm", "/eb-memory"),
			worked: shared("posix-shm", "/eb-memory"),
		},
		"a semaphore: who maps it, since posting makes no system call": {
			workload: "ipc-posix",
			args: ["sem", "eb-semaphore", 7],
			whyNot: whyNoMappings,
			roles: ["eb-poster", "eb-taker"],
			open: ["posix-sem eb-poster > eb-taker 0 messages 0 bytes open /eb-semaphore"],
			worked: ["posix-sem eb-poster > eb-taker 0 messages 0 bytes open /eb-semaphore"],
		},
		"a message queue": {
			workload: "ipc-posix",
			args: ["mq", "eb-queue", 13, 211],
			roles: ["eb-sender", "eb-receiver"],
			open: ["posix-mq eb-sender > eb-receiver 0 messages 0 bytes open /eb-queue"],
			worked: ["posix-mq eb-sender > eb-receiver 13 messages 2743 bytes observed /eb-queue"],
		},
	});
});

describeLive("without a name in the file system", () => {
	linkTests({
		"a memfd": {
			workload: "ipc-posix",
			args: ["memfd", "eb-memfd"],
			roles: pair,
			open: shared("memfd", "memfd:eb-memfd"),
			worked: ["memfd eb-first > eb-second 2 messages 2 bytes observed memfd:eb-memfd"],
		},
		"shared anonymous memory that a fork inherits": {
			workload: "ipc-posix",
			args: ["anonymous"],
			whyNot: whyNoMappings,
			roles: pair,
			open: shared("memfd", "/dev/zero"),
			worked: shared("memfd", "/dev/zero"),
		},
	});
});
