/**
 * Real programs, followed while they serve others: the names of the files say for whom they were made. A test is skipped
 * where the program is not installed.
 */

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Receipt } from "../../src/follow/receipt.ts";
import { Daemons, describeProgram, isThere } from "../helpers/daemons.ts";
import { freePort } from "../helpers/free-port.ts";
import { describeUnless, whyNotNew } from "../helpers/live-session.ts";
import { Podman, whyNoPodman } from "../helpers/podman.ts";
import { RedisServer } from "../helpers/redis.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";
import { receiptErrors } from "../helpers/snapshot-schema.ts";
import { until } from "../helpers/workload.ts";

const OTHERS = 3;
let directory: string;
let daemons: Daemons;
let others: ChildProcess[];

/** The receipt of a command that succeeds. */
async function follow(...command: string[]): Promise<Receipt> {
	const file = join(directory, "receipt");
	const words = ["follow", "--receipt", file, "--linger", "1", "--", ...command];
	const { status, stderr } = await startEbtop(words).ended;
	expect([status, stderr]).toEqual([0, ""]);
	const receipt: Receipt = JSON.parse(readFileSync(file, "utf8"));
	expect(receiptErrors(receipt)).toEqual([]);
	return receipt;
}

/** Runs shell text again and again until the test ends. */
function crowd(text: string): void {
	for (let index = 0; index < OTHERS; index++) {
		const words = ["-c", `while :; do ${text.replaceAll("INDEX", String(index))}; done`, "eb-other"];
		others.push(spawn("sh", words, { stdio: "ignore", detached: true }));
	}
}

/** The files that it made in the test's folder, each with its class and the bytes written. */
const madeBy = (receipt: Receipt, comm: string) =>
	receipt.files
		.filter(({ path, by, created }) => path.startsWith(directory) && by.comm === comm && created)
		.map(({ path, renamedTo, class: sure, writeBytes }) => [renamedTo ?? path, sure, writeBytes]);

/** Whether all that Redis made is a guess, by the rule for several requests in one turn of a loop. */
const isBatch = (receipt: Receipt): boolean =>
	madeBy(receipt, "redis-server").length === 0 &&
	receipt.notSure.length > 0 &&
	receipt.notSure.every(({ class: sure, rules }) => sure === "guess" && rules.join() === "batch");

/** What a receipt says of what it does not have. */
const whyNot = ({ gaps, notSure }: Receipt): string => JSON.stringify({ gaps, notSure });

describeUnless(process.getuid?.() === 0 ? whyNotNew : "not root")("real programs are followed", () => {
	beforeEach(() => {
		directory = mkdtempSync(join(tmpdir(), "eb-"));
		chmodSync(directory, 0o755);
		daemons = new Daemons(directory);
		others = [];
	});
	afterEach(async () => {
		for (const { pid } of others) if (pid !== undefined) process.kill(-pid, "SIGKILL");
		await daemons.stop();
		rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
	});

	describeProgram("redis-server", () => {
		test("SAVE writes the file for the client that asked for it, while others are served", async () => {
			const redis = await RedisServer.start(daemons, directory);
			redis.ask("set", "eb-key", "x".repeat(10_007));
			crowd(`redis-cli -s ${redis.socket} set eb-other-INDEX 1`);
			const dump = join(directory, "dump.rdb");
			let receipt = await follow("redis-cli", "-s", redis.socket, "save");
			// If it answered others in the same turn of its loop, the file is a guess by the rule for that, and nothing else.
			while (isBatch(receipt)) receipt = await follow("redis-cli", "-s", redis.socket, "save");
			expect(madeBy(receipt, "redis-server"), whyNot(receipt)).toEqual([[dump, "certain", statSync(dump).size]]);
		});
	});

	describeProgram("nginx", () => {
		test("a request through one to a backend, another one: the file that was made for it, and none of others", async () => {
			const made = join(directory, "made");
			mkdirSync(made);
			const socketOf = (name: string) => join(directory, `${name}.sock`);
			const serve = (name: string, location: string) => {
				const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
					(each) => `${each}_temp_path ${directory}/${name}-${each};`,
				);
				const log = join(directory, `${name}.log`);
				const http = `${temp.join(" ")} server { listen unix:${socketOf(name)}; location / { ${location} } }`;
				writeFileSync(
					join(directory, `${name}.conf`),
					`daemon off; user root; pid ${directory}/${name}.pid; error_log ${log}; events {} http { access_log off; ${http} }`,
				);
				daemons.start("nginx", "-e", log, "-c", join(directory, `${name}.conf`));
			};
			serve("back", `root ${made}; dav_methods PUT;`);
			serve("front", `proxy_pass http://unix:${socketOf("back")};`);
			const script = join(directory, "put.pl");
			writeFileSync(
				script,
				`use IO::Socket::UNIX; my ($to, $name, $size) = @ARGV; my $s = IO::Socket::UNIX->new($to) or exit 1;
				print $s "PUT /$name HTTP/1.0\r\nContent-Length: $size\r\n\r\n", "x" x $size; $s->flush;
				exit(<$s> =~ / 20[14] / ? 0 : 1)`,
			);
			const put = (name: string, size: number) => ["perl", script, socketOf("front"), name, String(size)];
			const [program = "", ...words] = put("first", 1);
			await until("an answer", () => spawnSync(program, words, { stdio: "ignore" }).status === 0);
			crowd(put("other-INDEX", 7).join(" "));
			await until("the others", () => existsSync(join(made, "other-0")));
			const receipt = await follow(...put("mine", 1009));
			const found = madeBy(receipt, "nginx").filter(([path]) => String(path).startsWith(made));
			expect(found, whyNot(receipt)).toEqual([[join(made, "mine"), "certain", 1009]]);
			expect(receipt.notSure.filter(({ name }) => name.startsWith(made))).toEqual([]);
		});
	});

	const sshd = "/usr/sbin/sshd";
	const hasSsh = existsSync(sshd) && isThere("ssh") && isThere("ssh-keygen");
	test.skipIf(!hasSsh)(
		`ssh to this machine: the remote command and what it starts${hasSsh ? "" : " (skipped: sshd is not installed)"}`,
		async () => {
			const [key, hostKey, config] = ["key", "host-key", "config"].map((name) => join(directory, name)) as [
				string,
				string,
				string,
			];
			for (const path of [key, hostKey]) execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
			mkdirSync("/run/sshd", { recursive: true });
			const port = await freePort();
			const lines = [
				`HostKey ${hostKey}`,
				`AuthorizedKeysFile ${key}.pub`,
				"StrictModes no",
				"UsePAM no",
				"PidFile none",
			];
			writeFileSync(config, `${lines.join("\n")}\nPermitRootLogin yes\nListenAddress 127.0.0.1:${port}\n`);
			daemons.start(sshd, "-D", "-e", "-f", config);
			const options = ["-F", "none", "-i", key, "-p", String(port), "-o", "BatchMode=yes", "-o", "LogLevel=ERROR"];
			const trust = ["-o", "StrictHostKeyChecking=no", "-o", `UserKnownHostsFile=${join(directory, "known")}`];
			const ssh = (command: string) => ["ssh", ...options, ...trust, "root@127.0.0.1", command];
			const [program = "", ...words] = ssh("true");
			await until("sshd", () => spawnSync(program, words, { stdio: "ignore" }).status === 0);
			crowd(`ssh ${[...options, ...trust].join(" ")} root@127.0.0.1 'echo other > ${directory}/other-INDEX'`);
			await until("the others", () => existsSync(join(directory, "other-0")));
			const receipt = await follow(...ssh(`seq 1009 | cat > ${directory}/mine`));
			const made = receipt.files.filter(({ path, writeBytes }) => /[/](mine|other-\d)$/.test(path) && writeBytes > 0);
			expect(
				made.map(({ path, writeBytes, class: sure }) => [basename(path), writeBytes, sure]),
				whyNot(receipt),
			).toEqual([["mine", statSync(join(directory, "mine")).size, "certain"]]);
		},
	);

	const noPodman = whyNoPodman();
	test.skipIf(noPodman !== null)(
		`podman --remote: all that its container did, and nothing of others${noPodman === null ? "" : ` (skipped: ${noPodman})`}`,
		async () => {
			const shared = join(directory, "shared");
			mkdirSync(shared);
			const podman = await Podman.inDirectory(directory);
			try {
				const socket = join(directory, "podman.sock");
				const [program = "", ...words] = podman.wordsToServe(socket);
				daemons.start(program, ...words);
				await until("the service", () => existsSync(socket));
				const ask = (name: string) =>
					podman.wordsToAsk(socket, `eb-${name}`, shared, "sh", "-c", `echo one > ${name}; : | cat`);
				const beside = Array.from({ length: OTHERS }, (_, index) => {
					const [client = "", ...rest] = ask(`other-${index}`);
					return once(spawn(client, rest, { stdio: "ignore" }), "exit");
				});
				const receipt = await follow(...ask("mine"));
				expect(await Promise.all(beside)).toEqual(beside.map(() => [0, null]));
				const made = receipt.files.filter(({ path, created }) => created && /[/](mine|other-\d)$/.test(path));
				expect(made.map(({ path, writeBytes, class: sure }) => [basename(path), writeBytes, sure])).toEqual([
					["mine", 4, "certain"],
				]);
				expect(receipt.notSure.filter(({ name }) => /[/]other-\d$/.test(name))).toEqual([]);
				const names = receipt.processes.filter(({ class: sure }) => sure === "certain").map(({ comm }) => comm);
				expect(names).toEqual(expect.arrayContaining(["podman", "conmon", "runc", "sh", "cat"]));
			} finally {
				await daemons.stop();
				await podman.close();
			}
		},
	);

	const versions = "/usr/lib/postgresql";
	const [newest] = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : [];
	const postgres = `${versions}/${newest}/bin`;
	const hasPostgres = existsSync(`${postgres}/postgres`) && isThere("runuser") && isThere("psql");
	describe.skipIf(!hasPostgres)(hasPostgres ? "PostgreSQL" : "PostgreSQL (skipped: it is not installed)", () => {
		test("the process that the postmaster made for psql did what psql asked for", async () => {
			const data = join(directory, "data");
			const made = join(directory, "made");
			for (const folder of [data, made]) execFileSync("install", ["-d", "-o", "postgres", folder]);
			const as = (...command: string[]) => ["-u", "postgres", "--", ...command];
			execFileSync("runuser", as(`${postgres}/initdb`, "-A", "trust", "-N", data), { stdio: "ignore", cwd: data });
			const server = [`${postgres}/postgres`, "-D", data, "-k", data, "-c", "listen_addresses=", "-c", "fsync=off"];
			daemons.start("runuser", ...as(...server));
			const psql = (name: string) => [
				...["psql", "-U", "postgres", "-h", data, "-c"],
				...[`copy (select generate_series(1, 1009)) to '${made}/${name}'`, "template1"],
			];
			const [program = "", ...words] = psql("begin");
			await until("the server's answer", () => spawnSync(program, words, { stdio: "ignore" }).status === 0);
			crowd(`psql -U postgres -h ${data} -c "copy (select 1) to '${made}/other-INDEX'" template1`);
			await until("the others", () => existsSync(join(made, "other-0")));
			const mine = join(made, "mine");
			const receipt = await follow(...psql("mine"));
			expect(madeBy(receipt, "postgres"), whyNot(receipt)).toEqual([[mine, "certain", statSync(mine).size]]);
			expect(receipt.notSure.filter(({ name }) => name.startsWith(made))).toEqual([]);
		});
	});
});
