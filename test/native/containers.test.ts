/** Containers by the paths of their cgroups, and their names by what runtimes leave on the disk and in /proc. */

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileNative } from "../helpers/compile-native.ts";
import { until } from "../helpers/workload.ts";

const sources = ["container", "container-names", "conmon", "text-file", "proc/directory"];
const id = "713e7c56aabb".padEnd(64, "0");
const other = "9a8b7c6d5e4f".padEnd(64, "1");

let folder: string;
let program: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "eb-"));
	program = compileNative("containers", sources);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the program says of one path, behind `launcher` if any. */
function told(path: string, ...launcher: string[]): string {
	const [command = program, ...words] = [...launcher, program];
	return execFileSync(command, words, { input: `${path}\n`, encoding: "utf8" }).trim();
}

describe("by the path of the cgroup", () => {
	test.each([
		["docker, systemd", `/system.slice/docker-${id}.scope`, `docker ${id}`],
		["docker, cgroupfs", `/docker/${id}`, `docker ${id}`],
		["docker, rootless", `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope`, `docker ${id}`],
		["docker that was given a systemd name without systemd", `/system.slice:docker:${id}`, `docker ${id}`],
		["podman, systemd", `/machine.slice/libpod-${id}.scope`, `podman ${id}`],
		["podman with crun", `/machine.slice/libpod-${id}.scope/container`, `podman ${id}`],
		["podman, cgroupfs", `/libpod_parent/libpod-${id}`, `podman ${id}`],
		["podman in a pod", `/machine.slice/machine-libpod_pod_${other}.slice/libpod-${id}.scope`, `podman ${id}`],
		["podman in a unit", `/system.slice/web.service/libpod-payload-${id}`, `podman ${id}`],
		["podman, rootless", `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope`, `podman ${id}`],
		["its monitor", `/machine.slice/libpod-conmon-${id}.scope`, "- -"],
		["cri-o", `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/crio-${id}.scope`, `cri-o ${id}`],
		["its monitor", `/kubepods.slice/kubepods-pod1.slice/crio-conmon-${id}.scope`, "- -"],
		["containerd", `/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope`, `containerd ${id}`],
		["containerd, cgroupfs", `/kubepods/besteffort/pod1/${id}`, `containerd ${id}`],
		["containerd in between", `/system.slice/x.service/kubepods-pod1.slice:cri-containerd:${id}`, `containerd ${id}`],
		["nerdctl", `/user.slice/nerdctl-${id}.scope`, `containerd ${id}`],
		["the inner one of two", `/docker/${other}/docker/${id}/init.scope`, `docker ${id}`],
		["LXC", "/lxc.payload.web/system.slice/cron.service", "lxc web"],
		["LXC, old", "/lxc/web/init.scope", "lxc web"],
		["libvirt's LXC", "/machine.slice/machine-lxc\\x2d12\\x2dweb.scope", "lxc 12-web"],
		["nspawn", "/machine.slice/systemd-nspawn@web\\x2done.service/payload", "nspawn web-one"],
		["nspawn, by hand", "/machine.slice/machine-web.scope", "nspawn web"],
		["a virtual machine", "/machine.slice/machine-qemu\\x2d1\\x2dweb.scope", "- -"],
		["none", "/user.slice/user-1000.slice/session-2.scope", "- -"],
		["an id that is too short", "/docker/713e7c56aabb", "- -"],
		["the root", "/", "- -"],
	])("%s", (_, path, expected) => {
		expect(told(path).split(" ").slice(0, 2).join(" ")).toBe(expected);
	});
});

/** Files in mounts that nobody else sees. */
const isolated = ["unshare", ...(process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"]), "--mount"];
const hasMounts = spawnSync(isolated[0] ?? "", [...isolated.slice(1), "true"], { stdio: "ignore" }).status === 0;

function toldWith(path: string, file: string, text: string): string {
	const mounts = "mount -t tmpfs none /var/lib && mount -t tmpfs none /run";
	const put = `${mounts} && mkdir -p ${dirname(file)} && printf %s "$1" > ${file} && shift && exec "$@"`;
	return told(path, ...isolated, "sh", "-c", put, "sh", text);
}

describe.skipIf(!hasMounts)("the name, by a file of the runtime", () => {
	const docker = `/var/lib/docker/containers/${id}/config.v2.json`;
	const dockerText = `{"ID":"${id}","Config":{"Hostname":"h","Labels":{"Name":"label"}},"Name":"/web","Driver":"overlay2"}`;
	test.each([
		["docker", `/docker/${id}`, docker, dockerText, "docker"],
		["docker under a parent of somebody's choice", `/ecs/task/${id}`, docker, dockerText, "docker"],
		...["overlay", "vfs", "btrfs"].map((driver) => [
			`podman, ${driver}`,
			`/libpod_parent/libpod-${id}`,
			`/var/lib/containers/storage/${driver}-containers/containers.json`,
			`[{"id":"${other}","names":["db"],"image":"1"},{"id":"${id}","names":["web"],"image":"2"}]`,
			"podman",
		]),
		[
			"cri-o",
			`/kubepods.slice/crio-${id}.scope`,
			`/var/lib/containers/storage/overlay-containers/${id}/userdata/config.json`,
			'{"ociVersion":"1.0.2","annotations":{"io.kubernetes.container.name":"web","io.kubernetes.pod.name":"p"}}',
			"cri-o",
		],
		[
			"containerd for Kubernetes",
			`/kubepods.slice/cri-containerd-${id}.scope`,
			`/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`,
			'{"annotations":{"io.kubernetes.cri.container-name":"web","io.kubernetes.cri.sandbox-name":"p"}}',
			"containerd",
		],
		[
			"containerd for nerdctl",
			`/system.slice/nerdctl-${id}.scope`,
			`/run/containerd/io.containerd.runtime.v2.task/default/${id}/config.json`,
			'{"annotations":{"nerdctl/hostname":"h","nerdctl/name":"web"}}',
			"containerd",
		],
	])("%s", (_, path, file, text, runtime) => {
		expect(toldWith(path, file, text)).toBe(`${runtime} ${id} web`);
	});

	test("no file at all", () => {
		expect(toldWith(`/docker/${id}`, "/run/nothing", "")).toBe(`docker ${id} -`);
	});
});

describe("the name, by the monitor", () => {
	test.each([
		["podman", `/user.slice/libpod-${id}.scope`],
		["cri-o", `/kubepods.slice/crio-${id}.scope`],
	])("of %s, wherever the storage is", async (runtime, path) => {
		const monitor = join(folder, "conmon");
		writeFileSync(monitor, "#!/bin/sh\nread line\n");
		chmodSync(monitor, 0o755);
		const words = ["--api-version", "1", "-c", id, "-u", id, "-r", "/usr/bin/runc", "-n", "eb-web", "--exit-dir", "/"];
		const child = spawn(monitor, words, { stdio: ["pipe", "ignore", "ignore"] });
		try {
			await until("the monitor", () => told(path) === `${runtime} ${id} eb-web`);
		} finally {
			child.stdin.end();
		}
	});
});
