/** The same source with few privileges: correct rows or reported gaps, never an error. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { patienceMs } from "../helpers/circumstances.ts";
import { startStorm } from "../helpers/storm.ts";
import { compileWorkload } from "../helpers/workload.ts";
import { linksBetween, Observer } from "./observer.ts";

interface Seen {
	readonly pids: Readonly<Record<string, number>>;
	readonly self: number;
	readonly snapshot: Snapshot;
}

const NOBODY = 65_534;
const scenario = [process.execPath, join(import.meta.dirname, "scenario.ts")];
const isRoot = process.geteuid?.() === 0;
const asNobody = ["setpriv", "--reuid", `${NOBODY}`, "--regid", `${NOBODY}`, "--clear-groups"];
const hidden = ["unshare", "-m", "sh", "-c", 'mount -t proc -o hidepid=2 proc /proc && exec "$@"', "sh"];
const contained = ["unshare", "--pid", "--fork", "--mount-proc"];

function works(wrapper: readonly string[]): boolean {
	const [command = "", ...args] = [...wrapper, process.execPath, "-e", `process.exit(0)`];
	return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/** Works for any user who can run the tests: without root, in a user namespace if that is allowed. */
const inside = (wrapper: readonly string[]) =>
	isRoot ? wrapper : [...wrapper.slice(0, 1), "--user", "--map-root-user", ...wrapper.slice(1)];

function look(wrapper: readonly string[], ...workload: string[]): Seen {
	compileWorkload(workload[0] ?? "");
	const [command = "", ...args] = [...wrapper, ...scenario, ...workload];
	const options = { encoding: "utf8", timeout: patienceMs, maxBuffer: 64 << 20 } as const; // thousands of processes are fine
	const { stdout, stderr, status } = spawnSync(command, args, options);
	expect({ status, stderr: stderr.replace(/^\(.*Warning.*\n/gm, "") }).toEqual({ status: 0, stderr: "" });
	return JSON.parse(stdout) as Seen;
}

function expectPair({ pids, snapshot }: Seen): void {
	const links = linksBetween(snapshot, "unix-stream", pids["eb-server"] ?? 0, pids["eb-client"] ?? 0);
	expect(links).toMatchObject([{ basis: "open", name: "server.sock" }]);
	expect(snapshot.health.records.malformed).toBe(0);
}

function reasonOf({ snapshot }: Seen, probe: string): string {
	return snapshot.health.probes.find((row) => row.probe === probe)?.reason ?? "";
}

describe.skipIf(!isRoot || !works(asNobody))("as a user without any rights (needs root to become one)", () => {
	it("shows its own processes completely and those of others without what it may not see", () => {
		const seen = look(asNobody, "ipc-unix", "listen");
		const own = seen.snapshot.processes.find(({ pid }) => pid === seen.pids["eb-server"]);
		const other = seen.snapshot.processes.find(({ pid }) => pid === process.pid);

		expectPair(seen);
		expect(own).toMatchObject({ comm: "eb-server", uid: NOBODY });
		expect(own?.exe).toContain("ipc-unix");
		expect(own?.namespaces.net).toBeGreaterThan(0);
		expect(other).toMatchObject({ pid: process.pid, uid: 0, exe: null, ppid: process.ppid });
		expect(seen.snapshot.files.filter(({ pid }) => pid === process.pid)).toEqual([]);
		expect(reasonOf(seen, "file")).toMatch(
			/\d+ of \d+ processes do not let this user see their open files; root sees all/,
		);
	});

	it("has the exact bytes of its own connections and still sees those of others", () => {
		const { pids, snapshot } = look(asNobody, "ipc-inet", "tcp", "127.0.0.1", "7", "1009", "3", "211");
		const client = snapshot.tcp.find(({ pid, role }) => pid === pids["eb-client"] && role === "client");

		expect(client).toMatchObject({ txBytes: 7063, rxBytes: 633 });
	});
});

const hides = [...inside(hidden), ...(isRoot ? asNobody : [])];

it.skipIf(!isRoot || !works(hides))(
	"with hidepid=2 shows the user's own processes and says that others are hidden",
	() => {
		const seen = look(hides, "ipc-unix", "listen");

		expectPair(seen);
		expect(new Set(seen.snapshot.processes.map(({ uid }) => uid))).toEqual(new Set([NOBODY]));
		expect(reasonOf(seen, "process")).toContain("Processes of other users are hidden (hidepid)");
	},
);

it.skipIf(!works(inside(contained)))(
	"in a container sees the pids of the container, and none of the events outside",
	() => {
		// The kernel sends process events to all namespaces as soon as a process listens, as this observer does.
		const outside = new Observer({ concerns: ["process"] });
		const endStorm = startStorm("/bin/true");
		try {
			const seen = look(inside(contained), "ipc-unix", "listen");

			expectPair(seen);
			expect(seen.self).toBeLessThan(10);
			expect(seen.snapshot.processes.map(({ comm }) => comm)).toContain("eb-client");
			expect(seen.snapshot.processes.length).toBeLessThan(10);
			expect(reasonOf(seen, "process-events")).toContain("say nothing to a container about its own processes");
		} finally {
			endStorm();
			outside.close();
		}
	},
);
