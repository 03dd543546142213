/** Events for which the kernel skipped a program are reported, and what can be recovered is, in the same refresh. */

import { release } from "node:os";
import { expect, test } from "vitest";
import { WirePassKind } from "../../src/model/wire/layout.gen.ts";
import { describeLive } from "../helpers/live-session.ts";
import { RecordSession } from "../helpers/record-session.ts";

const isSkipping = Number.parseInt(release(), 10) >= 7;

describeLive("programs that the kernel skips", () => {
	const name = "each refresh that tells of more has looked at all processes";
	test.skipIf(!isSkipping)(isSkipping ? name : `${name} (before Linux 7.0 none is skipped)`, async () => {
		const session = new RecordSession({ force: { syscall: "tp_btf" } });
		session.sweep();
		let before = session.probe("syscall").lost;
		const passes: boolean[] = [];
		const look = () => {
			session.forget();
			session.sweep();
			const { lost } = session.probe("syscall");
			const hasPass = session
				.all("wire_pass")
				.some(({ kind, is_end }) => kind === WirePassKind.PROCESSES && is_end === 1);
			if (lost > before) passes.push(hasPass);
			before = lost;
		};
		while (passes.length < 5) {
			let isRunning = true;
			const running = session.run("calls", "threads").finally(() => {
				isRunning = false;
			});
			while (isRunning) {
				look();
				await new Promise((resolve) => setImmediate(resolve));
			}
			await running;
			look();
		}
		expect(session.probe("syscall").tail.toString()).toMatch(/\d+ events were missed: the kernel skips/);
		session.close();
		expect(passes).not.toContain(false);
	});
});
