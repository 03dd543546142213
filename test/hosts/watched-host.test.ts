/** One machine, with a script in the place of ssh. */

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { StateBlocks } from "../../src/history/state-blocks.ts";
import { WatchedHost, type WatchedHostOptions } from "../../src/hosts/watched-host.ts";
import { encodeBegin, encodeEnd } from "../../src/model/feed/recording-format.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { finish } from "../../src/model/steps.ts";
import { SHOWN_INFO } from "../helpers/recorded-snapshots.ts";
import { anEvent, aProcess, aSnapshot } from "../helpers/snapshots.ts";
import { until } from "../helpers/workload.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-ssh-"));
const { PATH } = process.env;
let host: WatchedHost;

beforeAll(() => {
	process.env.PATH = `${folder}:${PATH}`;
});
afterEach(() => host.stop());
afterAll(() => {
	process.env.PATH = PATH;
	rmSync(folder, { recursive: true });
});

/** Starts a machine whose ssh is this script; $N are files with what an ebtop sends for each of these. */
function watch(script: string, sent: readonly Snapshot[] = [], over: Partial<WatchedHostOptions> = {}): void {
	const blocks = new StateBlocks();
	const parts = sent.map((snapshot) => Buffer.concat(finish(blocks.writeInSteps(snapshot))));
	for (const [at, part] of [encodeBegin({ ...SHOWN_INFO, isStreamed: true }), ...parts, encodeEnd()].entries())
		writeFileSync(join(folder, String(at)), part);
	const path = join(folder, "ssh");
	writeFileSync(path, `#!/bin/sh\ncd ${folder}\n${script}\n`);
	chmodSync(path, 0o755);
	const usual = {
		host: { name: "b", destination: "b" },
		number: 1,
		version: "0.1.0",
		words: [],
		quietMs: () => 60_000,
		onChange: () => {},
	};
	host = new WatchedHost({ ...usual, ...over });
	host.start();
}

const untilState = (state: string) =>
	until(`${state}`, () => {
		host.look();
		return host.state().state === state;
	});

test("silence is said; what comes then makes it live again", async () => {
	watch(
		"cat 0 1; read -r question; while [ ! -e go ]; do sleep 0.05; done; cat 2; exec sleep 100",
		[aSnapshot(), aSnapshot()],
		{
			quietMs: () => 100,
		},
	);
	await untilState("live");
	await untilState("gone");
	expect(host.state().note).toMatch(/^Nothing has come from b for \d+ s\.$/);
	writeFileSync(join(folder, "go"), "");
	await untilState("live");
});

test("one that never begins is given up, and tried again", async () => {
	watch("echo once >> tries; exec sleep 100", [], { beginMs: 100 });
	await untilState("gone");
	expect(host.state().note).toBe("Nothing that ebtop can read has come from b yet.");
	watch("cat 0 1; exec sleep 100", [aSnapshot()]);
	await untilState("live");
});

test("the end of ebtop there is said, and it is started again", async () => {
	watch("cat 0 1 2; exit 0", [aSnapshot()]);
	await untilState("live");
	await untilState("gone");
	expect(host.state().note).toBe("ebtop on b has ended.");
	await untilState("live");
});

test("damage on the way is said", async () => {
	watch("cat 0 1; head -c 300 1; head -c 5000 /dev/zero; cat 0 0 0; exit 0", [aSnapshot()]);
	await untilState("live");
	await untilState("gone");
	expect(host.state().note).toBe("What comes from b cannot be read: it is damaged.");
});

test("of events that nobody takes the newest stay, and the others are counted", async () => {
	const refreshes = Array.from({ length: 3 }, (_, refresh) =>
		aSnapshot({ events: Array.from({ length: 1000 }, (_, at) => anEvent({ id: 1000 * refresh + at })) }),
	);
	watch("cat 0 1 2 3; exec sleep 100", refreshes);
	await until("the last event", () => host.snapshot?.events[0]?.id === 2000);
	const { events, lost } = host.take();
	expect({ first: events[0]?.id, count: events.length, lost }).toEqual({ first: 1000, count: 2000, lost: 1000 });
	expect(host.take()).toEqual({ events: [], lost: 0 });
});

test.each([
	["the first block", 100],
	["a refresh", 2000],
])("what takes too much memory is refused: %s", async (_, mostBlockBytes) => {
	const processes = Array.from({ length: 100 }, (_, pid) => aProcess({ pid: pid + 1 }));
	watch("cat 0 1; exec sleep 100", [aSnapshot({ processes })], { mostBlockBytes });
	await untilState("gone");
	expect(host.state().note).toBe("What comes from b cannot be read: a block of it is too large.");
});

test("one that sends more rows than a kernel has processes is not shown", async () => {
	const process = aProcess();
	watch("cat 0 1; exec sleep 100", [aSnapshot({ processes: [process, { ...process, pid: 8 }] })], { mostRows: 1 });
	await untilState("gone");
	expect(host.state().note).toBe("b sends more rows than ebtop takes.");
	expect(host.lists).toBeNull();
});

test("another delay is asked for, and again when it is started again", async () => {
	watch(`cat 0 1; while read -r line; do echo "$line" >> asked; [ "$line" = 'delay 5' ] && exit; done`, [aSnapshot()]);
	await untilState("live");
	host.setDelay(5);
	const asked = () => readFileSync(join(folder, "asked"), "utf8").match(/^delay 5$/gm) ?? [];
	await until("a second ebtop that is asked", () => asked().length === 2);
});
