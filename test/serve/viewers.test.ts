import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { demoPath } from "../../src/run/open-recording.ts";
import { listenAt, userOf } from "../../src/serve/listen.ts";
import { encodeRequest } from "../../src/serve/protocol.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { recordedSnapshots } from "../helpers/recorded-snapshots.ts";
import { aClient, aService, aSocketPath, aViewer, opened, untilTrue } from "./service.ts";

/** What was measured, without what the service adds about its viewers. */
function measured({ health, ...snapshot }: Snapshot): Snapshot {
	return { ...snapshot, health: { ...health, maps: health.maps.filter(({ map }) => map !== "viewers") } };
}

const REQUEST = encodeRequest({ pastMs: 0 });

describe("a viewer", () => {
	it("sees what the service shows, in every field, from the newest refresh on", async () => {
		const snapshots = (await recordedSnapshots(demoPath())).slice(0, 30);
		const path = aSocketPath();
		const service = opened(await aService(path));
		const viewers: Awaited<ReturnType<typeof aViewer>>[] = [];
		for (const [at, snapshot] of snapshots.entries()) {
			service.publish(snapshot);
			if (at === 4 || at === 11) viewers.push(opened(await aViewer(path)));
			await untilTrue(() => viewers.every(({ seen }) => seen.at(-1)?.snapshot.seq === snapshot.seq));
		}
		const [first, second] = viewers.map(({ seen }) => seen.map(({ snapshot }) => measured(snapshot)));
		expect(isDeepStrictEqual(first, snapshots.slice(4))).toBe(true);
		expect(isDeepStrictEqual(second, snapshots.slice(11))).toBe(true);
		expect(viewers.flatMap(({ seen }) => seen.filter(({ isAfterGap }) => isAfterGap))).toEqual([]);
		expect(service.row()).toEqual({ map: "viewers", used: 2, capacity: 16, overflow: 0 });
	});
	it("is told that the service is gone, finds it again by itself, and marks the gap", async () => {
		const path = aSocketPath();
		const service = await aService(path);
		service.publish(changingSnapshot(0, 5));
		const viewer = opened(await aViewer(path));
		await untilTrue(() => viewer.seen.length === 1);
		service.close();
		await untilTrue(() => viewer.lost.length === 1);
		expect(viewer.lost).toEqual(["it has ended"]);
		const next = opened(await aService(path));
		next.publish(changingSnapshot(7, 5));
		await untilTrue(() => viewer.seen.length === 2);
		expect(viewer.lost).toEqual(["it has ended", null]);
		expect(viewer.seen.map(({ snapshot, isAfterGap }) => [snapshot.seq, isAfterGap])).toEqual([
			[0, false],
			[7, true],
		]);
	});
});

/** A refresh of so many processes has some 5 kB. */
const SIZE = 300;
const BOUND = 64 << 10;

describe("a viewer that takes nothing", () => {
	it("costs no more than the bound, delays nobody, and goes on with the newest refresh", async () => {
		const path = aSocketPath();
		const service = opened(await aService(path, { mostWaitingBytes: BOUND }));
		service.publish(changingSnapshot(0, SIZE));
		const quick = opened(await aViewer(path));
		const client = await aClient(path, REQUEST);
		client.pause();
		let refreshes = 0;
		let most = 0;
		const refresh = async (): Promise<void> => {
			service.publish(changingSnapshot(++refreshes, SIZE));
			await untilTrue(() => quick.seen.at(-1)?.snapshot.seq === refreshes);
			most = Math.max(most, service.waitingBytes());
		};
		while ((service.row()?.overflow ?? 0) < 20) await refresh();
		const slow = opened(await aViewer(path, { client }));
		while (!slow.seen.at(-1)?.isAfterGap) await refresh();
		expect(most).toBeGreaterThan(BOUND);
		expect(most).toBeLessThan(2 * BOUND); // and one refresh
		expect(slow.seen.length).toBeLessThan(refreshes - 19);
		const [last, seen] = [slow.seen.at(-1)?.snapshot as Snapshot, slow.seen.map(({ snapshot }) => snapshot.seq)];
		expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
		expect(isDeepStrictEqual(measured(last), changingSnapshot(last.seq, SIZE))).toBe(true);
		expect(quick.seen.some(({ isAfterGap }) => isAfterGap)).toBe(false);
	});
	it("is disconnected after a while", async () => {
		const path = aSocketPath();
		const service = opened(await aService(path, { stuckMs: 50, mostWaitingBytes: BOUND }));
		service.publish(changingSnapshot(0, SIZE));
		const client = await aClient(path, REQUEST);
		client.pause();
		let tick = 0;
		await untilTrue(() => {
			service.publish(changingSnapshot(++tick, SIZE));
			return service.row()?.used === 0;
		});
		expect(service.row()?.overflow).toBeGreaterThan(0);
		client.resume();
		await untilTrue(() => client.isClosed());
	});
});

describe("a hostile client", () => {
	it.each([
		["something else", "GET / HTTP/1.1\r\n\r\n"],
		["no JSON", "view\n"],
		["a request of another form", '{"view":{"pastMs":"1"}}\n'],
		["less than nothing", '{"view":{"pastMs":-1}}\n'],
		["two requests", REQUEST + REQUEST],
		["a request that does not end", "{".repeat(1000)],
		["zeros", "\0".repeat(100_000)],
	])("that sends %s is disconnected, and gets nothing", async (_, text) => {
		const path = aSocketPath();
		const service = opened(await aService(path));
		service.publish(changingSnapshot(0, 5));
		const client = await aClient(path, text);
		let bytes = 0;
		client.on("data", (chunk) => {
			bytes += chunk.length;
		});
		await untilTrue(() => client.isClosed());
		expect(bytes).toBe(0);
	});
	it("that goes on sending is disconnected", async () => {
		const path = aSocketPath();
		const service = opened(await aService(path));
		service.publish(changingSnapshot(0, 5));
		const client = await aClient(path, REQUEST);
		await new Promise((resolve) => client.once("data", resolve));
		client.write("more");
		client.resume();
		await untilTrue(() => client.isClosed());
	});
	it("gets half of the places, and half of those who come between two refreshes, whoever views", async () => {
		const path = aSocketPath();
		const service = opened(await aService(path));
		service.publish(changingSnapshot(0, 5));
		const viewer = opened(await aViewer(path));
		const clients = await Promise.all(Array.from({ length: 40 }, () => aClient(path, REQUEST)));
		for (const client of clients) client.resume();
		await untilTrue(() => clients.filter((client) => client.isClosed()).length === 40 - 7);
		service.publish(changingSnapshot(1, 5));
		expect(service.row()).toEqual({ map: "viewers", used: 8, capacity: 16, overflow: 33 });
		await untilTrue(() => viewer.seen.at(-1)?.snapshot.seq === 1);
		for (const client of clients) client.destroy();
	});
	it("leaves places for the next users, and who cannot be told gets none", async () => {
		const path = aSocketPath();
		const users = [...Array.from({ length: 10 }, () => 1), ...Array.from({ length: 10 }, () => 2), null, 3, 3, 4, 4];
		const service = opened(await aService(path, { userOf: () => users.shift() ?? null }));
		service.publish(changingSnapshot(0, 5));
		const clients: Awaited<ReturnType<typeof aClient>>[] = [];
		for (let left = users.length - 1; left >= 0; left--) {
			const client = await aClient(path, REQUEST);
			client.resume();
			clients.push(client);
			await untilTrue(() => users.length === left);
		}
		const open = (from: number, to: number) => clients.slice(from, to).filter((client) => !client.isClosed()).length;
		const places = () => [open(0, 10), open(10, 20), open(20, 21), open(21, 23), open(23, 25)];
		await untilTrue(() => places().join() === "8,4,0,2,1");
		service.publish(changingSnapshot(1, 5));
		expect(service.row()).toEqual({ map: "viewers", used: 15, capacity: 16, overflow: 10 });
		for (const client of clients) client.destroy();
	});
	it.skipIf(process.getuid?.() !== 0)("is known by who it is, or by who created its user namespace", async () => {
		const path = aSocketPath();
		chmodSync(dirname(path), 0o755);
		const { server } = await listenAt(path);
		onTestFinished(() => void server.close());
		chmodSync(path, 0o666);
		const code = `require("net").connect(process.argv[1]).on("close", () => process.exit())`;
		const userOfClient = async (isMapped: boolean, ...wrapper: string[]) => {
			const accepted = once(server, "connection") as Promise<[Socket]>;
			const client = spawn(wrapper[0] as string, [...wrapper.slice(1), process.execPath, "-e", code, path]);
			if (isMapped) {
				await once(client.stdout, "data");
				for (const file of ["gid_map", "uid_map"]) writeFileSync(`/proc/${client.pid}/${file}`, "7 70007 1");
				client.stdin.end();
			}
			const [socket] = await accepted;
			const user = userOf(socket);
			client.kill("SIGKILL");
			await once(client, "exit");
			const later = userOf(socket);
			socket.destroy();
			return [user, later];
		};
		const inner = 'echo; read _; exec setpriv --reuid=7 "$@"';
		expect(await userOfClient(false, "setpriv", "--reuid=65534")).toEqual([65534, null]);
		expect(await userOfClient(true, "unshare", "--user", "--keep-caps", "sh", "-c", inner, "sh")).toEqual([0, null]);
	});
});
