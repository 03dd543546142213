/** What is known about a System V object from the records of several processes. */

import { expect, test } from "vitest";
import { WireKind, WireTextFlag } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";

const sender = { pid: 11, start: 110 };
const receiver = { pid: 13, start: 130 };
const id = { dev: 4_026_531_839, ino: 17, gen: WireKind.SYSV_MSG };
const queue = { ...id, kind: WireKind.SYSV_MSG };
const owned = { rdev: 0x7abc, local: [0xb1, 4], remote: [0xb2, 4] };

const sends = (scenario: Scenario, fields: object) =>
	scenario.object(sender, { ...queue, ...fields }).io(sender, { ...id, writes: 3, write_bytes: 303 });
const receivesFromRemoved = (scenario: Scenario) =>
	scenario
		.object(receiver, { ...queue, name_flags: WireTextFlag.DELETED })
		.io(receiver, { ...id, reads: 3, read_bytes: 303 });

test("a process that finds it removed does not delete what others reported", () => {
	const scenario = receivesFromRemoved(sends(new Scenario(), owned));
	const { ipc } = scenario.tick();
	expect(ipc).toMatchObject([{ name: "key 0x00007abc id 17", messages: 3, bytes: 303, owner: { uid: 0x4b1 } }]);
});

test("if all found it removed, only its id is known", () => {
	const scenario = receivesFromRemoved(sends(new Scenario(), { name_flags: WireTextFlag.DELETED }));
	const { ipc } = scenario.tick();
	expect(ipc).toMatchObject([{ name: "id 17", messages: 3, bytes: 303 }]);
	expect(ipc[0]).not.toHaveProperty("owner");
});
