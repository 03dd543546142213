import { expect, test } from "vitest";
import { WireKind } from "../../src/model/wire/layout.gen.ts";
import { describeLive } from "../helpers/live-session.ts";
import { type Io, observe, type RecordSession, type Run } from "../helpers/record-session.ts";

const io = (counts: Partial<Io>): Io => ({ opens: 0, reads: 0, writes: 0, readBytes: 0, writeBytes: 0, ...counts });

const ran = (name: string) => observe({}, "io-calls", name);

function ofKind(session: RecordSession, run: Run, kind: number) {
	return session.objects(run.pid).filter((seen) => seen.object.kind === kind);
}

describeLive("calls and bytes of each way to move data", () => {
	test("read and write; a failed call is not counted as a read", async () => {
		const { session, run } = await ran("read-write");
		expect(session.files(run).file?.io).toEqual(
			io({ opens: 1, writes: 17, writeBytes: 17 * 13, reads: 23, readBytes: 23 * 29 }),
		);
		expect(session.calls(run.pid).read).toMatchObject({ errors: 5 });
	});

	test("pread64 and pwrite64", async () => {
		const { session, run } = await ran("positioned");
		expect(session.files(run).file?.io).toEqual(
			io({ opens: 1, writes: 7, writeBytes: 707, reads: 11, readBytes: 11 * 103 }),
		);
	});

	test("readv, writev, preadv, pwritev, preadv2, pwritev2", async () => {
		const { session, run } = await ran("vectors");
		const calls = { writes: 5 + 11 + 17, reads: 7 + 13 + 19 };
		expect(session.files(run).file?.io).toEqual(
			io({ opens: 1, ...calls, writeBytes: calls.writes * 7, readBytes: calls.reads * 7 }),
		);
	});

	test("copy_file_range and sendfile count on both files", async () => {
		const { session, run } = await ran("copies");
		const { from, to } = session.files(run);
		expect(from?.io).toEqual(io({ opens: 1, reads: 4, readBytes: 4001 + 3 * 1009 }));
		expect(to?.io).toEqual(io({ opens: 1, writes: 4, writeBytes: 4001 + 3 * 1009 }));
	});

	test("splice, tee and vmsplice count on both ends; what tee copied is still in the first pipe", async () => {
		const { session, run } = await ran("pipes");
		const { from, to } = session.files(run);
		expect(from?.io).toMatchObject({ reads: 1, readBytes: 211 });
		expect(to?.io).toMatchObject({ writes: 1, writeBytes: 211 });
		// spawning a process also writes to a pipe
		const [a, b] = ofKind(session, run, WireKind.PIPE).filter((pipe) => pipe.io.reads > 0);
		// a: spliced into, teed from, spliced from, vmspliced into, read
		expect(a?.io).toEqual(io({ writes: 2, writeBytes: 211 + 401, reads: 3, readBytes: 211 + 401 }));
		expect(b?.io).toEqual(io({ writes: 1, writeBytes: 211, reads: 1, readBytes: 211 }));
		expect(a?.name).toBe("");
	});

	test("messages: sendmmsg counts each, what MSG_PEEK left is not counted twice", async () => {
		const { session, run } = await ran("messages");
		const [sender, receiver] = ofKind(session, run, WireKind.UNIX_DGRAM);
		const bytes = 3 * (31 + 37) + 5 * 31 + 7 * 41;
		expect(sender?.io).toEqual(io({ writes: 3 * 2 + 5 + 7, writeBytes: bytes }));
		expect(receiver?.io).toEqual(io({ reads: 3 * 2 + 2 * 5 + 7, readBytes: bytes }));
		expect(sender?.object.big("peer")).toBe(receiver?.object.big("sock"));
		expect(receiver?.object.big("peer")).toBe(sender?.object.big("sock"));
	});
});

describeLive("kinds", () => {
	test("a POSIX message queue: sent bytes are the argument, received ones the result", async () => {
		const { session, run } = await ran("queue");
		const [queue] = ofKind(session, run, WireKind.POSIX_MQ);
		expect(queue?.name).toBe("/eb-queue");
		expect(queue?.io).toEqual(io({ opens: 1, writes: 5, writeBytes: 215, reads: 5, readBytes: 215 }));
	});

	test("two eventfds are two, though they share an inode", async () => {
		const { session, run } = await ran("event");
		const counts = ofKind(session, run, WireKind.EVENTFD).map((seen) => [seen.name, seen.io.writes, seen.io.reads]);
		expect(counts).toEqual([
			["[eventfd]", 3, 3],
			["[eventfd]", 1, 0],
		]);
	});

	test("device, memfd, POSIX shared memory, directory, FIFO, both ends of a pty", async () => {
		const { session, run } = await ran("kinds");
		const one = (kind: number) => ofKind(session, run, kind).map((seen) => [seen.name, seen.io.writeBytes]);
		expect(one(WireKind.CHAR)).toContainEqual(["/dev/null", 11]);
		expect(one(WireKind.MEMFD)).toEqual([["memfd:eb-memory", 13]]);
		expect(one(WireKind.POSIX_SHM)).toEqual([["/dev/shm/eb-shm", 17]]);
		expect(one(WireKind.DIRECTORY)).toContainEqual([run.directory, 0]);
		expect(one(WireKind.FIFO)).toEqual([[`${run.directory}/fifo`, 19]]);
		const ends = ofKind(session, run, WireKind.PTY);
		expect(ends).toHaveLength(2);
		expect(ends[0]?.name).toMatch(/^\/dev\/pts\/\d+$/);
		expect(ends[1]?.name).toBe(ends[0]?.name);
		expect(ends[1]?.object.big("sock")).toBe(ends[0]?.object.big("sock"));
	});
});

describeLive("sockets", () => {
	test("unix stream: both ends, the abstract name, a connection over which nothing was sent", async () => {
		const { session, run } = await ran("unix-stream");
		const sockets = ofKind(session, run, WireKind.UNIX_STREAM);
		const client = sockets.find((seen) => seen.io.writes === 3);
		const server = sockets.find((seen) => seen.io.reads === 3);
		expect(client?.io).toEqual(io({ writes: 3, writeBytes: 177 }));
		expect(server?.io).toEqual(io({ reads: 3, readBytes: 177 }));
		expect(client?.object.big("peer")).toBe(server?.object.big("sock"));
		expect(client?.object.big("peer_ino")).toBe(server?.object.big("ino"));
		expect(server?.name).toBe("\0eb-abstract");
		expect(client?.name).toBe("\0eb-abstract");
		expect(sockets).toHaveLength(4);
	});

	test("TCP: addresses of both ends, the mapped one as IPv4", async () => {
		const { session, run } = await ran("tcp");
		const ends = ofKind(session, run, WireKind.TCP);
		const [client, server] = [ends.find((end) => end.io.writes === 5), ends.find((end) => end.io.reads === 5)];
		expect(client?.io.writeBytes).toBe(305);
		expect(server?.io.readBytes).toBe(305);
		expect(client?.object.family).toBe(2);
		expect(server?.object.family).toBe(2);
		expect(client?.object.local_port).toBe(server?.object.remote_port);
		expect(server?.object.local_port).toBe(client?.object.remote_port);
		expect(server?.object.local_port).toBeGreaterThan(0);
	});
});
