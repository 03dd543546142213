/** Both sources watch the same workload at the same time: same links, same owners, same bytes for TCP. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";
import { Observer } from "../proc-source/observer.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
	for (const close of closers.splice(0)) await close();
});

async function start(name: string, args: readonly (string | number)[], roles: readonly string[]): Promise<Workload> {
	const workload = new Workload(name, args);
	closers.push(() => workload.end());
	await workload.ready(...roles);
	return workload;
}

function observe(): [LiveSession, Observer] {
	const [bpf, proc] = [new LiveSession(), new Observer()];
	closers.push(
		() => bpf.close(),
		() => proc.close(),
	);
	return [bpf, proc];
}

/** Both processes and the kind of each link; which end comes first on a two-way link is each source's choice. */
function linksOf({ ipc }: Snapshot, workload: Workload): string[] {
	const ours = new Set(workload.pids.values());
	return ipc
		.filter(({ from, to }) => ours.has(from.pid) && ours.has(to.pid))
		.map(({ kind, name, from, to }) => `${kind} ${name} ${[from, to].map(({ pid, comm }) => `${comm} ${pid}`).sort()}`)
		.sort();
}

function connectionsOf({ tcp }: Snapshot, workload: Workload) {
	const ours = new Set(workload.pids.values());
	return tcp
		.filter(({ pid }) => ours.has(pid ?? 0))
		.map(({ pid, comm, role, family, localAddress, localPort, remoteAddress, remotePort, state, txBytes, rxBytes }) =>
			[pid, comm, role, family, localAddress, localPort, remoteAddress, remotePort, state, txBytes, rxBytes].join(" "),
		)
		.sort();
}

const filesOf = ({ files }: Snapshot, pid: number | undefined) =>
	files
		.filter((row) => row.pid === pid)
		.map(({ path, type, device, inode, flags }) => [path, type, device, inode, flags].join(" "))
		.sort();

describeLive("BPF and /proc", () => {
	it("find the same files, opened in the same way", async () => {
		const folder = mkdtempSync(join(tmpdir(), "eb-agree-"));
		closers.push(() => rmSync(folder, { recursive: true }));
		const shell = join(folder, "eb-sh");
		symlinkSync("/bin/sh", shell);
		const script = `exec 3>${folder}/a 4>>${folder}/b 5<>${folder}/c 6<${folder} 7</dev/null; echo; read end`;
		const child = spawn(shell, ["-c", script], { argv0: "sh", stdio: ["pipe", "pipe", "ignore"] });
		closers.push(() => child.kill("SIGKILL"));
		await once(child.stdout, "data");
		const [bpf, proc] = observe();
		const files = filesOf(bpf.first, child.pid);

		for (const [name, flags] of [
			["a", "O_WRONLY"],
			["b", "O_WRONLY|O_APPEND"],
			["c", "O_RDWR"],
		])
			expect(files).toContainEqual(
				expect.stringMatching(new RegExp(`^${folder}/${name} regular .* ${flags?.replace("|", "\\|")}$`)),
			);
		expect(filesOf(proc.refresh(), child.pid)).toEqual(files);
	});

	it.each([
		["a pipe", "ipc-pipe", ["one"], ["eb-writer", "eb-reader"]],
		["a FIFO", "ipc-pipe", ["fifo"], ["eb-writer", "eb-reader"]],
		["a unix stream", "ipc-unix", ["forked"], ["eb-worker", "eb-client"]],
		["a socketpair", "ipc-unix", ["pair"], ["eb-server", "eb-client"]],
		["TCP", "ipc-inet", ["tcp", "127.0.0.1"], ["eb-server", "eb-client"]],
		["UDP", "ipc-inet", ["udp", "127.0.0.1"], ["eb-server", "eb-client"]],
	] as const)("find the same links over %s", async (_, name, args, roles) => {
		const workload = await start(name, args, roles);
		const [bpf, proc] = observe();
		const links = linksOf(bpf.first, workload);

		expect(links).toHaveLength(1);
		expect(linksOf(proc.refresh(), workload)).toEqual(links);
	});

	it.each([
		["tcp", "127.0.0.1", "eb-server"],
		["tcp", "::1", "eb-server"],
		["tcp-forked", "127.0.0.1", "eb-worker"],
	])("count the same bytes of the same owners: %s over %s", async (kind, address, server) => {
		const workload = await start("ipc-inet", [kind, address, 13, 1019, 5, 223], ["eb-client", server]);
		const [bpf, proc] = observe();
		await workload.work();
		const connections = connectionsOf(bpf.refresh(), workload);

		expect(connections).toHaveLength(3);
		expect(connections.filter((text) => text.endsWith(" 13247 1115") || text.endsWith(" 1115 13247"))).toHaveLength(2);
		expect(connectionsOf(proc.refresh(), workload)).toEqual(connections);
	});
});
