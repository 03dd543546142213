import { expect, onTestFinished, test } from "vitest";
import { History } from "../../../src/history/history.ts";
import { encodePast } from "../../../src/history/past.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory, type Story } from "../../helpers/story.ts";

function second(seq: number): Snapshot {
	return aSnapshot({
		seq,
		time: new Date(Date.UTC(2026, 10, 20, 17, 0, seq)).toISOString(),
		intervalMs: 1000,
		processes: [aProcess({ comm: `eb-second-${seq}`, exe: null, args: [] })],
	});
}

/** A viewer that came at the fifth second of a service. */
async function viewer(): Promise<Story> {
	const story = await openStory({ snapshot: second(4), panes: ["processes"], sourceLabel: "SERVICE" });
	onTestFinished(() => story.abort());
	return story;
}

test("the header says that a service is seen, that it is gone, and no more when it is back", async () => {
	const story = await viewer();
	expect(story.line("SERVICE")).not.toContain("GONE");
	await story.lose(true);
	expect(story.line("SERVICE")).toContain("GONE");
	await story.keys("j");
	expect(story.line("SERVICE")).toContain("GONE");
	await story.lose(false);
	expect(story.line("SERVICE")).not.toContain("GONE");
});

test("what the service remembers can be gone back to as what was seen here, and what was received", async () => {
	const service = new History();
	for (let seq = 0; seq < 5; seq++) service.add(second(seq));
	const story = await viewer();
	await story.keys("[");
	story.line("The history reaches no further back.");
	await story.keys("L");
	for await (const { stretch, moments } of service.packed(4, 60_000)) {
		const relative = moments.map((moment) => ({ ...moment, no: moment.no - 4, atMs: moment.atMs - 4000 }));
		story.receive(encodePast(stretch, relative));
	}
	await story.publish(second(5));
	story.line("eb-second-5");
	await story.keys("[ [");
	story.line("eb-second-3");
	expect(story.line("SERVICE")).toContain("-00:02");
	await story.keys("[ [ [");
	story.line("eb-second-0");
	expect(story.line("SERVICE")).toContain("-00:05");
	await story.keys("[");
	story.line("The history reaches no further back.");
	await story.keys("m ] ] ] ] M");
	story.line("SPAN 00:04");
	await story.keys("L");
	story.line("eb-second-5");
});
