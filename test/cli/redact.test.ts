import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { RecordingReader } from "../../src/model/feed/recording-reader.ts";
import { runEbtop } from "../helpers/run-ebtop.ts";

const SECRET = "eb-hunter2-7919";
const top = mkdtempSync(join(tmpdir(), "eb-redact-"));
const sleeper = spawn("sleep", ["600"], { argv0: SECRET, stdio: "ignore" });
afterAll(() => {
	sleeper.kill();
	rmSync(top, { recursive: true });
});

const record = (path: string, ...words: string[]) =>
	runEbtop(
		"--source",
		"proc",
		"--json",
		"-n",
		"2",
		"-d",
		"0.2",
		"--pid",
		String(sleeper.pid),
		"--record",
		path,
		...words,
	);

/** The bytes of a recording, and of what its blocks hold. */
function contentOf(path: string): string {
	const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
	return files
		.map((file) => {
			const reader = new RecordingReader(file);
			let text = readFileSync(file, "latin1") + JSON.stringify(reader.info);
			for (let block = reader.next(); block !== null && block !== "later"; block = reader.next()) {
				for (const batch of block.batches) text += Buffer.from(batch).toString("latin1");
			}
			reader.close();
			return text;
		})
		.join("");
}

describe("--redact", () => {
	it.each(["file.ebtop", "folder/"])(
		"keeps a text out of the recording %s, and out of what is printed",
		async (name) => {
			const path = join(top, name);
			const { status, stdout, stderr } = await record(path, "--redact", "hunter2-[0-9]+");
			expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
			expect(stdout).toContain(`"pid":${sleeper.pid},`);
			expect(stdout).toMatch(/"args":\["eb-\[redacted-[0-9a-f]{6}\]","600"\]/);
			expect(stdout).not.toContain("hunter2");
			const content = contentOf(path);
			expect(content).toMatch(/eb-\[redacted-/);
			expect(content).not.toContain("hunter2");
			const replay = await runEbtop("--replay", path, "--json");
			expect(replay.stdout).toBe(stdout);
		},
	);
	it("without it the recording has the text", async () => {
		const path = join(top, "plain.ebtop");
		await record(path);
		expect(contentOf(path)).toContain(SECRET);
		const { stdout } = await runEbtop("--replay", path, "--json", "--redact", "eb-h[a-z]+");
		expect(stdout).toMatch(/"args":\["\[redacted-[0-9a-f]{6}\]2-7919"/);
		expect(stdout).not.toContain("hunter");
	});
	it("refuses a pattern that is none, in a sentence", async () => {
		const { status, stderr } = await runEbtop("--json", "--redact", "(");
		expect(status).toBe(2);
		expect(stderr).toMatch(/^ebtop: --redact takes a regular expression of RE2: .*\.\n$/);
	});
});
