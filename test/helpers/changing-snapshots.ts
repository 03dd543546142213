/** A synthetic machine of any size that changes at each tick. The same tick yields the same snapshot. */

import type { FileRow, IpcRow, ProcessRow, Snapshot, SyscallRow, TcpRow } from "../../src/model/snapshot.ts";
import { aFile, aLink, aProcess, aSnapshot, aSocket, aSyscall, aSystem } from "./snapshots.ts";

const COMMS = [
	"systemd",
	"sshd",
	"bash",
	"nginx",
	"postgres",
	"redis-server",
	"node",
	"python3",
	"kworker/0:1",
	"cron",
];
const CALLS = ["read", "write", "epoll_wait", "futex", "openat", "close", "newfstatat", "mmap", "recvfrom", "sendto"];
const KINDS = ["pipe", "fifo", "unix-stream", "unix-dgram", "tcp", "sysv-shm", "posix-mq", "signal", "pty"] as const;
const USERS = ["root", "www-data", "postgres", "alice"];

/** A hash of the two numbers, uniform over 0 to 1. */
function noise(a: number, b: number): number {
	const x = Math.sin(a * 12.9898 + b * 78.233) * 43_758.5453;
	return x - Math.floor(x);
}

const pick = <Item>(items: readonly Item[], at: number): Item => items[at % items.length] as Item;

function processRow(at: number, tick: number): ProcessRow {
	const comm = pick(COMMS, at);
	const pid = at + 1;
	const busy = noise(at, tick) > 0.8 ? noise(at, tick + 1) : 0;
	return aProcess({
		pid,
		ppid: at === 0 ? 0 : Math.floor(at / 4) + 1,
		start: String(pid * 1_000_000_000),
		comm,
		args: comm.startsWith("kworker") ? [] : [`/usr/bin/${comm}`, "--config", `/etc/${comm}/${comm}.conf`],
		user: pick(USERS, at),
		uid: at % USERS.length,
		state: busy > 0 ? "R" : "S",
		cpuPercent: busy * 90,
		rssBytes: Math.floor(noise(at, 0) * 200e6),
		syscallRate: busy * 30_000,
		readRate: busy * 3e6,
		writeRate: busy * 1e5,
		container: at % 17 === 3 ? { runtime: "podman", id: "713e7c56aa01", name: "web", image: null } : null,
		exit: at % 29 === 28 ? { code: at % 2, signal: null, oom: false, durationMs: noise(at, 3) * 50 } : null,
	});
}

function syscallRow(at: number, tick: number): SyscallRow {
	const rate = noise(at, tick) > 0.7 ? noise(at, tick) * 9000 : 0;
	return aSyscall({
		pid: (at % 40) + 1,
		comm: pick(COMMS, at % 40),
		name: pick(CALLS, at),
		count: Math.floor(noise(at, 1) * 1e6) + tick * 10,
		rate,
		errors: at % 7 === 0 ? 12 : 0,
		errorRate: at % 21 === 0 ? 1.5 : 0,
	});
}

function linkRow(at: number, tick: number): IpcRow {
	const ref = (index: number) => ({ pid: index + 1, comm: pick(COMMS, index) });
	return aLink({
		kind: pick(KINDS, at),
		channel: `${pick(KINDS, at)}:[${48_000 + at}]`,
		name: at % 3 === 0 ? `/run/service-${at}.sock` : null,
		from: ref(at % 20),
		to: ref((at * 3 + 1) % 20),
		messages: at * 16 + tick,
		bytes: Math.floor(noise(at, 5) * 1e8),
		rate: noise(at, tick) > 0.6 ? noise(at, tick) * 1e6 : 0,
		basis: pick(["observed", "open", "shared"] as const, at),
	});
}

function fileRow(at: number, tick: number): FileRow {
	const isBusy = noise(at, tick) > 0.7;
	return aFile({
		pid: (at % 30) + 1,
		comm: pick(COMMS, at % 30),
		path: `/var/lib/${pick(COMMS, at)}/data/segment-${at}/0000000000000${at}.log`,
		inode: String(1000 + at),
		reads: at * 3,
		readBytes: Math.floor(noise(at, 2) * 1e7),
		readRate: isBusy ? noise(at, tick) * 1e6 : 0,
		writeRate: isBusy ? noise(at, tick + 9) * 1e5 : 0,
	});
}

function socketRow(at: number, tick: number): TcpRow {
	const isListener = at % 6 === 0;
	return aSocket({
		pid: (at % 12) + 1,
		comm: pick(COMMS, at % 12),
		role: isListener ? "listener" : at % 2 ? "client" : "server",
		family: at % 5 === 4 ? 6 : 4,
		localAddress: at % 5 === 4 ? "fe80::1c2d:3eff:fe4f:5a6b" : isListener ? "0.0.0.0" : "10.0.0.7",
		localPort: 80 + at,
		remoteAddress: isListener ? "0.0.0.0" : at % 5 === 4 ? "2001:db8::17" : `192.168.1.${at % 250}`,
		remotePort: isListener ? 0 : 40_000 + at,
		state: isListener ? "LISTEN" : at % 9 === 8 ? "CLOSE" : "ESTABLISHED",
		rxBytes: at * 1000,
		txBytes: at * 5000,
		rxRate: noise(at, tick) > 0.6 ? noise(at, tick) * 1e6 : 0,
		durationMs: at * 9000 + tick * 1000,
	});
}

function rows<Row>(count: number, tick: number, row: (at: number, tick: number) => Row): Row[] {
	return Array.from({ length: count }, (_, at) => row(at, tick));
}

/** The machine at one tick, with `size` processes. */
export function changingSnapshot(tick: number, size = 120): Snapshot {
	return aSnapshot({
		seq: tick,
		time: new Date(Date.UTC(2026, 10, 20, 17, 0, tick)).toISOString(),
		system: aSystem({ cpuPercent: noise(tick, 1) * 100, syscallRate: noise(tick, 2) * 50_000 }),
		processes: rows(size, tick, processRow),
		syscalls: rows(size, tick, syscallRow),
		ipc: rows(Math.ceil(size / 2), tick, linkRow),
		files: rows(size, tick, fileRow),
		tcp: rows(Math.ceil(size / 2), tick, socketRow),
	});
}
