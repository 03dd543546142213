import { expect, test } from "vitest";
import { changingSnapshot } from "../../helpers/changing-snapshots.ts";
import { aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const threeProcesses = (cpu: readonly [number, number, number]) =>
	aSnapshot({
		processes: [
			aProcess({ pid: 1, ppid: 0, comm: "systemd", args: ["eb-init"], cpuPercent: cpu[0] }),
			aProcess({ pid: 20, ppid: 1, comm: "sshd", args: ["eb-sshd"], cpuPercent: cpu[1] }),
			aProcess({ pid: 30, ppid: 20, comm: "bash", args: ["eb-bash"], cpuPercent: cpu[2] }),
		],
	});

test("the selection follows its process when the order changes", async () => {
	const story = await openStory({ snapshot: threeProcesses([30, 20, 10]) });
	await story.keys("t s Down Down Down Down Enter Down");
	expect(story.isSelected("eb-sshd")).toBe(true);
	await story.publish(threeProcesses([30, 5, 10]));
	expect(story.isSelected("eb-sshd")).toBe(true);
	expect(story.lineNumber("eb-sshd")).toBeGreaterThan(story.lineNumber("eb-bash"));
	await story.quit();
});

test("before the first move the selection stays at the top row", async () => {
	const story = await openStory({ snapshot: threeProcesses([30, 20, 10]) });
	await story.keys("t s Down Down Down Down Enter");
	expect(story.isSelected("eb-init")).toBe(true);
	await story.publish(threeProcesses([0, 20, 10]));
	expect(story.isSelected("eb-sshd")).toBe(true);
	await story.quit();
});

test("when the selected process is gone, its neighbour is selected", async () => {
	const story = await openStory({ snapshot: threeProcesses([3, 2, 1]) });
	await story.keys("Down Down");
	expect(story.isSelected("eb-bash")).toBe(true);
	const { processes } = threeProcesses([3, 2, 1]);
	await story.publish(aSnapshot({ processes: processes.slice(0, 2) }));
	expect(story.isSelected("eb-sshd")).toBe(true);
	await story.quit();
});

test("pages, ends and halves of pages", async () => {
	const story = await openStory({ snapshot: changingSnapshot(1, 100) });
	const place = async (keys: string) => {
		await story.keys(keys);
		return /(\d+)\/100/.exec(story.text())?.[1];
	};
	expect(await place("PgDn")).toBe("18");
	expect(await place("CtrlD")).toBe("27");
	expect(await place("CtrlU PgUp")).toBe("1");
	expect(await place("G")).toBe("100");
	expect(await place("k k")).toBe("98");
	expect(await place("g j")).toBe("2");
	expect(await place("End")).toBe("100");
	expect(await place("Home Up")).toBe("1");
	await story.quit();
});
