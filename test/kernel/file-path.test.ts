import { expect, test } from "vitest";
import { describeLive } from "../helpers/live-session.ts";
import { observe, type Seen } from "../helpers/record-session.ts";

async function only(name: string, workload: string, file: (seen: Seen) => boolean) {
	const { session, run } = await observe({}, workload, name);
	const found = session.objects(run.pid).filter((seen) => seen.name !== "" && file(seen));
	expect(found).toHaveLength(1);
	return { seen: found[0] as Seen, directory: run.directory };
}

describeLive("paths", () => {
	test("300 components, 2,700 bytes", async () => {
		const { seen, directory } = await only("many", "deep", ({ io }) => io.writes === 1);
		expect(seen.name).toBe(`${directory}${"/dddddddd".repeat(300)}/end`);
		expect(seen.isTruncated).toBe(false);
	});

	test("of more than 4,096 bytes the end is kept, with a mark", async () => {
		const { seen } = await only("too-long", "deep", ({ io }) => io.writes === 1);
		const component = `/${"d".repeat(250)}`;
		expect(seen.isTruncated).toBe(true);
		expect(seen.name).toBe(`${component.repeat(16)}/end`);
	});

	test("in a bind mount: the path that the process sees", async () => {
		const { seen, directory } = await only("bind", "deep", ({ io }) => io.writes === 1);
		expect(seen.name).toBe(`${directory}/to/inner/bound`);
	});

	test("in a chroot: the path that the process sees", async () => {
		const { seen } = await only("chroot", "deep", ({ io }) => io.writes === 1);
		expect(seen.name).toBe("/etc/jailed");
	});

	test("a file without a name", async () => {
		const { seen } = await only("deleted", "io-calls", ({ io }) => io.writeBytes === 5);
		expect(seen.isDeleted).toBe(true);
		expect(seen.name).toMatch(/\/#\d+$/);
	});

	test("a file that is unlinked while it is open keeps its counts", async () => {
		const { seen, directory } = await only("deleted", "io-calls", ({ io }) => io.writeBytes === 3);
		expect(seen.name).toBe(`${directory}/gone`);
	});
});

describeLive("identity", () => {
	test("17 files, one after the other in the same inode number, are 17 files", async () => {
		const { session, run } = await observe({}, "io-calls", "names");
		const files = Object.entries(session.files(run)).filter(([name]) => name.startsWith("f-"));
		const bytes = files.map(([name, seen]) => [name, seen.io.opens, seen.io.writes, seen.io.writeBytes]);
		const expected = Array.from({ length: 17 }, (_, index) => [
			`f-${String.fromCharCode("b".charCodeAt(0) + index)}`,
			1,
			1,
			index + 1,
		]);
		expect(bytes).toEqual(expected);
	});
});
