/** Processes that come and go while /proc is being read. */
import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { Observer } from "./observer.ts";

it("reads on while hundreds of processes vanish between two looks", async () => {
	const storm = spawn("sh", ["-c", "while :; do (exit 3) & (exit 4) & /bin/true & wait; done"], { stdio: "ignore" });
	const observer = new Observer();
	try {
		for (let i = 0; i < 60; i++) {
			const { health, processes } = observer.refresh();
			expect(health.records).toMatchObject({ malformed: 0, lost: 0 });
			expect(processes.find(({ pid, exit }) => pid === process.pid && exit === null)).toBeDefined();
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
	} finally {
		storm.kill("SIGKILL");
		observer.close();
	}
});
