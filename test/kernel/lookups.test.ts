/** Look-ups of host names by functions of C libraries, compared with known counts. */

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { describeNew, isBefore, LiveSession } from "../helpers/live-session.ts";
import { schemaErrors } from "../helpers/snapshot-schema.ts";
import { until, Workload } from "../helpers/workload.ts";

function hasMusl(): boolean {
	try {
		execFileSync("musl-gcc", ["--version"], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
}

let workload: Workload | null = null;
let session: LiveSession;
let libraries: Libraries | null = null;
afterEach(async () => {
	session.close();
	await endWorkload();
	libraries?.unmount();
	libraries = null;
});

async function endWorkload(): Promise<void> {
	const ended = workload;
	workload = null;
	await ended?.end();
}

const LOOK_UPS = [
	["eb-nowhere EAI_NONAME", 11],
	["127.0.0.1 found", 7],
	["127.0.0.3 found", 5],
	["127.0.0.5 not found", 3],
];

/** By name and result, in order. */
function lookupsIn(snapshot: Snapshot, pid: number): [string, number][] {
	expect(session.losses()).toEqual([]);
	expect(schemaErrors(JSON.parse(JSON.stringify(snapshot)))).toEqual([]);
	const counts = new Map<string, number>();
	for (const row of snapshot.events) {
		if (row.type !== "lookup" || row.pid !== pid) continue;
		const key = `${row.data.name} ${row.data.result}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
		expect(row.data.latencyMs).toBeGreaterThan(0);
	}
	return [...counts];
}

const probeIn = (snapshot: Snapshot) => snapshot.health.probes.find(({ probe }) => probe === "lookups");

async function observe(name: string, force: Record<string, string> = {}): Promise<[string, number][]> {
	workload = new Workload(name, ["run"]);
	await workload.ready("eb-looks");
	const pid = workload.pid("eb-looks");
	session = new LiveSession({ concerns: ["process"], events: ["lookup"], pids: [pid], force });
	await workload.work("eb-looks");
	const snapshot = session.refresh();
	const isMulti = force.lookups === undefined && hasMultiLinks;
	expect(probeIn(snapshot)).toMatchObject({
		state: isMulti ? "on" : "fallback",
		reason: expect.stringMatching(isMulti ? /use: [1-9]/ : /started: [1-9].*Linux 6\.6/),
	});
	return lookupsIn(snapshot, pid);
}

/** A file system of the test's own with copies of a C library and its loader, which programs are started with. */
class Libraries {
	readonly folder = mkdtempSync(join(tmpdir(), "eb-libraries-"));
	readonly #loader: string;

	constructor(loader: string, ...files: readonly string[]) {
		execFileSync("mount", ["-t", "tmpfs", "eb-libraries", this.folder]);
		for (const file of [loader, ...files]) copyFileSync(realpathSync(file), join(this.folder, basename(file)));
		this.#loader = join(this.folder, basename(loader));
		chmodSync(this.#loader, 0o755);
	}

	readonly launch = (words: readonly string[]) => [this.#loader, "--library-path", this.folder, ...words];

	/** Not while anything on it is in use. */
	unmount(): boolean {
		if (spawnSync("umount", [this.folder], { stdio: "ignore" }).status !== 0) return false;
		rmSync(this.folder, { recursive: true });
		return true;
	}
}

const glibc = () => new Libraries("/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/libc.so.6");
const musl = () => new Libraries("/lib/ld-musl-x86_64.so.1");

/** The kernel has links that can be made after the lockdown. */
const hasMultiLinks = !isBefore(6, 6);

describeNew("look-ups of host names", () => {
	test("in glibc", async () => {
		expect(await observe("lookups")).toEqual(LOOK_UPS);
	});

	test("in glibc, by links that cannot be made later", async () => {
		expect(await observe("lookups", { lookups: "uprobe" })).toEqual(LOOK_UPS);
	});

	describe.skipIf(!hasMusl())(`in musl${hasMusl() ? "" : " (skipped: there is no musl-gcc)"}`, () => {
		test("the same", async () => {
			expect(await observe("lookups-musl")).toEqual(LOOK_UPS);
		});
	});

	describe.skipIf(!hasMultiLinks)("in a library that appears later", () => {
		const cases = [["lookups", glibc] as const, ...(hasMusl() ? [["lookups-musl", musl] as const] : [])];

		test.each(cases)("%s, and whose file system can be unmounted afterwards", async (name, copies) => {
			session = new LiveSession({ concerns: ["process"], events: ["lookup"] });
			const copied = copies();
			libraries = copied;
			const watched = () => Number(/use: (\d+)/.exec(probeIn(session.refresh())?.reason ?? "")?.[1]);
			const late = () => Number(/ (\d+) appeared later/.exec(probeIn(session.refresh())?.reason ?? "")?.[1] ?? 0);
			const before = watched();
			const lateBefore = late();
			workload = new Workload(name, ["run"], {}, undefined, copied.launch);
			await workload.ready("eb-looks");
			await until("the library", () => watched() > before);
			expect(late()).toBeGreaterThan(lateBefore);
			await workload.work("eb-looks");
			expect(lookupsIn(session.refresh(), workload.pid("eb-looks"))).toEqual(LOOK_UPS);
			await endWorkload();
			expect(copied.unmount()).toBe(false);
			await until("it is let go", () => watched() >= 0 && copied.unmount());
			libraries = null;
		});

		test("is refused if its owner is not root", async () => {
			session = new LiveSession({ concerns: ["process"], events: ["lookup"] });
			libraries = glibc();
			chownSync(join(libraries.folder, "libc.so.6"), 65534, 65534);
			workload = new Workload("lookups", ["run"], {}, undefined, libraries.launch);
			await workload.ready("eb-looks");
			await until("its refusal", () =>
				/ 1 are not: they are not root's/.test(probeIn(session.refresh())?.reason ?? ""),
			);
			await workload.work("eb-looks");
			expect(lookupsIn(session.refresh(), workload.pid("eb-looks"))).toEqual([]);
		});
	});
});
