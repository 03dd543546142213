/**
 * Names and images of containers from the files of their runtimes. These files belong to root, those of rootless podman to its
 * user, and users choose much of their content.
 */

import { type ForeignFiles, parseJson, readJson } from "../model/feed/foreign-files.ts";

export interface Named {
	readonly runtime: string;
	readonly name: string;
	readonly image: string | null;
}

const DOCKER = "/var/lib/docker/containers";
/** For podman and cri-o. */
const STORAGE = "/var/lib/containers/storage";
const CONTAINERD = "/run/containerd/io.containerd.runtime.v2.task";

/** Fields from a file, of any type. */
interface Fields {
	readonly name?: unknown;
	readonly image?: unknown;
}

/** `id` has 64 digits. Null if no file has a name. */
export async function nameFromFiles(files: ForeignFiles, runtime: string, id: string): Promise<Named | null> {
	switch (runtime) {
		case "docker":
			return named("docker", await ofDocker(files, id));
		case "containerd":
			// docker's cgroups are bare ids too if it was given a cgroup parent
			return named("containerd", await ofContainerd(files, id)) ?? named("docker", await ofDocker(files, id));
		case "podman":
			return named("podman", await ofPodman(files, id));
		case "cri-o":
			return named("cri-o", await ofCrio(files, id));
		default:
			return null;
	}
}

/** The same, from podman's list in `folder`, if it belongs to `owner`. */
export async function nameFromStorage(
	files: ForeignFiles,
	folder: string,
	id: string,
	owner: number,
): Promise<Named | null> {
	return named("podman", await ofStorage(files, folder, id, owner));
}

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

function named(runtime: string, said: Fields | null): Named | null {
	const name = textOf(said?.name);
	return name === null ? null : { runtime, name, image: textOf(said?.image) };
}

/** A field of a value of any type. */
const field = (value: unknown, key: string): unknown =>
	typeof value === "object" && value !== null && Object.hasOwn(value, key)
		? (value as Record<string, unknown>)[key]
		: undefined;

async function ofDocker(files: ForeignFiles, id: string): Promise<Fields> {
	const config = await readJson(files, `${DOCKER}/${id}/config.v2.json`);
	return { name: textOf(field(config, "Name"))?.replace(/^\//, ""), image: field(field(config, "Config"), "Image") };
}

/** Podman keeps lists per storage driver: DRIVER-containers/containers.json. */
async function ofPodman(files: ForeignFiles, id: string): Promise<Fields | null> {
	for (const folder of await files.list(STORAGE)) {
		const said = folder.endsWith("-containers") ? await ofStorage(files, `${STORAGE}/${folder}`, id) : null;
		if (said !== null) return said;
	}
	return null;
}

async function ofStorage(files: ForeignFiles, folder: string, id: string, owner?: number): Promise<Fields | null> {
	for (const file of ["containers.json", "volatile-containers.json"]) {
		const list = await readJson(files, `${folder}/${file}`, owner);
		const entry = Array.isArray(list) && list.find((one) => field(one, "id") === id);
		const names = field(entry, "names");
		if (Array.isArray(names)) return { name: names[0], image: imageInMetadata(field(entry, "metadata")) };
	}
	return null;
}

/** JSON text within JSON (containers/storage, Container.Metadata; podman's part of it). */
function imageInMetadata(metadata: unknown): unknown {
	return typeof metadata === "string" ? field(parseJson(metadata), "image-name") : null;
}

async function ofCrio(files: ForeignFiles, id: string): Promise<Fields | null> {
	for (const folder of await files.list(STORAGE)) {
		const config = await readJson(files, `${STORAGE}/${folder}/${id}/userdata/config.json`);
		if (config === undefined) continue;
		const annotations = field(config, "annotations");
		const image = field(annotations, "io.kubernetes.cri-o.ImageName");
		return { name: field(annotations, "io.kubernetes.container.name"), image };
	}
	return null;
}

/** Each client of containerd has a namespace: Kubernetes, nerdctl. */
async function ofContainerd(files: ForeignFiles, id: string): Promise<Fields | null> {
	for (const namespace of await files.list(CONTAINERD)) {
		const config = await readJson(files, `${CONTAINERD}/${namespace}/${id}/config.json`);
		const annotations = field(config, "annotations");
		const name = field(annotations, "io.kubernetes.cri.container-name") ?? field(annotations, "nerdctl/name");
		if (name !== undefined) return { name, image: field(annotations, "io.kubernetes.cri.image-name") };
	}
	return null;
}
