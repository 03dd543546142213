/** The Containers pane: off at first, by its key, with its processes in the details, and in link mode and filter. */

import { expect, test } from "vitest";
import { aContainerTable, aTick } from "../../helpers/containers.ts";
import { PANE_NAMES } from "../../helpers/panes.ts";
import { aFile, aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const key = String(PANE_NAMES.indexOf("containers") + 1);
const id = "713e7c56aabb".padEnd(64, "0");
const web = { runtime: "podman", id, name: "web", image: "docker.io/eb-image:1" };
const db = { runtime: "docker", id: id.replace("7", "8"), name: null, image: null };
const processes = [
	aProcess({ pid: 102, nsPid: 1, comm: "eb-serve", args: ["eb-serve"], container: web, cpuPercent: 12.5 }),
	aProcess({ pid: 103, nsPid: 17, comm: "eb-work", args: ["eb-work"], container: web, cpuPercent: 0 }),
	aProcess({ pid: 104, nsPid: 1, comm: "eb-base", args: ["eb-base"], container: db, cpuPercent: 0 }),
];
const files = [aFile({ pid: 103, comm: "eb-work", path: "/data/eb-file" })];
const containers = aContainerTable().tick(processes, [], aTick);
const snapshot = aSnapshot({ processes, files, containers });

test("is off until its key is pressed, has a row for each, and the filter knows its name", async () => {
	const story = await openStory({ columns: 110, rows: 30, snapshot });
	expect(story.lineNumber("Containers")).toBe(-1);
	await story.keys(key);
	expect(story.line("podman")).toMatch(/podman +web +713e7c56aabb +2 +12.5/);
	expect(story.line("docker ")).toMatch(/docker +813e7c56aabb +813e7c56aabb +1/);
	await story.keys("/ container=web Enter");
	expect(story.lineNumber("docker ")).toBe(-1);
	await story.keys("Esc / comm=eb-base Enter");
	expect(story.lineNumber("podman")).toBe(-1);
	story.line("docker ");
	await story.quit();
});

test("details have its processes with their pids inside it, and what these have open", async () => {
	const story = await openStory({ columns: 110, rows: 60, snapshot });
	await story.keys(`${key} Home Enter`);
	story.line("Container web");
	expect(story.line("image")).toContain("docker.io/eb-image:1");
	expect(story.line("eb-work")).toMatch(/103 +17 +www-data/);
	story.line("/data/eb-file");
	expect(story.lineNumber("eb-base")).toBe(-1);
	await story.quit();
});
