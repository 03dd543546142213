/**
 * Two machines for ssh on this one: network namespaces of a (10.77.0.1) and b (10.77.0.2) with a wire between them, each
 * with a host name and an sshd of its own. What ssh needs to know is in a file that stands for /etc/ssh/ssh_config.
 */

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./workload.ts";

const SSHD = "/usr/sbin/sshd";
/** Where ebtop is. */
const LAUNCHER = fileURLToPath(new URL("../../bin/ebtop", import.meta.url));
export type HostName = "a" | "b";
const ADDRESSES = { a: "10.77.0.1", b: "10.77.0.2" };

/** Why there can be no such machines here; null if there can. */
export function whyNoHosts(): string | null {
	if (process.getuid?.() !== 0) return "needs root";
	return existsSync(SSHD) ? null : "needs sshd";
}

const ip = (...words: string[]) => execFileSync("ip", words, { stdio: ["ignore", "ignore", "pipe"] });

export class SshHosts {
	readonly launcher = LAUNCHER;
	readonly folder = mkdtempSync(join(tmpdir(), "eb-hosts-"));
	/** Names of the namespaces. */
	readonly #spaces = { a: `${basename(this.folder)}-a`, b: `${basename(this.folder)}-b` };
	readonly #servers = new Map<HostName, ChildProcess>();

	constructor() {
		mkdirSync("/run/sshd", { recursive: true });
		for (const name of ["key", "host-key"])
			execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(this.folder, name)]);
		for (const space of Object.values(this.#spaces)) ip("netns", "add", space);
		const { a, b } = this.#spaces;
		ip("link", "add", "eb-wire", "netns", a, "type", "veth", "peer", "name", "eb-wire", "netns", b);
		for (const name of ["a", "b"] as const) {
			const inside = (...words: string[]) => ip("-n", this.#spaces[name], ...words);
			inside("addr", "add", `${ADDRESSES[name]}/24`, "dev", "eb-wire");
			inside("link", "set", "eb-wire", "up");
			inside("link", "set", "lo", "up");
			mkdirSync(join(this.folder, name));
			this.install(name, `exec ${LAUNCHER} "$@"`);
		}
		this.#configure("ssh_config", [
			...["a", "b"].map(
				(name) => `Host ${name}\n HostName ${ADDRESSES[name as HostName]}\n IdentityFile ${this.folder}/key`,
			),
			`Host keyless\n HostName ${ADDRESSES.a}\n IdentityFile none\nHost nowhere\n HostName 10.77.0.3`,
			`Host *\n User root\n UserKnownHostsFile ${this.folder}/known\n StrictHostKeyChecking accept-new\n IdentityAgent none`,
		]);
	}

	/** The program that is called ebtop on this machine: a script of sh. */
	install(name: HostName, script: string): void {
		const path = join(this.folder, name, "ebtop");
		writeFileSync(path, `#!/bin/sh\n${script}\n`);
		chmodSync(path, 0o755);
	}

	/** No ebtop is on this machine. */
	uninstall(name: HostName): void {
		rmSync(join(this.folder, name, "ebtop"));
	}

	/** Starts the sshd of this machine; resolves when it listens. */
	async serve(name: HostName): Promise<void> {
		const config = this.#configure(`${name}.conf`, [
			`HostKey ${this.folder}/host-key\nPidFile none\nAuthorizedKeysFile ${this.folder}/key.pub`,
			`UsePAM no\nStrictModes no\nPermitRootLogin prohibit-password\nPasswordAuthentication no`,
			`SetEnv PATH=${this.folder}/${name}:/usr/sbin:/usr/bin:/sbin:/bin`,
		]);
		const script = `hostname eb-${name} && exec ${SSHD} -D -e -f ${config}`;
		const server = spawn("ip", ["netns", "exec", this.#spaces[name], "unshare", "--uts", "sh", "-c", script], {
			stdio: "ignore",
			detached: true,
		});
		this.#servers.set(name, server);
		const look = [...this.inside(name), "ssh-keyscan", "-t", "ed25519", ADDRESSES[name]];
		const isListening = () => spawnSync(look[0] as string, look.slice(1), { encoding: "utf8" }).stdout !== "";
		await until(`sshd of ${name}`, isListening);
	}

	/** Ends the sshd of this machine with all its sessions. */
	async turnOff(name: HostName): Promise<void> {
		const server = this.#servers.get(name);
		if (server?.pid === undefined) return;
		this.#servers.delete(name);
		const ended = once(server, "exit");
		for (const pid of this.#pidsIn(name)) if (isServer(pid)) process.kill(pid, "SIGKILL");
		await ended;
	}

	/** The words before those of a program that is to run in this machine's network. */
	inside(name: HostName): readonly string[] {
		return ["ip", "netns", "exec", this.#spaces[name]];
	}

	/** The words before those of ebtop, which then runs in the first machine's network and can reach both. */
	get viewer(): readonly string[] {
		const script = `mount --bind ${this.folder}/ssh_config /etc/ssh/ssh_config && exec "$@"`;
		return [...this.inside("a"), "unshare", "--mount", "sh", "-c", script, "sh"];
	}

	async end(): Promise<void> {
		for (const name of ["a", "b"] as const) {
			await this.turnOff(name);
			await until(`the end of all processes of ${name}`, () => this.#pidsIn(name).length === 0);
		}
		for (const space of Object.values(this.#spaces)) ip("netns", "del", space);
		rmSync(this.folder, { recursive: true });
	}

	#pidsIn(name: HostName): number[] {
		return execFileSync("ip", ["netns", "pids", this.#spaces[name]], { encoding: "utf8" })
			.split("\n")
			.filter((line) => line !== "")
			.map(Number);
	}

	#configure(name: string, lines: readonly string[]): string {
		const path = join(this.folder, name);
		writeFileSync(path, `${lines.join("\n")}\n`);
		return path;
	}
}

/** sshd, and since OpenSSH 9.8 sshd-session. */
function isServer(pid: number): boolean {
	try {
		return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("sshd");
	} catch {
		return false;
	}
}
