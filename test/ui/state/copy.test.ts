import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { clipboardSequence } from "../../../src/output/clipboard.ts";
import { aScreen } from "../../helpers/screen.ts";
import { aFile, aProcess, aSnapshot } from "../../helpers/snapshots.ts";

const args = ["/bin/eb-sh", "-c", "echo 'it is' $HOME", "", "a\\x0ab"];
const processes = [aProcess({ pid: 101, ppid: 0, comm: "eb-sh", args })];
const files = [aFile({ pid: 101, comm: "eb-sh", path: "/tmp/eb file" })];
const snapshot = aSnapshot({ processes, files });

test("y copies a command line quoted so that a shell reads back the same", () => {
	const screen = aScreen({ snapshot });
	screen.keys("down y");
	const [line = ""] = screen.copied;
	const words = execFileSync("sh", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" })
		.split("\0")
		.slice(0, -1);
	expect(words).toEqual(args);
	expect(screen.get().notice).toContain("Copied");
});

test("y copies a path, Y the row, and both do it each time", () => {
	const screen = aScreen({ snapshot, panes: "files" });
	screen.keys("down y y");
	expect(screen.copied).toEqual(["/tmp/eb file", "/tmp/eb file"]);
	screen.keys("Y");
	expect(screen.copied[2]?.split("\t")).toEqual(expect.arrayContaining(["101", "eb-sh", "/tmp/eb file"]));
	screen.keys("up");
	expect(screen.copied).toHaveLength(3);
	expect(screen.get().notice).toBeNull();
});

test("an empty table has nothing to copy", () => {
	const screen = aScreen({ panes: "files" });
	screen.keys("y Y");
	expect(screen.copied).toEqual([]);
});

test("the sequence has the text only as base64, and a second time for the terminal around tmux", () => {
	const text = "eb-\x1b]52;c;?\x07é";
	const body = Buffer.from(text).toString("base64");
	expect(clipboardSequence(text, false)).toBe(`\x1b]52;c;${body}\x07`);
	expect(clipboardSequence(text, true)).toBe(`\x1b]52;c;${body}\x07\x1bPtmux;\x1b\x1b]52;c;${body}\x07\x1b\\`);
});
