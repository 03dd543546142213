// Nothing from outside reaches a terminal raw: control characters are shown as escapes, wherever they come from.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { BlockType, encodeBlock, encodePreamble } from "../../src/model/feed/recording-format.ts";
import { ScreenOutput } from "../../src/output/screen-output.ts";
import { runEbtop } from "../helpers/run-ebtop.ts";
import { temporaryFolder } from "../replay/recordings.ts";

const top = fileURLToPath(new URL("../..", import.meta.url));
const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));

/** Sets the clipboard, clears the screen, reverses the direction of the text that follows. */
const HOSTILE = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\u202e";
const SHOWN = "\\x1b]52;c;ZXZpbA==\\x07\\x1b[2J\\u{202e}";

describe("an error message is one line without control characters", () => {
	it("whatever a recording says of itself", async () => {
		const file = join(folder, "eb-hostile.ebtop");
		const info = { version: HOSTILE, host: "h", kernel: "k", machine: "x86_64", wireVersion: 99 };
		writeFileSync(
			file,
			Buffer.concat([encodePreamble(), encodeBlock(BlockType.INFO, 0n, Buffer.from(JSON.stringify(info)))]),
		);
		const { status, stderr } = await runEbtop("--replay", file, "--json");
		expect(stderr).toBe(
			`ebtop: Cannot play ${file}: a newer ebtop (${SHOWN}) wrote it, whose records this one cannot read.\n`,
		);
		expect(status).toBe(2);
	});
	it.each([
		[["--replay", `${folder}/${HOSTILE}\n.ebtop`]],
		[["--record", `${folder}/${HOSTILE}/x`]],
		[["--filter", `comm = "${HOSTILE}" or`]],
		[["--panes", HOSTILE]],
		[[HOSTILE]],
		[[`--${HOSTILE}`]],
	])("whatever stands on the command line: %j", async (words) => {
		const { status, stdout, stderr } = await runEbtop(...words);
		expect(stderr).toMatch(/^ebtop: [^\p{Cc}\p{Cf}]*\.\n$/u);
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
	});
});

it("a screen writes nothing to stderr, not even when it leaves", () => {
	const errors = join(folder, "errors");
	const line = `${join(top, "bin/ebtop")} --demo -n 1 2>${errors}`;
	const { stdout } = spawnSync("script", ["-qec", line, "/dev/null"], {
		encoding: "utf8",
		env: { ...process.env, TERM: "xterm" },
	});
	expect(stdout).toContain("\x1b[?1049l");
	expect(readFileSync(errors, "utf8")).toBe("");
});

describe("the screen's terminal", () => {
	async function drawn(text: string): Promise<string> {
		const terminal = new PassThrough() as unknown as NodeJS.WriteStream & PassThrough;
		await new Promise((resolve) => new ScreenOutput(terminal).write(text, resolve));
		return String(terminal.read());
	}
	it("gets colours, moves and modes as they are", async () => {
		const frame =
			"\x1b[?1049h\x1b[?25l\x1b[?2026h\x1b[H\x1b[2K\x1b[1;36mcaf\u00e9\x1b[0m\r\n\x1b[3A\x1b[12G\x1b[E\x1b[J\x1b[?2026l";
		expect(await drawn(frame)).toBe(frame);
	});
	it("is redrawn after a resize, when it accepts output again", async () => {
		let take = (): void => {};
		const stuck = new Writable({
			write(_chunk, _encoding, done) {
				take = done;
			},
		});
		const output = new ScreenOutput(stuck as NodeJS.WriteStream);
		let resizes = 0;
		output.on("resize", () => resizes++);
		stuck.emit("resize");
		expect(resizes).toBe(1);
		output.write("x".repeat(100_000));
		for (let at = 0; at < 1000; at++) stuck.emit("resize");
		expect(resizes).toBe(1);
		const drained = new Promise((resolve) => output.once("drain", resolve));
		take();
		await drained;
		expect(resizes).toBe(2);
	});
	it("has a size even where it does not know it", () => {
		const sizes = [{ columns: 0, rows: 0 }, {}, { columns: 0, rows: 7 }].map((size) => {
			const output = new ScreenOutput(Object.assign(new PassThrough(), size) as unknown as NodeJS.WriteStream);
			return [output.columns, output.rows];
		});
		expect(sizes).toEqual([
			[80, 24],
			[80, 24],
			[80, 7],
		]);
	});
	it("gets no other sequence, and no invisible character", async () => {
		expect(await drawn(`a${HOSTILE}b`)).toBe(`a${SHOWN.replace("\\x1b[2J", "\x1b[2J")}b`);
		const answers = "\x1b[6n\x1b[21t\x1bP\x1b\\\x9b31m\x1bc\x1b[?9h\b\x7f";
		expect(await drawn(answers)).toBe("\\x1b[6n\\x1b[21t\\x1bP\\x1b\\\\x9b31m\\x1bc\\x1b[?9h\\x08\\x7f");
	});
});

it("no other file writes to stdout or stderr: lint rejects every way", () => {
	const copy = join(folder, "lint");
	const ways = [
		'process.stdout.write("x");',
		"export const width = process.stderr.columns;",
		"const { stderr } = process;\nstderr.end();",
		'import { stdout } from "node:process";\nstdout.end();',
		'import { writeSync } from "node:fs";\nwriteSync(2, "x");',
		'console.error("x");',
	];
	mkdirSync(join(copy, "src/model"), { recursive: true });
	cpSync(join(top, "biome.json"), join(copy, "biome.json"));
	cpSync(join(top, "scripts/lint"), join(copy, "scripts/lint"), { recursive: true });
	for (const [at, way] of ways.entries()) writeFileSync(join(copy, `src/model/way-${at}.ts`), `${way}\n`);
	const biome = join(top, "node_modules/.bin/biome");
	const words = ["lint", "--vcs-enabled=false", "--colors=off", "--reporter=json", "src"];
	const { stdout } = spawnSync(biome, words, { cwd: copy, encoding: "utf8" });
	const { diagnostics } = JSON.parse(stdout) as { diagnostics: { severity: string; location: { path: unknown } }[] };
	const refused = diagnostics
		.filter(({ severity }) => severity === "error")
		.map(({ location }) => JSON.stringify(location.path));
	expect(ways.filter((_, at) => refused.some((path) => path.includes(`way-${at}.ts`)))).toEqual(ways);
});
