/** Files and services that names come from are not what they should be: rows come all the same, without the names. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Mounts that nobody else sees. */
const PRIVATE = ["unshare", "--mount"];
const hasMounts = spawnSync("unshare", ["--mount", "true"]).status === 0;
const why = hasMounts ? "" : " (skipped: it takes root to make mounts)";

/** Who this test is in the second snapshot of a run in whose `/etc` these commands made all there is. */
async function userWith(commands: string, ...words: string[]): Promise<string | null | undefined> {
	const shell = `mount -t tmpfs none /etc && cd /etc && ${commands} && cd / && exec "$@"`;
	const launcher = [...PRIVATE, "sh", "-c", shell, "sh"];
	const { stdout, stderr, status } = await startEbtop(["--json", "-d", "0.2", "-n", "1", ...words], launcher).ended;
	expect([status, stderr]).toEqual([0, ""]);
	const last: Snapshot = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
	return last.processes.find(({ pid }) => pid === process.pid)?.user;
}

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
