import { describe, expect, it } from "vitest";
import { parseFilter } from "../../src/model/filter/index.ts";
import { DotGraph } from "../../src/output/dot.ts";
import { aSnapshot } from "../helpers/snapshots.ts";
import { ipcRow, processRow } from "../model/filter/rows.ts";

const link = (over: Parameters<typeof ipcRow>[0]) =>
	ipcRow({ from: { pid: 10, comm: "dd" }, to: { pid: 11, comm: "cat" }, ...over });

function textOf(...refreshes: ReturnType<typeof ipcRow>[][]): string {
	const graph = new DotGraph(null);
	for (const ipc of refreshes) graph.add(aSnapshot({ ipc }));
	return graph.text();
}

describe("the graph of links", () => {
	it("has a node for each process, and edges labelled with what was sent", () => {
		const text = textOf([
			link({ kind: "pipe", channel: "pipe:[7]", name: null, bytes: 1021, messages: 17, basis: "observed" }),
		]);
		expect(text).toContain('"10 dd" [label="dd\\n10"];');
		expect(text).toContain('"10 dd" -> "11 cat" [label="pipe pipe:[7]\\n1021 bytes, 17 messages"];');
	});

	it("keeps the last counts of links that are gone, and adds up the channels of a pair", () => {
		const first = link({ kind: "pipe", channel: "pipe:[7]", bytes: 11, messages: 1 });
		const later = link({ kind: "pipe", channel: "pipe:[7]", bytes: 13, messages: 2 });
		const other = link({ kind: "pipe", channel: "pipe:[9]", bytes: 101, messages: 3 });
		expect(textOf([first], [later, other], [])).toContain("114 bytes, 5 messages");
	});

	it("draws what has no direction without an arrow, and what is only open dashed", () => {
		const text = textOf([link({ kind: "posix-shm", channel: "shm", name: "/stock", basis: "open" })]);
		expect(text).toContain("dir=none, style=dashed");
	});

	it("escapes quotes in names", () => {
		const text = textOf([link({ from: { pid: 1, comm: 'a"]; b \\' } })]);
		expect(text).toContain('"1 a\\"]; b \\\\" [label=');
	});

	it("has only what matches the filter", () => {
		const parsed = parseFilter("kind = fifo");
		const graph = new DotGraph(parsed.ok ? parsed.filter : null);
		graph.add(aSnapshot({ ipc: [link({ kind: "pipe" }), link({ kind: "fifo", name: "/run/spool" })] }));
		expect(graph.text().match(/->/g)).toHaveLength(1);
		expect(graph.text()).toContain("/run/spool");
	});

	it("leaves out edges of the user with the most, and says how many", () => {
		const graph = new DotGraph(null, { edges: 10, channels: 10 });
		const hogs = Array.from({ length: 31 }, (_, index) => ({ pid: 100 + index, comm: "hog" }));
		const processes = [
			...hogs.map((process) => processRow({ ...process, uid: 1000 })),
			processRow({ pid: 10, comm: "dd", uid: 0 }),
		];
		graph.add(aSnapshot({ processes, ipc: [link({ kind: "pipe" })] }));
		graph.add(aSnapshot({ processes, ipc: hogs.map((from) => link({ kind: "fifo", from })) }));
		const text = graph.text();
		expect(text).toContain('"10 dd" -> "11 cat"');
		expect(text.match(/->/g)).toHaveLength(10);
		expect(text).toContain('label="22 more edges were left out"');
	});

	it("keeps the counts of a pair whose channels come and go endlessly", () => {
		const graph = new DotGraph(null, { edges: 10, channels: 3 });
		for (let inode = 1; inode <= 101; inode++)
			graph.add(
				aSnapshot({ ipc: [link({ kind: "pipe", channel: `pipe:[${inode}]`, name: null, bytes: 7, messages: 1 })] }),
			);
		expect(graph.text()).toContain("pipe 101 channels\\n707 bytes, 101 messages");
	});
});
