/** Threads from /proc: the same text as from BPF, except for what woke them. */

import { afterAll, expect, it } from "vitest";
import { threadsOf, WAITS, waitsOf } from "../helpers/threads.ts";
import { Workload } from "../helpers/workload.ts";
import { Observer } from "./observer.ts";

const observer = new Observer({ concerns: ["process", "ipc", "file", "tcp", "thread"] });
const workload = new Workload("threads", ["run"]);

afterAll(async () => {
	await workload.end();
	observer.close();
});

it("names the call, the object, and the thread that can end the wait", async () => {
	await workload.ready("eb-main");
	await observer.until("all of them", (seen) => threadsOf(seen, workload).length === 24);
	await observer.until("the pipe", (seen) =>
		Object.keys(waitsOf(seen, workload)).some((text) => /writer is/.test(text)),
	);
	expect(waitsOf(observer.refresh(), workload)).toEqual(WAITS);
	const [probe] = observer.refresh().health.probes.filter(({ probe }) => probe === "threads");
	expect(probe).toMatchObject({ state: "fallback", variant: "procfs" });
	expect(probe?.reason).toContain("Only BPF shows who woke a thread");
});
