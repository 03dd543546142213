/** What a viewer does with a service that is none, or a hostile one. */

import { createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { StateBlocks } from "../../src/history/state-blocks.ts";
import { BlockType, encodeBegin, encodeBlock, encodePlainBlock } from "../../src/model/feed/recording-format.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { SHOWN_INFO } from "../helpers/recorded-snapshots.ts";
import { runEbtop } from "../helpers/run-ebtop.ts";
import { aSocketPath } from "./service.ts";

/** Answers each viewer with these bytes, and keeps the connection. */
async function answering(...parts: readonly Uint8Array[]): Promise<string> {
	const path = aSocketPath();
	const sockets: Socket[] = [];
	const server = createServer((socket) => {
		sockets.push(socket.on("error", () => {}));
		socket.write(Buffer.concat(parts));
	});
	await new Promise<void>((resolve) => server.listen(path, resolve));
	onTestFinished(() => {
		server.close();
		for (const socket of sockets) socket.destroy();
	});
	return path;
}

const begin = encodeBegin(SHOWN_INFO);
const first = new StateBlocks().write(changingSnapshot(0, 3));
const steering = JSON.stringify({ ...changingSnapshot(0, 3), host: "\x1b[2J" });
const payload = {
	isWhole: true,
	isPart: false,
	lists: ["head"],
	shapes: [["host"]],
	numbers: [0, 1, 1, 0, -1, 0, null, 0],
};

describe("a viewer", () => {
	it.each([
		["text", [Buffer.from(`${steering}\n`.repeat(9))], "it is not a recording of ebtop"],
		[
			"records",
			[encodeBegin({ ...SHOWN_INFO, content: "records" })],
			"which this one cannot read|cannot be read|cannot read",
		],
		["a damaged begin", [begin.subarray(0, 40), Buffer.alloc(1000)], "it is damaged"],
		["no state", [begin, encodeBlock(BlockType.STATE, 0n, Buffer.from("{}"))], "it is damaged"],
		[
			"a state that steers the terminal",
			[begin, encodeBlock(BlockType.STATE, 0n, Buffer.from(JSON.stringify({ ...payload, others: ["\x1b[2J"] })))],
			"it is damaged",
		],
	])("refuses %s in a sentence", async (_, parts, reason) => {
		const path = await answering(...parts);
		const { status, stdout, stderr } = await runEbtop("--socket", path, "--json");
		expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
		expect(stderr).toMatch(/^ebtop: [^\n]*\.\n$/);
		expect(stderr).toMatch(new RegExp(reason));
	});
	it("takes no notice of a past that nobody asked for, or that is none", async () => {
		const past = [0, 1, 1].map((isLast) => encodePlainBlock(BlockType.PAST, Buffer.alloc(100_000, isLast)));
		const second = new StateBlocks().write(changingSnapshot(1, 3));
		const path = await answering(begin, ...past, ...first, ...past, ...second);
		const { status, stdout, stderr } = await runEbtop("--socket", path, "--json", "-n", "1");
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(stdout.trimEnd().split("\n")).toHaveLength(2);
	});
});
