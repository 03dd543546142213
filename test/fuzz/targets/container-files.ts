/** Files of container runtimes, and the /proc of their monitors: any content yields a name or none. */

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { ContainerNames } from "../../../src/lookups/container-names.ts";
import { findMonitor } from "../../../src/lookups/monitor-process.ts";
import { type Named, nameFromFiles, nameFromStorage } from "../../../src/lookups/runtime-files.ts";
import type { ForeignFiles } from "../../../src/model/feed/foreign-files.ts";
import { Model } from "../../../src/model/model.ts";
import { WireNameKind, WireType } from "../../../src/model/wire/layout.gen.ts";
import { DotGraph } from "../../../src/output/dot.ts";
import { batchOf, record } from "../../helpers/wire-encode.ts";
import type { FuzzTarget } from "../target.ts";
import { hostileString } from "../text.ts";
import { checkSnapshot, INFO } from "./model.ts";

const ID = "713e7c56aabb".padEnd(64, "0");
const PID = 100;
const DOCKER = "/var/lib/docker/containers";
const STORAGE = "/var/lib/containers/storage";
const CONTAINERD = "/run/containerd/io.containerd.runtime.v2.task";
/** Where podman keeps its list, according to the monitor of a case. */
const ELSEWHERE = "/srv/overlay-containers";

interface Given {
	/** From the cgroup's path. */
	readonly runtime: string;
	readonly files: ReadonlyMap<string, Uint8Array>;
	/** The name in an undamaged file; null if it has none. */
	readonly said: { readonly name: string; readonly image: string } | null;
}

type Said = NonNullable<Given["said"]>;

/** By runtime: the file of a container, and its content. */
interface Form {
	readonly runtime: string;
	path(folder: string): string;
	content(said: Said): unknown;
}

const FORMS: readonly Form[] = [
	{
		runtime: "docker",
		path: () => `${DOCKER}/${ID}/config.v2.json`,
		content: ({ name, image }) => ({ ID, Name: `/${name}`, Config: { Image: image, Labels: { Name: "label" } } }),
	},
	...["containers", "volatile-containers"].map((file) => ({
		runtime: "podman",
		path: (folder: string) => `${STORAGE}/${folder}-containers/${file}.json`,
		content: ({ name, image }: Said) => [
			{ id: "0".repeat(64), names: ["other"] },
			{ id: ID, names: [name], metadata: JSON.stringify({ "image-name": image }) },
		],
	})),
	{
		runtime: "cri-o",
		path: (folder) => `${STORAGE}/${folder}/${ID}/userdata/config.json`,
		content: ({ name, image }) => ({
			annotations: { "io.kubernetes.container.name": name, "io.kubernetes.cri-o.ImageName": image },
		}),
	},
	{
		runtime: "containerd",
		path: (folder) => `${CONTAINERD}/${folder}/${ID}/config.json`,
		content: ({ name, image }) => ({
			annotations: { "io.kubernetes.cri.container-name": name, "io.kubernetes.cri.image-name": image },
		}),
	},
];

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A valid name: not empty, and not beginning like docker's names, which are ambiguous. */
const said: fc.Arbitrary<Said> = fc
	.tuple(hostileString, hostileString)
	.map(([name, image]) => ({ name: `n${name}`, image: `i${image}` }));

/** A folder's name may be anything but hidden. */
const folder = hostileString.map((text) => `f${text.replaceAll(/[/\0]/g, "")}`);

const KEYS = ["Name", "Config", "annotations", "names", "metadata", "id", "__proto__", "constructor", "toString", "0"];
const strange = fc.oneof(fc.jsonValue({ maxDepth: 3 }), hostileString, fc.constant("x".repeat(5000)));

/** One value somewhere in it is replaced, or one is added. */
function withStrange(content: unknown, way: readonly number[], key: string, value: unknown): unknown {
	const [step, ...rest] = way;
	if (step === undefined || typeof content !== "object" || content === null) return value;
	const copy = Array.isArray(content) ? [...content] : { ...content };
	const keys = [...Object.keys(copy), key];
	const at = keys[step % keys.length] as string;
	const inner = Object.hasOwn(copy, at) ? (copy as Record<string, unknown>)[at] : undefined;
	Object.defineProperty(copy, at === "0" && Array.isArray(copy) ? 0 : at, {
		value: withStrange(inner, rest, key, value),
		...{ enumerable: true, configurable: true, writable: true },
	});
	return copy;
}

const change = fc.tuple(fc.array(fc.nat(9), { maxLength: 3 }), fc.constantFrom(...KEYS), strange).map(
	([way, key, value]) =>
		(content: unknown) =>
			withStrange(content, way, key, value),
);

/** How the bytes of a file are damaged. */
const damage = fc.oneof(
	fc.nat(400).map((length) => (bytes: Uint8Array) => bytes.subarray(0, length % (bytes.length + 1))),
	fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 4 }).map((changes) => (bytes: Uint8Array) => {
		const copy = Uint8Array.from(bytes);
		for (const [at, value] of changes) copy[at % copy.length] = value;
		return copy;
	}),
	fc.uint8Array({ maxLength: 60 }).map((other) => () => other),
	fc.nat(3000).map((depth) => () => encode(`{"Name":${"[".repeat(depth)}${"]".repeat(depth)}}`)),
);

const file = fc
	.tuple(fc.constantFrom(...FORMS), folder, said, fc.option(change, { freq: 2 }), fc.option(damage, { freq: 3 }))
	.map(([form, under, names, changed, damaged]) => {
		const content = form.content(names);
		const bytes = encode(JSON.stringify(changed === null ? content : changed(content)) ?? "");
		return {
			runtime: form.runtime,
			path: form.path(under),
			bytes: damaged === null ? bytes : damaged(bytes),
			said: changed === null && damaged === null ? names : null,
		};
	});

/** The parents of the container's process: pids may not exist, or form a cycle. */
const ancestors = fc
	.array(
		fc.tuple(
			fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 98, max: 104 }) }, hostileString, fc.constantFrom(-1, 0, 1)),
			fc.oneof(
				{ weight: 3, arbitrary: fc.constant(["/usr/bin/conmon", "-c", ID, "-n", "web"]) },
				fc.array(
					fc.oneof(fc.constantFrom("conmon", "-c", "-n", "-b", ID, `${ELSEWHERE}/${ID}/userdata`), hostileString),
					{
						maxLength: 9,
					},
				),
				fc.constant(["conmon", "-c", ID, "-n", "web", "-b", `${ELSEWHERE}/${ID}/userdata`]),
			),
			fc.constantFrom("Uid:\t0\t0\t0\t0\n", "Uid:\t7\t7\t7\t7\n", ""),
			fc.oneof(hostileString, fc.constantFrom(`0::/${ID}\n`, `0::/libpod-conmon-${ID}.scope\n`)),
			hostileString,
		),
		{ maxLength: 5 },
	)
	.map((list) =>
		list.flatMap(([parent, args, status, cgroup, comm], at): [string, Uint8Array][] => {
			const own = `/proc/${PID + at}`;
			return [
				[`${own}/stat`, encode(`${PID + at} (${comm}) S ${parent} 1 1\n`)],
				[`${own}/cmdline`, encode(`${args.join("\0")}\0`)],
				[`${own}/status`, encode(`Name:\tx\n${status}`)],
				[`${own}/cgroup`, encode(cgroup)],
			];
		}),
	);

const cases: fc.Arbitrary<Given> = fc
	.tuple(
		fc.array(file, { maxLength: 4 }),
		fc.option(ancestors, { freq: 2 }),
		fc.constantFrom("docker", "podman", "cri-o", "containerd", "lxc", "__proto__"),
	)
	.map(([files, parents, other]) => {
		const alone = files.length === 1 ? (files[0] ?? null) : null;
		const own = files.map(({ path, bytes }): [string, Uint8Array] => [path, bytes]);
		const elsewhere = files.map(({ bytes }): [string, Uint8Array] => [`${ELSEWHERE}/containers.json`, bytes]);
		return {
			runtime: files[0]?.runtime ?? other,
			files: new Map([...own, ...elsewhere, ...(parents ?? [])]),
			said: alone?.said ?? null,
		};
	});

/** The files that may be read, and the folders that may be listed. */
const ALLOWED = [`${DOCKER}/${ID}/`, `${STORAGE}/f`, `${CONTAINERD}/f`, "/proc/", `${ELSEWHERE}/`];
const LISTED = [STORAGE, CONTAINERD];

function filesOf(files: Given["files"]): ForeignFiles {
	return {
		async read(path) {
			assert.ok(
				ALLOWED.some((start) => path.startsWith(start)),
				`reads ${JSON.stringify(path)}`,
			);
			assert.ok(!path.includes("\0"), "a path that cannot be");
			return files.get(path) ?? null;
		},
		async list(path) {
			assert.ok(LISTED.includes(path), `lists ${JSON.stringify(path)}`);
			const inside = [...files.keys()].filter((name) => name.startsWith(`${path}/`));
			return [...new Set(inside.map((name) => name.slice(path.length + 1).split("/")[0] ?? ""))];
		},
	};
}

function checkNamed(named: Named | null): void {
	if (named === null) return;
	assert.ok(typeof named.name === "string" && named.name !== "", `a name that is ${JSON.stringify(named.name)}`);
	assert.ok(named.image === null || (typeof named.image === "string" && named.image !== ""), "an image that is none");
}

/** The record of the name, in a model that knows the container: nothing is malformed, and all text shown is safe. */
async function checkRecord(runtime: string, files: ForeignFiles): Promise<void> {
	const model = new Model(INFO);
	const text = encode(`${runtime}\0${ID}`);
	const tick = (time: number) => record(WireType.TICK, "wire_tick", { time }, { wall_ns: 1_790_000_000_000_000_000n });
	const process = record(WireType.PROCESS, "wire_process", { pid: PID, start: 5 }, { cgroup: 7, comm: encode("eb") });
	const name = { id: 7, kind: WireNameKind.CONTAINER, len: text.length };
	model.apply(batchOf(process, record(WireType.NAME, "wire_name", {}, name, text), tick(1)));
	const batches: Uint8Array[] = [];
	await new ContainerNames(files, true).find(model.liveContainers(), (batch) => batches.push(batch));
	assert.ok(batches.length <= 1, "more than one name");
	for (const batch of batches) model.apply(batch);
	const snapshot = model.apply(tick(2));
	assert.ok(snapshot !== null);
	assert.equal(snapshot.health.records.malformed, 0, "a record that the model does not take");
	checkSnapshot(snapshot, new DotGraph(null));
}

export const containerFiles: FuzzTarget<Given> = {
	name: "container-files",
	about: "state files of docker, containerd, podman and cri-o, and the /proc of conmon: any bytes in them",
	cases,
	casesInTests: 500,
	async check({ runtime, files, said: expected }) {
		const foreign = filesOf(files);
		const named = await nameFromFiles(foreign, runtime, ID);
		checkNamed(named);
		if (expected !== null) {
			const whole = { name: expected.name.toWellFormed(), image: expected.image.toWellFormed() };
			assert.deepEqual(
				{ name: named?.name.toWellFormed(), image: named?.image?.toWellFormed() },
				whole,
				"another name than the file has",
			);
		}
		checkNamed(await nameFromStorage(foreign, ELSEWHERE, ID, 0));
		const monitor = await findMonitor(foreign, PID, ID);
		assert.ok(monitor === null || typeof monitor.name === "string");
		assert.ok(monitor === null || monitor.storage === null || monitor.storage.startsWith("/"), "a folder nowhere");
		await checkRecord(runtime, foreign);
	},
};
