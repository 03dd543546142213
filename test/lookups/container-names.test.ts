/** When names are looked up, how long the program waits for them, and how they reach the model and a recording. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ContainerNames } from "../../src/lookups/container-names.ts";
import { NamedFeed } from "../../src/lookups/named-feed.ts";
import type { Feed, Sink } from "../../src/model/feed/feed.ts";
import type { ForeignFiles } from "../../src/model/feed/foreign-files.ts";
import { Model } from "../../src/model/model.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { finish } from "../../src/model/steps.ts";
import type { LiveContainer } from "../../src/model/tables/process/names.ts";
import { WireNameKind, WireType } from "../../src/model/wire/layout.gen.ts";
import { record } from "../helpers/wire-encode.ts";

const id = "713e7c56aabb".padEnd(64, "0");
const info = { host: "h", kernel: "k", machine: "x86_64", source: "bpf" } as const;
const live = (over: Partial<LiveContainer>): LiveContainer => ({
	...{ key: "7", runtime: "docker", id, name: null, image: null, pid: 1, user: 0, monitor: null },
	...over,
});
const hanging = new Promise<never>(() => {});

beforeEach(() => {
	vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
	vi.useRealTimers();
});

const tick = (seconds: number) =>
	record(WireType.TICK, "wire_tick", { time: seconds * 1e9 }, { wall_ns: seconds * 1e9 });

/** A process in a docker container, its cgroup's name and the tick. */
function firstBatch(): Uint8Array {
	const text = `docker\0${id}`;
	return Buffer.concat([
		record(WireType.PROCESS, "wire_process", { pid: 100, start: 5 }, { cgroup: 7, comm: "eb-work", threads: 1 }),
		record(WireType.NAME, "wire_name", {}, { id: 7, kind: WireNameKind.CONTAINER, len: text.length }, text),
		tick(1),
	]);
}

/** A run with a feed controlled by the test, and all its output. */
function run(read: ForeignFiles["read"]) {
	const batches: Uint8Array[] = [];
	const snapshots: Snapshot[] = [];
	let push: Sink = () => undefined;
	const source: Feed = {
		info,
		start(sink) {
			push = sink;
		},
		setDelay() {},
		want() {},
		follow() {},
		hold() {},
		stop() {},
	};
	const model = new Model(info);
	const names = new ContainerNames({ read, list: async () => [] }, false);
	const feed = new NamedFeed(source, names, () => model.liveContainers());
	feed.start(
		(batch) => {
			batches.push(batch);
			const snapshot = model.apply(batch);
			if (snapshot !== null) snapshots.push(snapshot);
		},
		() => {},
	);
	const nameNow = () => snapshots.at(-1)?.processes[0]?.container?.name;
	return {
		feed,
		batches,
		snapshots,
		nameNow,
		push: (batch: Uint8Array) => {
			const steps = push(batch);
			if (steps) finish(steps);
		},
	};
}

const found: ForeignFiles["read"] = async () => Buffer.from('{"Name":"/web","Config":{"Image":"eb-image"}}');

test("the first snapshot has a name that is found at once, and so has what is recorded", async () => {
	const { batches, snapshots, nameNow, push } = run(found);
	push(firstBatch());
	expect(snapshots).toHaveLength(0);
	await vi.advanceTimersByTimeAsync(1);
	expect([snapshots.length, nameNow()]).toEqual([1, "web"]);
	const replayed = new Model(info);
	const last = batches.map((batch) => replayed.apply(batch)).at(-1);
	expect(last?.processes[0]?.container).toEqual({ runtime: "docker", id, name: "web", image: "eb-image" });
});

test("a file that hangs costs the first snapshot a tenth of a second, and the name", async () => {
	const { snapshots, nameNow, push } = run(() => hanging);
	push(firstBatch());
	await vi.advanceTimersByTimeAsync(99);
	expect(snapshots).toHaveLength(0);
	await vi.advanceTimersByTimeAsync(1);
	expect([snapshots.length, nameNow()]).toEqual([1, null]);
	push(tick(2));
	expect([snapshots.length, nameNow()]).toEqual([2, null]);
});

test("what comes meanwhile does not overtake the first tick, and is not lost at the end", async () => {
	const busy = run(() => hanging);
	busy.push(firstBatch());
	busy.push(tick(2));
	expect(busy.snapshots.map(({ seq, time }) => [seq, time.slice(17, 19)])).toEqual([
		[0, "01"],
		[1, "02"],
	]);
	const short = run(() => hanging);
	short.push(firstBatch());
	short.feed.stop(false);
	expect(short.snapshots).toHaveLength(1);
});

test("a name that does not exist yet is looked up a few more times, at growing intervals", async () => {
	const asked: number[] = [];
	const { nameNow, push } = run(async () => {
		asked.push(Math.round(performance.now() / 1000));
		return asked.length < 4 ? null : Buffer.from('{"Name":"/late"}');
	});
	push(firstBatch());
	for (let second = 2; second < 60; second++) {
		await vi.advanceTimersByTimeAsync(1000);
		push(tick(second));
	}
	expect(nameNow()).toBe("late");
	expect(asked).toEqual([0, 1, 6, 36]);
});

test("after the last try it is not looked up again, and the number of concurrent lookups is bounded", async () => {
	let asked = 0;
	const { push } = run(async () => {
		asked++;
		return null;
	});
	push(firstBatch());
	for (let second = 2; second < 200; second++) {
		await vi.advanceTimersByTimeAsync(1000);
		push(tick(second));
	}
	expect(asked).toBe(4);
	const many = Array.from({ length: 40 }, (_, at) => live({ key: String(at) }));
	let begun = 0;
	const counting = new ContainerNames(
		{
			read: () => {
				begun++;
				return hanging;
			},
			list: async () => [],
		},
		false,
	);
	void counting.find(many, () => {});
	expect(begun).toBe(32);
});

test("10,000 containers of one user do not keep those of others waiting", async () => {
	const asked: string[] = [];
	const names = new ContainerNames(
		{
			async read(path) {
				asked.push(path);
				return null;
			},
			list: async () => [],
		},
		false,
	);
	const many = Array.from({ length: 10_000 }, (_, at) => live({ key: String(at), user: 1000 }));
	await names.find([...many, live({ key: "root's", id: "r", user: 0 })], () => {});
	expect([asked.length, asked[1]]).toEqual([32, "/var/lib/docker/containers/r/config.v2.json"]);
});

/** /proc of a rootless container's monitor, whose pid is that of its process + 1. */
function procOf(path: string, container: string, uid: number): string | null {
	const [, pid = "0", file] = /^\/proc\/(\d+)\/(\w+)$/.exec(path) ?? [];
	const bundle = `/home/${uid}/vfs-containers/${container}/userdata`;
	const args = ["/usr/bin/conmon", "-c", container, "-n", "web", "-b", bundle].join("\0");
	if (file === "stat") return `${pid} (eb) S ${Number(pid) + 1} 0`;
	if (file === "cmdline") return args;
	return file === "status" ? `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\n` : null;
}

const monitored = (user: number, at: number) =>
	live({
		key: `m${user} ${at}`,
		runtime: "podman",
		pid: 100 * user + 2 * at,
		user,
		monitor: { pid: 1, startLow: 1, startHigh: 0 },
	});

test("a user's list is read as that user's; of one that hangs nobody waits longer than a second", async () => {
	const asked: [string, number | undefined][] = [];
	const list = `[{"id":"${id}","names":["web"],"metadata":"{\\"image-name\\":\\"eb-image\\"}"}]`;
	const names = new ContainerNames(
		{
			async read(path, owner) {
				if (path.startsWith("/home/")) asked.push([path, owner]);
				if (path.startsWith("/home/1000/")) return hanging;
				if (path.startsWith("/home/")) return Buffer.from(list);
				return Buffer.from(procOf(path, id, Math.floor(Number(path.split("/")[2]) / 100)) ?? "");
			},
			list: async () => [],
		},
		true,
	);
	const said: string[] = [];
	const tell = (batch: Uint8Array) =>
		said.push(
			Buffer.from(batch)
				.toString("latin1")
				.replace(/^.*podman/s, ""),
		);
	const hung = names.find([monitored(1000, 0), monitored(1000, 1)], tell);
	await names.find([monitored(1000, 0), monitored(1000, 1), monitored(1001, 0)], tell);
	expect(said.map((text) => text.replace(/\0+$/, ""))).toEqual([`\0${id}\0web\0eb-image`]);
	await vi.advanceTimersByTimeAsync(1000);
	await hung;
	expect(said.map((text) => text.replace(/\0+$/, "")).slice(1)).toEqual(Array(2).fill(`\0${id}\0web`));
	expect(asked).toEqual([
		["/home/1000/vfs-containers/containers.json", 1000],
		["/home/1001/vfs-containers/containers.json", 1001],
	]);
});

test("a renamed one has its new name a minute later, and an unchanged one sends no record", async () => {
	let name = "web";
	const { batches, nameNow, push } = run(async () => Buffer.from(`{"Name":"/${name}"}`));
	push(firstBatch());
	await vi.advanceTimersByTimeAsync(30_000);
	push(tick(31));
	name = "shop";
	await vi.advanceTimersByTimeAsync(30_000);
	push(tick(61));
	await vi.advanceTimersByTimeAsync(1);
	push(tick(62));
	expect(nameNow()).toBe("shop");
	const said = batches.filter((batch) => Buffer.from(batch).includes("docker\0")).length;
	await vi.advanceTimersByTimeAsync(60_000);
	push(tick(122));
	await vi.advanceTimersByTimeAsync(1);
	expect(batches.filter((batch) => Buffer.from(batch).includes("docker\0"))).toHaveLength(said);
});

test("a failed lookup counts as one without a name", async () => {
	const { snapshots, nameNow, push } = run(() => Promise.reject(new Error("no thread")));
	push(firstBatch());
	await vi.advanceTimersByTimeAsync(1);
	expect([snapshots.length, nameNow()]).toEqual([1, null]);
});

test("nothing comes after the end", async () => {
	let answer: (bytes: Uint8Array) => void = () => {};
	const { feed, batches, push } = run(() => new Promise((resolve) => (answer = resolve)));
	push(firstBatch());
	feed.stop(false);
	const before = batches.length;
	answer(Buffer.from('{"Name":"/web"}'));
	await vi.advanceTimersByTimeAsync(1);
	expect(batches).toHaveLength(before);
});
