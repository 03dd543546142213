import { expect, test } from "vitest";
import { describeLive } from "../helpers/live-session.ts";
import { observe } from "../helpers/record-session.ts";

describeLive("io_uring", () => {
	for (const [how, args] of [
		["inline", []],
		["by the poller's thread", ["poll"]],
	] as const) {
		test(`reads, writes and opens that complete ${how} belong to the submitter and its file`, () => {
			const { session, run } = observe({}, "uring", ...args);
			const { file, opened } = session.files(run);
			expect(file?.io).toEqual({ opens: 1, writes: 7, writeBytes: 707, reads: 5, readBytes: 485 });
			expect(opened?.io).toMatchObject({ opens: 1, writes: 0, reads: 0 });
			expect(session.probe("io-uring").state).not.toBe(0);
		});
	}
});
