import { expect, test } from "vitest";
import { changingSnapshot } from "../../helpers/changing-snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const CLEAR_SCREEN = "\x1b[2J";

test("80x24: header, tabs, one pane, keys", async () => {
	const story = await openStory({ snapshot: changingSnapshot(1) });
	const lines = story.lines();
	expect(lines[0]).toContain("web1");
	expect(lines[1]).toMatch(/cpu .*mem .*fork\/s .*exec\/s .*call\/s/);
	expect(lines[2]).toMatch(/0 lost.*probes 5 on.*ebtop 1\.1%/);
	expect(lines[3]).toMatch(/1 Processes .*2 Syscalls .*3 IPC .*4 Files .*5 TCP/);
	expect(lines[4]).toMatch(/PID.*USER.*CPU%.*CALL\/s.*COMMAND/);
	expect(lines[5]).toContain("systemd --config");
	expect(lines[22]).not.toBe("");
	expect(lines[23]).toMatch(/Help.*Filter.*Quit/);
	await story.quit();
});

test("200x60: all five panes at once", async () => {
	const story = await openStory({ columns: 200, rows: 60, snapshot: changingSnapshot(1) });
	for (const title of ["1 Processes", "2 Syscalls", "3 IPC", "4 Files", "5 TCP"]) story.line(title);
	for (const head of ["COMMAND", "SYSCALL", "OVER", "PATH", "REMOTE"]) story.line(head);
	expect(story.isSelected(" 1 Processes")).toBe(true);
	expect(story.isSelected(" 4 Files")).toBe(false);
	await story.keys("4");
	expect(story.isSelected(" 4 Files")).toBe(true);
	await story.quit();
});

test("40x12: two lines of header, tabs as numbers, the identifying columns", async () => {
	const story = await openStory({ columns: 40, rows: 12, snapshot: changingSnapshot(1) });
	expect(story.lines()[0]).toMatch(/cpu .*%/);
	expect(story.lines()[1]).toContain("0 lost");
	expect(story.lines()[2]).toMatch(/1 Processes +2 +3 +4 +5/);
	expect(story.line("COMMAND")).toMatch(/PID/);
	await story.keys("5");
	expect(story.line("REMOTE")).toMatch(/COMM/);
	await story.quit();
});

test.each([
	[10, 3],
	[1, 1],
	[3, 30],
	[200, 2],
])("%ix%i: no crash, and keys still work", async (columns, rows) => {
	const story = await openStory({ columns, rows, snapshot: changingSnapshot(1) });
	await story.keys("j Enter Esc ? Esc i Esc s Esc / x Esc 2 3 4 5 z");
	expect(story.lines()).toHaveLength(rows);
	await story.quit();
	await expect(story.ended).resolves.toBeUndefined();
});

test("a resize in the middle of refreshes ends in the layout of the new size", async () => {
	const story = await openStory({ columns: 200, rows: 60, snapshot: changingSnapshot(1) });
	for (const [at, [columns, rows]] of (
		[
			[80, 24],
			[200, 60],
			[40, 12],
			[10, 3],
			[80, 24],
		] as const
	).entries()) {
		const drawn = story.resize(columns, rows);
		await story.publish(changingSnapshot(at + 2));
		await drawn;
	}
	const fresh = await openStory({ snapshot: changingSnapshot(6) });
	expect(story.lines()).toEqual(fresh.lines());
	await story.quit();
	await fresh.quit();
});

test("a refresh never clears the screen", async () => {
	const story = await openStory({ columns: 200, rows: 60, snapshot: changingSnapshot(1) });
	story.output.written = "";
	for (const tick of [2, 3, 4]) await story.publish(changingSnapshot(tick));
	expect(story.output.written.length).toBeGreaterThan(1000);
	expect(story.output.written).not.toContain(CLEAR_SCREEN);
	expect(story.output.written).not.toContain("\x1b[J");
	await story.quit();
});

test("before the first refresh the screen says what it is waiting for", async () => {
	const story = await openStory({ snapshot: null });
	story.line("ebtop is waiting for the first refresh");
	await story.keys("j Enter l ? Esc");
	await story.publish(changingSnapshot(1));
	story.line("systemd --config");
	await story.quit();
});
