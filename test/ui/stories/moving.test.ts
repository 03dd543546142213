import { expect, test } from "vitest";
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
	await story.keys("t s Down Down Down Down Enter");
	await story.keys("Down");
	expect(story.isSelected("eb-sshd")).toBe(true);
	await story.publish(threeProcesses([30, 5, 10]));
	expect(story.isSelected("eb-sshd")).toBe(true);
	expect(story.lineNumber("eb-sshd")).toBeGreaterThan(story.lineNumber("eb-bash"));
	await story.quit();
});
