/** Processes that come and go while /proc is being read. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { startStorm } from "../helpers/storm.ts";
import { Observer } from "./observer.ts";

let end = () => {};

beforeAll(() => {
	end = startStorm("(exit 3) & (exit 4) & /bin/true & wait");
});

afterAll(() => end());

it("keeps reading while hundreds of processes vanish in between", async () => {
	const observer = new Observer();
	try {
		for (let i = 0; i < 60; i++) {
			const { health, processes } = observer.refresh();
			expect(health.records).toMatchObject({ malformed: 0, lost: 0 });
			expect(processes.find(({ pid, exit }) => pid === process.pid && exit === null)).toBeDefined();
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
	} finally {
		observer.close();
	}
});
