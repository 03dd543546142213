/** If the files and services that names come from are broken or hostile, rows are still shown, without the names. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProcessRow, Snapshot } from "../../src/model/snapshot.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";
import { cgroupHierarchy, TestCgroup } from "../helpers/test-cgroup.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** In a private mount namespace. */
const PRIVATE = ["unshare", "--mount"];
const hasMounts = spawnSync("unshare", ["--mount", "true"]).status === 0;
const why = hasMounts ? "" : " (skipped: it takes root to make mounts)";

/** A process in the second snapshot of a run that these commands prepared. */
async function processAfter(commands: string, pid: number, ...words: string[]): Promise<ProcessRow | undefined> {
	const launcher = [...PRIVATE, "sh", "-c", `${commands} && cd / && exec "$@"`, "sh"];
	const { stdout, stderr, status } = await startEbtop(["--json", "-d", "0.2", "-n", "1", ...words], launcher).ended;
	expect([status, stderr]).toEqual([0, ""]);
	const last: Snapshot = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
	return last.processes.find((row) => row.pid === pid);
}

/** Who this test is, where these commands made all that there is in `/etc`. */
const userWith = async (commands: string, ...words: string[]) =>
	(await processAfter(`mount -t tmpfs none /etc && cd /etc && ${commands}`, process.pid, ...words))?.user;

describe.skipIf(!hasMounts)(`users, with an /etc/passwd that is${why}`, () => {
	test.each([
		["a FIFO", "mkfifo passwd", null],
		["a FIFO, with BPF where it works", "mkfifo passwd", null],
		["a link to a device that never ends", "ln -s /dev/zero passwd", null],
		["a device of endless lines", "touch passwd && mount --bind /dev/urandom passwd", null],
		["a directory", "mkdir passwd", null],
		["missing", "true", null],
		["1 GB of nothing", "truncate -s 1G passwd", null],
		["no UTF-8", "printf '\\377\\376x:x:0:0::/:/bin/sh\\n' > passwd", "\\xff\\xfex"],
		["full of escapes", "printf '\\033]2;x\\007:x:0:0::/:/bin/sh\\n' > passwd", "\\x1b]2;x\\x07"],
		["as it should be", "printf 'eb-root:x:0:0::/:/bin/sh\\n' > passwd", "eb-root"],
	])("%s", async (what, commands, user) => {
		const words = what.includes("BPF") ? [] : ["--source", "proc", "--panes", "processes"];
		expect(await userWith(commands, ...words)).toBe(user);
	});

	test("kept by a name service that never answers", async () => {
		const service = createServer(() => {});
		await new Promise<void>((resolve) => service.listen(join(folder, "socket"), resolve));
		let asked = 0;
		service.on("connection", () => asked++);
		const nscd = `mount -t tmpfs none /run && mkdir /run/nscd && mount --bind ${folder} /run/nscd`;
		const passwd = "printf 'eb-root:x:0:0::/:/bin/sh\\n' > passwd";
		expect(await userWith(`${nscd} && ${passwd}`, "--source", "proc", "--panes", "processes")).toBe(null);
		expect(asked).toBeGreaterThan(0);
		service.close();
	});
});

const whyNoCgroup = hasMounts ? cgroupHierarchy("memory") : "it takes root to make mounts";
const title = typeof whyNoCgroup === "string" ? ` (skipped: ${whyNoCgroup})` : "";

describe.skipIf(typeof whyNoCgroup === "string")(`a container, with a file of docker that is${title}`, () => {
	const id = "713e7c56aabb".padEnd(56, "0") + process.pid.toString(16).padStart(8, "0");
	const parent = `eb-names-${process.pid}`;
	let cgroups: TestCgroup[];
	let child: ChildProcess;

	beforeAll(() => {
		cgroups = [new TestCgroup(parent), new TestCgroup(`${parent}/docker`), new TestCgroup(`${parent}/docker/${id}`)];
		child = spawn("sleep", ["1000"], { stdio: "ignore", argv0: "eb-sleep" });
		writeFileSync(join(cgroups[2]?.folder ?? "", "cgroup.procs"), String(child.pid));
	});
	afterAll(async () => {
		child.kill("SIGKILL");
		for (const cgroup of cgroups.reverse()) await cgroup.remove();
	});

	const json = 'printf \'{"Name":"/%s"}\' eb-web';
	test.each([
		["as it should be", `${json} > config.v2.json`, "eb-web"],
		["a FIFO", "mkfifo config.v2.json", null],
		["a link to a device that never ends", "ln -s /dev/zero config.v2.json", null],
		["a link to what could be one", `${json} > x && ln -s x config.v2.json`, null],
		["a device", "touch config.v2.json && mount --bind /dev/zero config.v2.json", null],
		["a directory", "mkdir config.v2.json", null],
		["1 GB of nothing", "truncate -s 1G config.v2.json", null],
		["4 MB and a byte", `${json} > config.v2.json && truncate -s 4194305 config.v2.json`, null],
		["full of escapes", 'printf \'{"Name":"/\\\\u001b]2;x\\\\u0007"}\' > config.v2.json', "\\x1b]2;x\\x07"],
	])("%s", async (_, commands, name) => {
		const folder = `/var/lib/docker/containers/${id}`;
		const prepare = `mount -t tmpfs none /var/lib && mkdir -p ${folder} && cd ${folder} && ${commands}`;
		const container = { runtime: "docker", id, name, image: null };
		const read = async () =>
			(await processAfter(prepare, child.pid ?? 0, "--source", "proc", "--panes", "processes"))?.container;
		// On a busy machine a name that comes may come later than the one refresh of a run.
		if (name === null) expect(await read()).toEqual(container);
		else await expect.poll(read, { timeout: 60_000 }).toEqual(container);
	});

	test("on a file system that hangs", async () => {
		// A FUSE mount without a server: lookups in it block until the fd is closed.
		const fuse =
			"exec 3<>/dev/fuse && mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 none /var/lib/docker";
		const prepare = `mount -t tmpfs none /var/lib && mkdir /var/lib/docker && ${fuse}`;
		const row = await processAfter(prepare, child.pid ?? 0, "--source", "proc", "--panes", "processes");
		expect(row?.container).toEqual({ runtime: "docker", id, name: null, image: null });
	});
});
