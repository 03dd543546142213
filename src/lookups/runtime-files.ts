/** What a container is called, by the files that its runtime keeps. All of them belong to root, and hold what users chose. */

import { type ForeignFiles, readJson } from "../model/feed/foreign-files.ts";

export interface Named {
	readonly runtime: string;
	readonly name: string;
}

const DOCKER = "/var/lib/docker/containers";
/** Of podman and cri-o. */
const STORAGE = "/var/lib/containers/storage";
const CONTAINERD = "/run/containerd/io.containerd.runtime.v2.task";

/** `id` is 64 digits. Null where no file has a name. */
export async function nameFromFiles(files: ForeignFiles, runtime: string, id: string): Promise<Named | null> {
	switch (runtime) {
		case "docker":
			return named("docker", await dockerName(files, id));
		case "containerd":
			// docker's too are bare ids where it was given a parent for its cgroups
			return named("containerd", await containerdName(files, id)) ?? named("docker", await dockerName(files, id));
		case "podman":
			return named("podman", await podmanName(files, id));
		case "cri-o":
			return named("cri-o", await crioName(files, id));
		default:
			return null;
	}
}

const named = (runtime: string, name: unknown): Named | null =>
	typeof name === "string" && name !== "" ? { runtime, name } : null;

/** A field of what may be anything. */
const field = (value: unknown, key: string): unknown =>
	typeof value === "object" && value !== null && Object.hasOwn(value, key)
		? (value as Record<string, unknown>)[key]
		: undefined;

async function dockerName(files: ForeignFiles, id: string): Promise<unknown> {
	const name = field(await readJson(files, `${DOCKER}/${id}/config.v2.json`), "Name");
	return typeof name === "string" ? name.replace(/^\//, "") : null;
}

/** Podman keeps lists per storage driver: DRIVER-containers/containers.json. */
async function podmanName(files: ForeignFiles, id: string): Promise<unknown> {
	for (const folder of await files.list(STORAGE)) {
		if (!folder.endsWith("-containers")) continue;
		for (const file of ["containers.json", "volatile-containers.json"]) {
			const list = await readJson(files, `${STORAGE}/${folder}/${file}`);
			const entry = Array.isArray(list) && list.find((one) => field(one, "id") === id);
			const names = field(entry, "names");
			if (Array.isArray(names)) return names[0];
		}
	}
	return null;
}

async function crioName(files: ForeignFiles, id: string): Promise<unknown> {
	for (const folder of await files.list(STORAGE)) {
		const config = await readJson(files, `${STORAGE}/${folder}/${id}/userdata/config.json`);
		if (config !== undefined) return field(field(config, "annotations"), "io.kubernetes.container.name");
	}
	return null;
}

/** Each client of containerd has a namespace: Kubernetes, nerdctl. */
async function containerdName(files: ForeignFiles, id: string): Promise<unknown> {
	for (const namespace of await files.list(CONTAINERD)) {
		const config = await readJson(files, `${CONTAINERD}/${namespace}/${id}/config.json`);
		const annotations = field(config, "annotations");
		const name = field(annotations, "io.kubernetes.cri.container-name") ?? field(annotations, "nerdctl/name");
		if (name !== undefined) return name;
	}
	return null;
}
