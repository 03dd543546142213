import { expect, onTestFinished, test } from "vitest";
import type { Player } from "../../../src/model/feed/player.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory, type Story } from "../../helpers/story.ts";

function second(seq: number): Snapshot {
	return aSnapshot({
		seq,
		time: new Date(Date.UTC(2026, 10, 20, 17, 0, seq)).toISOString(),
		intervalMs: seq === 0 ? 0 : 1000,
		processes: [aProcess({ comm: `eb-second-${seq}`, exe: null, args: [] })],
	});
}

/** A recording of 8 seconds of which 4 are played; what its controls were told. */
async function played(): Promise<{ story: Story; told: unknown[] }> {
	const told: unknown[] = [];
	let next = 4;
	const player: Player = {
		setSpeed: (speed) => told.push(["speed", speed]),
		pause: (isPaused) => told.push(["pause", isPaused]),
		step() {
			if (next === 8) return false;
			story.publishNow(second(next++));
			return true;
		},
		goTo: (clockMs) => told.push(["go", new Date(clockMs).toISOString()]),
	};
	const story: Story = await openStory({ snapshot: second(0), panes: ["processes"], sourceLabel: "REPLAY eb", player });
	onTestFinished(() => story.abort());
	for (let seq = 1; seq < 4; seq++) await story.publish(second(seq));
	return { story, told };
}

test("a recording stands still with the screen, and goes on with it", async () => {
	const { story, told } = await played();
	await story.keys("Space");
	await story.keys("Space [ L");
	expect(told).toEqual([
		["pause", true],
		["pause", false],
		["pause", true],
		["pause", false],
	]);
});

test("] goes on in a recording that stands still, refresh by refresh to its end", async () => {
	const { story, told } = await played();
	await story.keys("Space ]");
	story.line("eb-second-4");
	await story.keys("]");
	story.line("eb-second-5");
	await story.keys("[");
	story.line("eb-second-4");
	await story.keys("] ]");
	story.line("eb-second-6");
	await story.keys("] ]");
	story.line("eb-second-7");
	story.line("The recording ends here.");
	expect(told).toEqual([["pause", true]]);
});

test("( and ) change its speed, and the header says it", async () => {
	const { story, told } = await played();
	await story.keys(") )");
	story.line("REPLAY eb x5");
	await story.keys("( ( ( ( ( ( (");
	story.line("REPLAY eb x0.1");
	expect(told.map((each) => (each as [string, number])[1])).toEqual([2, 5, 2, 1, 0.5, 0.2, 0.1]);
});

test("b goes to a time that is not played yet", async () => {
	const { story, told } = await played();
	await story.keys("b 17:00:07 Enter");
	story.line("Plays on to 2026-11-20 17:00:07.");
	await story.keys("b 17:00:01 Enter");
	story.line("eb-second-1");
	expect(told).toEqual([
		["go", "2026-11-20T17:00:07.000Z"],
		["pause", true],
	]);
});
