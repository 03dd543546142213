/** Fork, exec and exit as events, where the kernel's proc connector is open to this user. */
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import type { ProcessRow } from "../../src/model/snapshot.ts";
import { Observer } from "./observer.ts";

const observer = new Observer({ concerns: ["process"] });
const probe = observer.refresh().health.probes.find(({ probe }) => probe === "process-events");

afterAll(() => observer.close());

it.runIf(probe?.state === "off")(
	"says why there are none (needs a user or a kernel without the proc connector)",
	() => {
		expect(probe?.reason).toMatch(/^Forks and exits are seen from one refresh to the next, not as events: .+\.$/);
	},
);

it.skipIf(probe?.state === "off")("shows processes that lived between two refreshes (needs the proc connector)", () => {
	observer.refresh();
	const brief = Array.from({ length: 11 }, (_, at) => `/bin/sh -c 'exit ${at}' & wait $!`);
	const longer = "/bin/sh -c 'sleep 0.1; exit 29' & wait $!";
	const { pid } = spawnSync("/bin/sh", ["-c", `${brief.join("; ")}; ${longer}; (exit 23) & wait; kill -TERM $$`]);

	const { processes } = observer.refresh();
	const children = processes.filter(({ ppid }) => ppid === pid);
	const codes = children.map(({ exit }) => exit?.code ?? Number.NaN).sort((a, b) => a - b);

	expect(processes.find((process) => process.pid === pid)?.exit).toMatchObject({ code: null, signal: "SIGTERM" });
	expect(codes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 23, 29]);
	expect(children.find(({ exit }) => exit?.code === 29)).toMatchObject({
		comm: "sh",
		args: ["/bin/sh", "-c", "sleep 0.1; exit 29"],
		exe: realpathSync("/bin/sh"),
		uid: process.geteuid?.(),
	});
});

it.skipIf(probe?.state === "off")(
	"never shows another program than the one that ran (needs the proc connector)",
	() => {
		const { pid } = spawnSync("/bin/sh", ["-c", `${"/bin/true & ".repeat(101)} wait`]);
		const children = observer.refresh().processes.filter(({ ppid }) => ppid === pid);
		const isKnownOrUnknown = ({ comm, exe, args }: ProcessRow) =>
			["true", "?"].includes(comm) &&
			[realpathSync("/bin/true"), null].includes(exe) &&
			["/bin/true", undefined].includes(args[0]);

		expect(children.filter(({ exit }) => exit?.code === 0)).toHaveLength(101);
		expect(children.filter((child) => !isKnownOrUnknown(child))).toEqual([]);
	},
);
