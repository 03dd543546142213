/** Links over TCP and UDP between processes of this machine, inside and across network namespaces. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { afterAll, beforeAll } from "vitest";
import { type LinkCase, linkTests } from "../helpers/links.ts";
import { describeLive } from "../helpers/live-session.ts";
import { until } from "../helpers/workload.ts";

const pair = ["eb-client", "eb-server"];
const amounts = [11, 1013, 5, 307];

const both = (kind: string, server = "eb-server") => [
	`${kind} eb-client > ${server} 11 messages 11143 bytes observed`,
	`${kind} ${server} > eb-client 5 messages 1535 bytes observed`,
];
/** From the lower pid: the server is started first. */
const open = (kind: string) => [`${kind} eb-server > eb-client 0 messages 0 bytes open`];

function links(host: string, environment: Record<string, string> = {}): Record<string, LinkCase> {
	const shared = { workload: "ipc-inet", environment, roles: pair };
	return {
		[`tcp, ${host}`]: { ...shared, args: ["tcp", host, ...amounts], open: open("tcp"), worked: both("tcp") },
		[`udp to a server that never connects, ${host}`]: {
			...shared,
			args: ["udp", host, ...amounts],
			open: open("udp"),
			worked: both("udp"),
		},
		[`udp, neither side connected, ${host}`]: { ...shared, args: ["udp-to", host, ...amounts], worked: both("udp") },
	};
}

/** "dual" is a server for both families and an IPv4 client. */
const HOSTS = ["127.0.0.1", "127.11.13.17", "::1", "dual"];

const forked = (host: string): LinkCase => ({
	workload: "ipc-inet",
	args: ["tcp-forked", host, ...amounts],
	roles: ["eb-client", "eb-worker"],
	open: ["tcp eb-client > eb-worker 0 messages 0 bytes open"],
	worked: both("tcp", "eb-worker"),
});

describeLive("loopback", () => {
	linkTests({
		...Object.assign({}, ...HOSTS.map((host) => links(host))),
		...Object.fromEntries(HOSTS.map((host) => [`tcp, the child that serves is the peer, ${host}`, forked(host)])),
	});
});

const TO_NOWHERE = [
	["127.0.0.1", "0.0.0.0", {}],
	["127.11.13.17", "0.0.0.0", { FROM: "127.11.13.17" }],
	["127.0.0.1", "127.0.0.1", { NO_FAMILY: "1" }],
	["dual", "::", {}],
	["::1", "::", { FROM: "::1" }],
	["127.11.13.17", "::ffff:0.0.0.0", { FROM: "::ffff:127.11.13.17" }],
	["127.0.0.1", "::", { FROM: "::ffff:127.11.13.17" }],
] as const;

describeLive("UDP to no address at all stays on this machine", () => {
	const sent = TO_NOWHERE.map(([host, TO, more]): [string, LinkCase] => [
		`${TO} ${JSON.stringify(more)} to ${host}`,
		{
			workload: "ipc-inet",
			environment: { TO, ...more },
			args: ["udp-to", host, ...amounts],
			roles: pair,
			worked: both("udp"),
		},
	]);
	linkTests({
		...Object.fromEntries(sent),
		"a socket that is connected to 0.0.0.0": {
			workload: "ipc-inet",
			environment: { TO: "0.0.0.0" },
			args: ["udp", "127.0.0.1", ...amounts],
			roles: pair,
			open: open("udp"),
			worked: both("udp"),
		},
	});
});

const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "inherit"] });

function makeHosts() {
	ip("netns", "add", "eb-left");
	ip("netns", "add", "eb-right");
	ip("link", "add", "eb-1", "netns", "eb-left", "type", "veth", "peer", "name", "eb-2", "netns", "eb-right");
	for (const [name, last] of [
		["eb-left", 1],
		["eb-right", 2],
	] as const) {
		ip("-n", name, "address", "add", `10.77.0.${last}/24`, "dev", `eb-${last}`);
		ip("-n", name, "address", "add", `fd77::${last}/64`, "dev", `eb-${last}`, "nodad");
		ip("-n", name, "link", "set", `eb-${last}`, "up");
		ip("-n", name, "link", "set", "lo", "up");
	}
}

describeLive("two network namespaces joined by veth", () => {
	const environment = { SERVER_NETNS: "/run/netns/eb-right", CLIENT_NETNS: "/run/netns/eb-left" };
	// A namespace is known when the refresh finds a process in it.
	let residents: ChildProcess[] = [];
	beforeAll(async () => {
		makeHosts();
		residents = ["eb-left", "eb-right"].map((name) =>
			spawn("ip", ["netns", "exec", name, "sleep", "infinity"], { stdio: "ignore" }),
		);
		const isIn = ({ pid }: ChildProcess) => readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync("/proc/self/ns/net");
		await until("their residents", () => residents.every(isIn));
	});
	afterAll(() => {
		for (const resident of residents) resident.kill();
		ip("netns", "del", "eb-left");
		ip("netns", "del", "eb-right");
	});
	linkTests({ ...links("10.77.0.2", environment), ...links("fd77::2", environment) });
});
