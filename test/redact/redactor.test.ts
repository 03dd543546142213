import { expect, test } from "vitest";
import { diffReceipts } from "../../src/follow/diff.ts";
import { compileFinder } from "../../src/model/filter/index.ts";
import type { FollowEffect, Snapshot } from "../../src/model/snapshot.ts";
import { finish } from "../../src/model/steps.ts";
import { redactReceipt } from "../../src/redact/redact-receipt.ts";
import { Redactor } from "../../src/redact/redactor.ts";
import { fileOf, processOf, receiptOf, socketOf } from "../follow/receipts.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { receiptErrors, schemaErrors } from "../helpers/snapshot-schema.ts";
import { aFile, aFollow, aLink, anEvent, aProcess, aSnapshot } from "../helpers/snapshots.ts";

const TAG = String.raw`\[redacted-[0-9a-f]{6}\]`;

function redacted(snapshots: readonly Snapshot[], ...patterns: string[]): Snapshot[] {
	const waiting = [...snapshots];
	const source = {
		*applyInSteps() {
			yield;
			return waiting.shift() ?? null;
		},
	};
	const reader = new Redactor(patterns.map(compileFinder)).reader(source);
	return snapshots.map(() => finish(reader.applyInSteps(new Uint8Array())) as Snapshot);
}

test("every text of a snapshot loses what matches, and keeps the rest", () => {
	const secret = "hunter2-7919";
	const snapshot = aSnapshot({
		host: `host-${secret}`,
		processes: [
			aProcess({
				comm: secret,
				exe: `/opt/${secret}`,
				args: ["a", `--key=${secret}`],
				user: secret,
				starter: { pid: 1, comm: secret },
				cgroup: `/x/${secret}`,
				container: { runtime: "docker", id: "0f", name: secret, image: `i:${secret}` },
			}),
		],
		files: [aFile({ path: `/tmp/${secret}/x` })],
		ipc: [aLink({ name: `/run/${secret}`, from: { pid: 1, comm: secret } })],
		events: [
			anEvent({ text: `ls ${secret}`, data: { ppid: 1, uid: 0, exe: `/bin/${secret}`, args: [secret] } } as never),
		],
		ancestors: [{ pid: 3, start: "7", comm: "x", exe: null, args: [secret], starter: null }],
	});
	const [result] = redacted([snapshot], "hunter2-[0-9]+");
	expect(JSON.stringify(result)).not.toContain("hunter2");
	expect(JSON.stringify(result).match(new RegExp(TAG, "g"))).toHaveLength(
		JSON.stringify(snapshot).split(secret).length - 1,
	);
	expect(result?.files[0]?.path).toMatch(new RegExp(`^/tmp/${TAG}/x$`));
	expect(result?.processes[0]?.args[1]).toMatch(new RegExp(`^--key=${TAG}$`));
	expect(schemaErrors(result)).toEqual([]);
});

test("numbers and words that ebtop itself wrote stay as they are", () => {
	const snapshots = Array.from({ length: 5 }, (_, tick) => changingSnapshot(tick, 5));
	for (const [at, snapshot] of redacted(snapshots, "(?s).").entries()) {
		expect(schemaErrors(snapshot)).toEqual([]);
		expect(snapshot.processes.map(({ pid, state }) => [pid, state])).toEqual(
			snapshots[at]?.processes.map(({ pid, state }) => [pid, state]),
		);
		expect(snapshot.events.map(({ type }) => type)).toEqual(snapshots[at]?.events.map(({ type }) => type));
	}
});

test("words are matched as a line, over their borders", () => {
	const process = aProcess({ args: ["mysql", "-p", "hunter2", "db"] });
	const [result] = redacted([aSnapshot({ processes: [process] })], "-p hunter2");
	const [name, flag, secret, rest] = result?.processes[0]?.args ?? [];
	expect([name, rest]).toEqual(["mysql", "db"]);
	expect(flag).toMatch(new RegExp(`^${TAG}$`));
	expect(secret).toBe(flag);
});

test("the same text has the same tag, others have others; and other tags in another run", () => {
	const snapshot = aSnapshot({ files: ["/a/x1", "/b/x1", "/a/x2"].map((path) => aFile({ path })) });
	const paths = () => redacted([snapshot], "x[0-9]")[0]?.files.map(({ path }) => path.slice(3)) ?? [];
	const [one, same, other] = paths();
	expect(same).toBe(one);
	expect(other).not.toBe(one);
	expect(paths()[0]).not.toBe(one);
});

test("several patterns all apply", () => {
	const [result] = redacted([aSnapshot({ files: [aFile({ path: "/one/two/three" })] })], "one", "three");
	expect(result?.files[0]?.path).toMatch(new RegExp(`^/${TAG}/two/${TAG}$`));
});

test("a row that has not changed is the same object, and one without a match is not copied", () => {
	const [secret, plain] = [aFile({ path: "/secret" }), aFile({ path: "/plain" })];
	const [one, two] = redacted([aSnapshot({ files: [secret, plain] }), aSnapshot({ files: [plain, secret] })], "secret");
	expect(one?.files[1]).toBe(plain);
	expect(two?.files[0]).toBe(plain);
	expect(two?.files[1]).toBe(one?.files[0]);
	expect(one?.files[0]).not.toBe(secret);
});

test("what a followed command caused loses it too, in a snapshot and in a receipt", () => {
	const secret = "hunter2-7919";
	const follow = aFollow(2);
	const [effect] = follow.effects as [FollowEffect];
	const [result] = redacted(
		[
			aSnapshot({
				follow: [
					{
						...follow,
						command: ["a", secret],
						actors: follow.actors.map((actor) => ({ ...actor, comm: secret })),
						edges: [{ from: "a1", to: "a2", rule: "accept", class: "certain", why: `as ${secret} says`, count: 1 }],
						effects: [{ ...effect, path: `/srv/${secret}` }],
					},
				],
			}),
		],
		"hunter2-[0-9]+",
	);
	expect(JSON.stringify(result)).not.toContain("hunter2");
	expect(schemaErrors(result)).toEqual([]);
	expect(result?.follow?.[0]?.effects[0]?.path).toMatch(new RegExp(`^/srv/${TAG}$`));
	const by = { pid: 7, comm: secret };
	const certain = { class: "certain", rules: [] } as const;
	const receipt = receiptOf({
		processes: [processOf({ comm: secret, args: ["a", secret], why: `${secret} forked it.`, startedBy: by })],
		files: [fileOf({ path: `/srv/${secret}`, renamedTo: `/srv/${secret}.old`, by })],
		sockets: [socketOf({ name: `/run/${secret}`, by, peer: by })],
		ipc: [{ kind: "pipe", name: secret, from: by, to: by, messages: 1, bytes: 1, ...certain }],
		signals: [{ signal: "SIGHUP", from: by, to: by, count: 1, ...certain }],
		notSure: [{ kind: "file", name: secret, by, class: "guess", rules: [] }],
		gaps: [{ kind: "running", rule: "lineage", process: by, says: `${secret} was still running.` }],
	});
	const clean = redactReceipt([compileFinder("hunter2-[0-9]+")], receipt);
	expect(JSON.stringify(clean)).not.toContain("hunter2");
	expect(receiptErrors(clean)).toEqual([]);
	expect([clean.run.rules, clean.files[0]?.type, clean.files[0]?.opens]).toEqual([receipt.run.rules, "regular", 1]);
	expect(diffReceipts(receipt, clean).length).toBeGreaterThan(0);
	const again = redactReceipt([compileFinder("hunter2-[0-9]+")], receipt);
	expect(again.files[0]?.path).not.toBe(clean.files[0]?.path);
	expect(diffReceipts(clean, again)).toEqual([]);
});
