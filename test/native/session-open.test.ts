import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type * as Addon from "../../native/index.d.ts";

const path = fileURLToPath(new URL("../../build/Release/ebtop.node", import.meta.url));
const { Session } = createRequire(import.meta.url)(path) as typeof Addon;

describe("Session.open", () => {
	it("gives a session like that of the constructor", async () => {
		const session = await Session.open({ source: "proc" });
		expect(session).toBeInstanceOf(Session);
		expect(session.sweep().length).toBeGreaterThan(0);
		session.close();
		expect(() => session.sweep()).toThrow(expect.objectContaining({ code: "EBTOP_CLOSED" }));
	});
	it("rejects wrong options with their code", async () => {
		const wrong = { source: "tea" } as unknown as Addon.SessionOptions;
		await expect(Session.open(wrong)).rejects.toMatchObject({ code: "EBTOP_USAGE" });
		await expect(Session.open({ source: "proc", pids: [4194303] })).rejects.toMatchObject({ code: "EBTOP_USAGE" });
	});
	it("opens several at a time, each closed by itself", async () => {
		const sessions = await Promise.all([1, 2, 3].map(() => Session.open({ source: "proc" })));
		for (const session of sessions) {
			session.close();
			session.close();
		}
	});
});
