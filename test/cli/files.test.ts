// Files named on the command line: only regular files, opened before anything starts.
import { spawn, spawnSync } from "node:child_process";
import {
	chownSync,
	existsSync,
	linkSync,
	mkdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { OutputFile } from "../../src/model/feed/regular-file.ts";
import { runEbtop } from "../helpers/run-ebtop.ts";
import { syntheticBatches, temporaryFolder, writeRecording } from "../replay/recordings.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/ebtop", import.meta.url));
const isRoot = process.geteuid?.() === 0;
const folder = temporaryFolder();
const recording = join(folder, "eb.ebtop");
writeRecording(recording, syntheticBatches(3));
afterAll(() => rmSync(folder, { recursive: true }));

const target = join(folder, "target");
afterEach(() => rmSync(target, { recursive: true, force: true }));
const fifo = () => spawnSync("mkfifo", [target]);
const socket = () => spawnSync("python3", ["-c", `import socket; socket.socket(socket.AF_UNIX).bind("${target}")`]);

describe("what is not a regular file is refused with a message, before anything starts", () => {
	const kinds: [string, () => void, RegExp][] = [
		["a FIFO", fifo, /: it is a FIFO, not a file\.$/m],
		["a device", () => symlinkSync("/dev/full", target), /: it is a (device, not a file|symbolic link, .*)\.$/m],
		["a socket", socket, /: it is a socket, not a file\.$/m],
		["a folder", () => mkdirSync(target), /: (it is a directory|there is no recording in it)\.$/m],
	];
	const given = ["--record", "--dot"].flatMap((word) => kinds.map((kind) => [word, ...kind] as const));
	// A folder is recorded to in segments (save/segments).
	it.each(given.filter(([word, kind]) => word !== "--record" || kind !== "a folder"))(
		"%s with %s",
		async (word, _, make, reason) => {
			make();
			const { status, stdout, stderr } = await runEbtop("--json", "-n", "1", "--source", "proc", word, target);
			expect(stderr).toMatch(reason);
			expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
			expect(existsSync(target)).toBe(true);
		},
	);
	it.each(kinds)("--replay of %s", async (_, make, reason) => {
		make();
		const { status, stdout, stderr } = await runEbtop("--json", "--replay", target);
		expect(stderr).toMatch(reason);
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
	});
	it("if one file cannot be written, the other is not left behind", async () => {
		const missing = join(folder, "missing/file");
		const words = ["--json", "-n", "1", "--source", "proc", "--record", target, "--dot", missing];
		const { status, stderr } = await runEbtop(...words);
		expect(stderr).toBe(`ebtop: Cannot write the graph to ${missing}: there is no such file or directory.\n`);
		expect([status, existsSync(target)]).toEqual([2, false]);
	});
	it("one file for two things", async () => {
		const { status, stderr } = await runEbtop("--record", target, "--dot", target);
		expect(stderr).toContain("name two files.");
		expect([status, existsSync(target)]).toEqual([2, false]);
	});
});

describe("a file to write", () => {
	const write = (text: string) => {
		const file = new OutputFile(target);
		file.write(Buffer.from(text));
		file.write(Buffer.from("."));
		file.close();
	};
	it("is readable only by its owner, and holds only what was written now", () => {
		writeFileSync(target, "older and longer", { mode: 0o666 });
		write("new");
		expect(readFileSync(target, "utf8")).toBe("new.");
		expect(statSync(target).mode & 0o777).toBe(0o600);
	});
	it("is unchanged, or not created, if nothing is written to it", () => {
		new OutputFile(target).close();
		expect(existsSync(target)).toBe(false);
		writeFileSync(target, "kept");
		new OutputFile(target).close();
		expect(readFileSync(target, "utf8")).toBe("kept");
	});
	it("is not opened through a link, since the link's creator would choose the file", () => {
		const secret = join(folder, "secret");
		writeFileSync(secret, "kept");
		symlinkSync(secret, target);
		expect(() => write("x")).toThrow("symbolic link");
		rmSync(target);
		linkSync(secret, target);
		expect(() => write("x")).toThrow("another name");
		expect(readFileSync(secret, "utf8")).toBe("kept");
		rmSync(secret);
	});
	it.runIf(isRoot)("does not belong to another user, who could read it", () => {
		writeFileSync(target, "bait");
		chownSync(target, 65534, 65534);
		expect(() => write("x")).toThrow("another user");
		expect(readFileSync(target, "utf8")).toBe("bait");
	});
});

it("a recording is played through a link", async () => {
	symlinkSync(recording, target);
	const { status, stdout } = await runEbtop("--json", "--replay", target);
	expect([status, stdout.trimEnd().split("\n").length]).toEqual([0, 3]);
});

describe("a graph that cannot be written at the end", () => {
	const problem = `ebtop: Cannot write the graph to ${target}: it would become too large.`;
	const words = `${LAUNCHER} --replay ${recording} --dot ${target}`;
	const limited = (line: string) => `ulimit -f 0; ${line}; echo "status=$?"`;
	it.each([
		["a pipe", ["bash", "-o", "pipefail", "-c", limited(`${words} --json | cat >/dev/null`)]],
		["a device", ["sh", "-c", limited(`${words} --json >/dev/null`)]],
		["a screen", ["script", "-qec", limited(`${words} -n 1`), "/dev/null"]],
	])("is said and is status 1 where stdout is %s", async (_, [command = "", ...rest]) => {
		const child = spawn(command, rest, { env: { ...process.env, TERM: "xterm" } });
		let text = "";
		const add = (bytes: Buffer): void => {
			text += bytes;
		};
		for (const stream of [child.stdout, child.stderr]) stream.on("data", add);
		await new Promise((resolve) => child.on("close", resolve));
		expect(text).toContain(problem);
		expect(text).toContain("status=1");
		expect(statSync(target).size).toBe(0);
	});
});
