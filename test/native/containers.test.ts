/** Containers by the paths of their cgroups. */

import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { compileNative } from "../helpers/compile-native.ts";

const id = "713e7c56aabb".padEnd(64, "0");
const other = "9a8b7c6d5e4f".padEnd(64, "1");

let program: string;

beforeAll(() => {
	program = compileNative("containers", ["container"]);
});

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
		expect(execFileSync(program, { input: `${path}\n`, encoding: "utf8" }).trim()).toBe(expected);
	});
});
