import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Receipt } from "../../src/follow/receipt.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { isBefore, titled, whyNotNew } from "../helpers/live-session.ts";
import { type Outcome, startEbtop } from "../helpers/run-ebtop.ts";
import { receiptErrors } from "../helpers/snapshot-schema.ts";
import { cgroupHierarchy } from "../helpers/test-cgroup.ts";
import { compileWorkload, until } from "../helpers/workload.ts";

const withPipesAt = (...descriptors: readonly number[]) =>
	Array.from({ length: 1 + Math.max(...descriptors) }, (_, fd) =>
		descriptors.includes(fd) ? ("pipe" as const) : fd === 2 ? ("inherit" as const) : ("ignore" as const),
	);

const why = process.getuid?.() === 0 ? whyNotNew : "not root";
const PIDS = cgroupHierarchy("pids");
const folder = mkdtempSync(join(tmpdir(), "eb-follow-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Followed extends Outcome {
	readonly file: string;
	readonly receipt: Receipt;
}

let receipts = 0;

async function follow(command: readonly string[], launcher: readonly string[] = []): Promise<Followed> {
	const file = join(folder, `${++receipts}.json`);
	const outcome = await startEbtop(["follow", "--receipt", file, "--", ...command], launcher).ended;
	if (!existsSync(file)) throw new Error(`no receipt, status ${outcome.status}: ${outcome.stderr}`);
	const receipt: Receipt = JSON.parse(readFileSync(file, "utf8"));
	expect(receiptErrors(receipt)).toEqual([]);
	return { ...outcome, file, receipt };
}

const sh = (script: string): readonly string[] => ["sh", "-c", script];

// Each watches only its own command, through its own ring.
describe.skipIf(why !== null).concurrent(titled("ebtop follow", why), () => {
	test("does not touch the command's streams and exit status, and writes what it did", async () => {
		const path = join(folder, "eb-note");
		const script = `echo out; echo err >&2; printf 12345 > ${path}; cat ${path} | tr 1 2; exit 7`;
		const { status, stdout, stderr, receipt } = await follow(sh(script));
		expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: "out\n22345\n", stderr: "err\n" });
		expect(receipt.run).toMatchObject({ command: sh(script), exit: { code: 7, signal: null } });
		expect(receipt.processes.map(({ comm }) => comm)).toEqual(["sh", "cat", "tr"]);
		const files = receipt.files.filter((file) => file.path === path);
		expect(files.map(({ by, readBytes, writeBytes }) => [by.comm, readBytes, writeBytes])).toEqual([
			["cat", 5, 0],
			["sh", 0, 5],
		]);
		const pipes = receipt.ipc.filter(({ from, to }) => from.comm === "cat" && to.comm === "tr");
		expect(pipes).toMatchObject([{ kind: "pipe", bytes: 5, class: "certain", rules: ["lineage"] }]);
	});

	test.skipIf(typeof PIDS === "string")("what runs in a cgroup that it made, whoever put it there", async () => {
		const [note, gone] = [join(folder, "eb-unit-note"), join(folder, "eb-unit-gone")];
		const root = typeof PIDS === "string" ? "" : PIDS.root;
		const cgroup = join(root, `eb-${process.pid}-follow`);
		// Not a descendant of the command: it waits for the cgroup, enters it, writes, and leaves it.
		const unit = spawn("sh", [
			"-c",
			`c=${cgroup}; until [ -d $c ]; do sleep 0.01; done; echo early > ${folder}/eb-unit-early; echo $$ > $c/cgroup.procs
			printf 1234567 > ${note}; echo $$ > ${root}/cgroup.procs; : > ${gone}`,
			"eb-unit",
		]);
		const { status, receipt } = await follow(
			sh(`mkdir ${cgroup}; until [ -e ${gone} ]; do sleep 0.01; done; rmdir ${cgroup}`),
		);
		unit.kill();
		expect(status).toBe(0);
		const written = receipt.files.filter(({ by, writeBytes }) => by.pid === unit.pid && writeBytes > 0);
		expect(written).toContainEqual(
			expect.objectContaining({ path: note, writeBytes: 7, class: "certain", rules: ["cgroup"] }),
		);
		expect(written.map(({ path }) => path)).not.toContain(join(folder, "eb-unit-early"));
		expect(receipt.processes.find(({ pid }) => pid === unit.pid)?.why).toMatch(/^mkdir \d+ made its cgroup\.$/);
	});

	test("says which files it made, renamed and removed", async () => {
		const [one, other] = [join(folder, "eb-one"), join(folder, "eb-other")];
		const { receipt } = await follow(sh(`echo > ${one}; mv ${one} ${other}; rm ${other}`));
		const changed = receipt.files.filter(({ created, deleted, renamedTo }) => created || deleted || renamedTo !== null);
		expect(
			changed.map(({ path, by, created, deleted, renamedTo }) => [path, by.comm, created, deleted, renamedTo]),
		).toEqual([
			[one, "mv", false, false, other],
			[one, "sh", true, false, null],
			[other, "rm", false, true, null],
		]);
	});

	test("two runs of one command do not differ, two commands do", async () => {
		const talk = `socket(S,AF_UNIX,SOCK_STREAM,0); bind(S,pack_sockaddr_un($ARGV[0])); listen(S,1);
			if (!fork) { socket(C,AF_UNIX,SOCK_STREAM,0); connect(C,pack_sockaddr_un($ARGV[0]));
				syswrite(C,"ping"); sysread(C,$_,4); exit }
			accept(A,S); sysread(A,$_,4); syswrite(A,"pong"); wait; unlink $ARGV[0]`;
		const talkTcp = `socket(S,AF_INET,SOCK_STREAM,0); bind(S,sockaddr_in(0,INADDR_LOOPBACK)); listen(S,1);
			if (!fork) { socket(C,AF_INET,SOCK_STREAM,0); connect(C,getsockname(S));
				syswrite(C,"pinging"); sysread(C,$_,11); exit }
			accept(A,S); sysread(A,$_,7); syswrite(A,"pongponging"); wait`;
		const script = `d=$(mktemp -d -p ${folder}); seq 2000 | sort -r > $d/a; mv $d/a $d/b; wc $d/b | tr 1 2
			perl -MSocket -e '${talk}' $d/s; perl -MSocket -e '${talkTcp}'; kill -0 $$; rm -r $d`;
		const first = await follow(sh(script));
		const socket = first.receipt.sockets.find(({ by, writeBytes }) => by.comm === "perl" && writeBytes === 4);
		expect(socket).toMatchObject({ kind: "unix-stream", readBytes: 4, peer: { comm: "perl" } });
		const overTcp = first.receipt.sockets.filter(({ kind, writeBytes }) => kind === "tcp" && writeBytes > 0);
		expect(
			overTcp.map(({ by, peer, readBytes, writeBytes }) => [by.comm, peer?.comm, readBytes, writeBytes]).sort(),
		).toEqual([
			["perl", "perl", 11, 7],
			["perl", "perl", 7, 11],
		]);
		expect(overTcp[0]?.peer?.pid).toBe(overTcp[1]?.by.pid);
		expect(first.receipt.gaps.filter(({ kind }) => kind === "remote" || kind === "peer-unknown")).toEqual([]);
		const second = await follow(sh(script));
		const other = await follow(sh(`${script}; exit 1`));
		const diff = (one: string, two: string) => startEbtop(["receipt", "diff", one, two]).ended;
		expect(await diff(first.file, second.file)).toEqual({ status: 0, stdout: "", stderr: "" });
		expect(await diff(second.file, other.file)).toMatchObject({
			status: 1,
			stdout: expect.stringContaining("status 1"),
		});
		expect(await diff(other.file, join(folder, "eb-nothing"))).toMatchObject({ status: 2, stdout: "" });
		const shown = await startEbtop(["receipt", "show", other.file]).ended;
		expect(shown).toMatchObject({ status: 0, stdout: expect.stringContaining("exit 1 after") });
	});

	test("follows a process that double-forks and changes its user, after the command has ended", async () => {
		const path = join(folder, "eb-late");
		const late = `sleep 0.3; exec setpriv --reuid=65534 --clear-groups tail -c 3 ${path}`;
		writeFileSync(path, "12345", { mode: 0o644 });
		const { receipt } = await follow(sh(`(setsid sh -c '${late}' &) > /dev/null`));
		const tail = receipt.processes.find(({ comm }) => comm === "tail");
		expect(tail).toMatchObject({ exit: expect.anything(), class: "certain" });
	});

	test("exits with 128 + signal, 126 or 127, and writes no receipt for what did not run", async () => {
		const { status, receipt } = await follow(sh("kill -TERM $$"));
		expect(status).toBe(128 + 15);
		expect(receipt.run.exit).toEqual({ code: null, signal: "SIGTERM" });
		const file = join(folder, "eb-none.json");
		const run = (...words: string[]) => startEbtop(["follow", "--receipt", file, "--", ...words]).ended;
		expect(await run("eb-nosuch")).toMatchObject({ status: 127, stderr: expect.stringContaining("no such program") });
		expect(await run("/etc/passwd")).toMatchObject({ status: 126 });
		expect(existsSync(file)).toBe(false);
	});

	test("passes signals on, and ends with the command", async () => {
		const file = join(folder, "eb-signal.json");
		const script = "trap 'echo caught; exit 3' USR1; echo begun; i=0; while [ $((i+=1)) -lt 600 ]; do sleep 0.05; done";
		const { child, nextLine, ended } = startEbtop(["follow", "--receipt", file, "--", ...sh(script)]);
		expect(await nextLine()).toBe("begun");
		child.kill("SIGUSR1");
		expect(await ended).toMatchObject({ status: 3, stdout: "begun\ncaught\n" });
		expect(JSON.parse(readFileSync(file, "utf8")).run.exit.code).toBe(3);
	});

	test("a command that ignores signals goes on, and the third in a row gives a receipt that says it is cut", async () => {
		const file = join(folder, "eb-cut.json");
		const script = `trap '' TERM; echo 1234567 > ${folder}/eb-begun; echo begun; exec sleep 60`;
		const { child, nextLine, ended } = startEbtop(["follow", "--receipt", file, "--", ...sh(script)]);
		expect(await nextLine()).toBe("begun");
		// Signals that are pending merge into one.
		while (child.exitCode === null) {
			child.kill("SIGTERM");
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		const receipt: Receipt = JSON.parse(readFileSync(file, "utf8"));
		const [command] = receipt.processes;
		process.kill(command?.pid ?? 0, "SIGKILL");
		expect(await ended).toMatchObject({ status: 128 + 15, stdout: "begun\n" });
		expect(receiptErrors(receipt)).toEqual([]);
		expect([receipt.run.exit, command?.exit]).toEqual([{ code: null, signal: null }, null]);
		expect(receipt.files).toContainEqual(
			expect.objectContaining({ path: join(folder, "eb-begun"), writeBytes: 8, class: "certain" }),
		);
		expect(receipt.gaps).toContainEqual(
			expect.objectContaining({ kind: "cut", says: expect.stringMatching(/^SIGTERM ended the watch/) }),
		);
	});

	// Before Linux 6.14 there is one maximum for all namespaces, which is not changed here.
	const hasOwnPidMax = !isBefore(6, 14);
	test.skipIf(!hasOwnPidMax)(
		`a namespace whose pids wrap around: each process is told apart${hasOwnPidMax ? "" : " (skipped: needs Linux 6.14)"}`,
		async () => {
			const made = join(folder, "eb-wrapped");
			mkdirSync(made);
			const script = `for my $i (1 .. 331) { my $pid = fork; if (!$pid) {
				if ($i > 308) { open F, ">", "${made}/$i"; syswrite F, "x" x ($i - 300); print "$$\n" } exit 0 } waitpid $pid, 0 }`;
			const words = ["unshare", "--pid", "--fork", "--mount-proc", "sh", "-c"];
			const { status, stdout, receipt } = await follow([
				...words,
				'echo 310 > /proc/sys/kernel/pid_max && perl -e "$0"',
				script,
			]);
			expect(status).toBe(0);
			const pids = stdout.trimEnd().split("\n");
			expect([pids.length, new Set(pids).size < 11]).toEqual([23, true]);
			const files = receipt.files.filter(({ path, created }) => path.startsWith(`${made}/`) && created);
			expect(files.map(({ path, writeBytes, class: sure }) => [path, writeBytes, sure])).toEqual(
				Array.from({ length: 23 }, (_, index) => [join(made, `${index + 309}`), index + 9, "certain"]),
			);
			expect(new Set(files.map(({ by }) => by.pid)).size).toBe(23);
			expect(receipt.processes.filter(({ comm }) => comm === "perl")).toHaveLength(332);
		},
	);

	test("gives it the caller's environment, descriptors and place, and runs as the user behind sudo", async () => {
		const launcher = ["env", "SUDO_UID=65534", "SUDO_GID=65534", "EB_WORD=a b", "PATH=/usr/bin:/eb-own"];
		const script = 'echo "$EB_WORD $PATH $SUDO_UID"; id -u; id -g; pwd';
		const { stdout } = await follow(sh(script), launcher);
		expect(stdout).toBe(`a b /usr/bin:/eb-own \n65534\n65534\n${process.cwd()}\n`);
		const file = join(folder, "eb-descriptors.json");
		const write = [
			"python3",
			"-c",
			"import os; os.write(3, b'near\\n'); os.write(8, b'by\\n'); os.write(29, b'far\\n')",
		];
		const child = spawn("bin/ebtop", ["follow", "--receipt", file, "--", ...write], {
			stdio: withPipesAt(3, 8, 9, 29),
		});
		const read = async (fd: number) => {
			const pieces: Buffer[] = [];
			for await (const piece of child.stdio[fd as 3] as AsyncIterable<Buffer>) pieces.push(piece);
			return Buffer.concat(pieces).toString();
		};
		expect(await Promise.all([3, 8, 9, 29].map(read))).toEqual(["near\n", "by\n", "", "far\n"]);
	});

	test("says which fd it needs if none is free, and starts nothing", () => {
		const file = join(folder, "eb-no-descriptor.json");
		const stdio = withPipesAt(2, 3, 4, 5, 6, 7, 8, 9);
		const { status, stderr } = spawnSync("bin/ebtop", ["follow", "--receipt", file, "--", "true"], {
			stdio,
			encoding: "utf8",
		});
		expect([status, stderr]).toEqual([
			1,
			"ebtop: Descriptors 3 to 9 are all open, and one is needed to start the command: close one of them (9>&-).\n",
		]);
		expect(existsSync(file)).toBe(false);
	});

	test("finds what a daemon does with a descriptor that the command passed to it, and its child with one it inherited", async () => {
		const [socket, passed] = [join(folder, "eb-pass.sock"), join(folder, "eb-passed")];
		const serve = `import os, socket
s = socket.socket(socket.AF_UNIX); s.bind("${socket}"); s.listen()
while True:
    c, _ = s.accept(); _, fds, _, _ = socket.recv_fds(c, 16, 1); os.write(fds[0], b"x" * 13)
    if os.fork() == 0: os.write(fds[0], b"y" * 29); os._exit(0)
    os.wait(); c.send(b"ok"); os.close(fds[0]); c.close()`;
		const ask = `import socket
c = socket.socket(socket.AF_UNIX); c.connect("${socket}"); f = open("${passed}", "wb")
socket.send_fds(c, [b"a job"], [f.fileno()]); c.recv(2)`;
		const daemon = spawn("python3", ["-c", serve], { stdio: "ignore" });
		try {
			await until("the daemon", () => existsSync(socket));
			const { status, receipt } = await follow(["python3", "-c", ask]);
			expect(status).toBe(0);
			const wrote = receipt.files.filter(({ path, writeBytes }) => path === passed && writeBytes > 0);
			expect(wrote.map(({ by, writeBytes, class: sure }) => [by.pid === daemon.pid, writeBytes, sure]).sort()).toEqual([
				[false, 29, "certain"],
				[true, 13, "certain"],
			]);
		} finally {
			daemon.kill("SIGKILL");
		}
	});

	test("tells children apart that all had the same pid", async ({ skip }) => {
		const sizes = [2, 3, 5, 7, 11, 13, 17];
		const made = join(folder, "eb-same");
		mkdirSync(made);
		const { status, receipt } = await follow([compileWorkload("same-pid"), made, ...sizes.map(String)]);
		if (status === 77) skip("this kernel does not let pids be chosen");
		expect(status).toBe(0);
		const children = receipt.processes.filter(({ comm }) => comm.startsWith("eb-same"));
		expect(children.map(({ comm }) => comm).sort()).toEqual(sizes.map((_, index) => `eb-same${index}`));
		expect(new Set(children.map(({ pid }) => pid)).size).toBe(1);
		const files = receipt.files.filter(({ path, created }) => path.startsWith(`${made}/`) && created);
		expect(files.map(({ path, by, writeBytes, class: sure }) => [path, by.comm, writeBytes, sure])).toEqual(
			sizes.map((size, index) => [join(made, `${index}`), `eb-same${index}`, size, "certain"]),
		);
	});

	test("sees a thousand children", async () => {
		const { receipt } = await follow(sh("i=0; while [ $i -lt 1000 ]; do /bin/true; i=$((i+1)); done"));
		expect(receipt.processes.filter(({ comm }) => comm === "true")).toHaveLength(1000);
		expect(receipt.gaps.filter(({ kind }) => kind !== "probe-off")).toEqual([]);
	});

	test("if it cannot watch, it says why and runs nothing, unless told to", async () => {
		const inside = ["unshare", "--pid", "--fork", "--mount-proc"];
		const file = join(folder, "eb-unwatched.json");
		const words = ["--receipt", file, "--", "echo", "ran"];
		expect(await startEbtop(["follow", ...words], inside).ended).toMatchObject({ status: 125, stdout: "" });
		const outcome = await startEbtop(["follow", "--or-run", ...words], inside).ended;
		expect(outcome).toMatchObject({
			status: 0,
			stdout: "ran\n",
			stderr: expect.stringContaining("The command runs anyway"),
		});
		expect(existsSync(file)).toBe(false);
	});

	test("a receipt that cannot be written is reported before the command runs", async () => {
		const file = join(folder, "eb-nowhere", "r.json");
		const outcome = await startEbtop(["follow", "--receipt", file, "--", "echo", "ran"]).ended;
		expect(outcome).toMatchObject({
			status: 125,
			stdout: "",
			stderr: expect.stringContaining("Cannot write the receipt"),
		});
	});

	test("what --redact and --no-args keep back is in no receipt and in no refresh", async () => {
		const secret = "eb-hunter2-7919";
		const program = join(folder, `${secret}.sh`);
		// Its name, arguments, files, a link and a signal have it.
		const script = [
			`echo > ${folder}/${secret}-$$-note; mv ${folder}/${secret}-$$-note ${folder}/${secret}-$$-done`,
			`echo ${secret} | cat > /dev/null; mkfifo ${folder}/${secret}-$$-fifo`,
			`(cat ${folder}/${secret}-$$-fifo > /dev/null; :) & echo x > ${folder}/${secret}-$$-fifo; wait; sleep 0.5`,
		];
		writeFileSync(program, `#!/bin/sh\n${script.join("\n")}\n`, { mode: 0o755 });
		const file = join(folder, "eb-redacted.json");
		const bare = join(folder, "eb-no-args.json");
		const only = ["-d", "0.3", "--json"];
		const [receipt, without, refreshes, printed, few] = await Promise.all([
			startEbtop(["follow", "--redact", "hunter2-[0-9]+", "--receipt", file, "--", program, secret]).ended,
			startEbtop(["follow", "--no-args", "--receipt", bare, "--", "sh", "-c", "sleep 0.5; :", secret]).ended,
			startEbtop([...only, "--redact", "hunter2-[0-9]+", "--", program, secret]).ended,
			startEbtop(["--batch", "-d", "0.3", "--redact", "hunter2-[0-9]+", "--", program, secret]).ended,
			startEbtop([...only, "--no-args", "--", "sh", "-c", "sleep 0.5; :", secret]).ended,
		]);
		for (const { status } of [receipt, without, refreshes, printed, few]) expect(status).toBe(0);
		const [redacted, argless] = [file, bare].map((path) => readFileSync(path, "utf8"));
		for (const text of [redacted, argless]) expect(receiptErrors(JSON.parse(text ?? ""))).toEqual([]);
		for (const text of [redacted, refreshes.stdout, printed.stdout]) {
			expect(text).toMatch(/eb-\[redacted-[0-9a-f]{6}\]/);
			expect(text).not.toContain("hunter2");
		}
		const { files, run }: Receipt = JSON.parse(redacted ?? "");
		expect(run.command).toEqual([
			expect.stringMatching(/\/eb-\[redacted-[0-9a-f]{6}\]\.sh$/),
			expect.stringMatching(/^eb-\[redacted-[0-9a-f]{6}\]$/),
		]);
		expect(files.map(({ path }) => path)).toContainEqual(
			expect.stringMatching(/eb-\[redacted-[0-9a-f]{6}\]-\d+-fifo$/),
		);
		const last: Snapshot = JSON.parse(refreshes.stdout.trimEnd().split("\n").at(-1) ?? "");
		expect(last.follow?.[0]?.effects.length).toBeGreaterThan(0);
		for (const text of [argless, few.stdout]) {
			expect(text).toContain('"comm"');
			expect(text).not.toContain("hunter2");
		}
	});

	test("with a dashboard only the command is shown, and its output comes at the end", async () => {
		const words = ["-d", "0.3", "--panes", "processes"];
		const command = sh("sleep 0.5; echo wrote; id -u > /dev/null; exit 3");
		const { status, stdout } = await startEbtop(["--json", ...words, "--", ...command]).ended;
		expect(status).toBe(0);
		const last: Snapshot = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
		expect(last.processes.map(({ comm }) => comm).sort()).toEqual(["id", "sh", "sleep"]);
		const batch = await startEbtop(["--batch", ...words, "--", ...command]).ended;
		expect(batch).toMatchObject({ status: 0, stdout: expect.stringMatching(/\nwrote\nsh exited with 3\.\n$/) });
	});
});
