/** Names of containers from the files of their runtimes, whatever these contain. */

import { describe, expect, test } from "vitest";
import { nameFromFiles } from "../../src/lookups/runtime-files.ts";
import type { ForeignFiles } from "../../src/model/feed/foreign-files.ts";

const id = "713e7c56aabb".padEnd(64, "0");
const other = "9a8b7c6d5e4f".padEnd(64, "1");

/** Files by their paths. */
const filesOf = (files: Readonly<Record<string, string | Uint8Array>>): ForeignFiles => ({
	async read(path) {
		const content = files[path];
		return content === undefined ? null : Buffer.from(content as string);
	},
	async list(folder) {
		const inside = Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
		return [...new Set(inside.map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""))];
	},
});

const docker = `/var/lib/docker/containers/${id}/config.v2.json`;
const dockerText = `{"ID":"${id}","Config":{"Hostname":"h","Image":"eb-image","Labels":{"Name":"label"}},"Name":"/web","Driver":"overlay2"}`;
const storage = "/var/lib/containers/storage";
const podmanText = `[{"id":"${other}","names":["db"],"image":"1"},{"id":"${id}","names":["web"],"image":"2","metadata":"{\\"image-name\\":\\"eb-image\\"}"}]`;
const containerd = "/run/containerd/io.containerd.runtime.v2.task";

test.each([
	["docker", "docker", docker, dockerText, "docker"],
	["docker under a chosen parent cgroup", "containerd", docker, dockerText, "docker"],
	["podman, overlay", "podman", `${storage}/overlay-containers/containers.json`, podmanText, "podman"],
	["podman, vfs", "podman", `${storage}/vfs-containers/volatile-containers.json`, podmanText, "podman"],
	[
		"cri-o",
		"cri-o",
		`${storage}/overlay-containers/${id}/userdata/config.json`,
		'{"ociVersion":"1.0.2","annotations":{"io.kubernetes.container.name":"web","io.kubernetes.cri-o.ImageName":"eb-image"}}',
		"cri-o",
	],
	[
		"containerd for Kubernetes",
		"containerd",
		`${containerd}/k8s.io/${id}/config.json`,
		'{"annotations":{"io.kubernetes.cri.container-name":"web","io.kubernetes.cri.image-name":"eb-image"}}',
		"containerd",
	],
	[
		"containerd for nerdctl",
		"containerd",
		`${containerd}/default/${id}/config.json`,
		'{"annotations":{"nerdctl/hostname":"h","nerdctl/name":"web"}}',
		"containerd",
	],
])("%s", async (_, asked, path, text, runtime) => {
	const image = text.includes("nerdctl") ? null : "eb-image";
	expect(await nameFromFiles(filesOf({ [path]: text }), asked, id)).toEqual({ runtime, name: "web", image });
});

describe("none, and no error, from", () => {
	const deep = 1_000_000;
	test.each([
		["no file", {}],
		["an empty one", { [docker]: "" }],
		["half of one", { [docker]: dockerText.slice(0, -9) }],
		["JSON of another shape", { [docker]: '[{"Name":"/web"}]' }],
		["a name that is none", { [docker]: '{"Name":{"Name":"/web"}}' }],
		["an empty name", { [docker]: '{"Name":"/"}' }],
		["a name by the prototype", { [docker]: '{"__proto__":{"Name":"/web"}}' }],
		["JSON a million levels deep", { [docker]: `{"Name":${"[".repeat(deep)}${"]".repeat(deep)}}` }],
		["as deep without an end", { [docker]: "[".repeat(2 * deep) }],
		["null", { [docker]: "null" }],
	])("%s", async (_, files) => {
		expect(await nameFromFiles(filesOf(files), "docker", id)).toBe(null);
		expect(await nameFromFiles(filesOf(files), "containerd", id)).toBe(null);
	});

	test("malformed lists", async () => {
		for (const text of ["{}", "[1]", "[null]", `[{"id":"${id}"}]`, `[{"id":"${id}","names":[]}]`]) {
			const files = filesOf({ [`${storage}/overlay-containers/containers.json`]: text });
			expect(await nameFromFiles(files, "podman", id)).toBe(null);
		}
	});
});

test("an invalid image name is left out", async () => {
	for (const metadata of ["7", '"{"', '"[]"', '"{\\"image-name\\":7}"']) {
		const list = `[{"id":"${id}","names":["web"],"metadata":${metadata}}]`;
		const files = filesOf({ [`${storage}/overlay-containers/containers.json`]: list });
		expect(await nameFromFiles(files, "podman", id)).toEqual({ runtime: "podman", name: "web", image: null });
	}
});

test("each invalid UTF-8 byte becomes one character", async () => {
	const text = Buffer.concat([Buffer.from('{"Name":"/w'), Buffer.of(0xff), Buffer.from('eb"}')]);
	expect(await nameFromFiles(filesOf({ [docker]: text }), "docker", id)).toEqual({
		runtime: "docker",
		name: "w\ufffdeb",
		image: null,
	});
});
