/** Links over TCP and UDP between processes of this machine, inside and across network namespaces. */

import { execFileSync } from "node:child_process";
import { afterAll, beforeAll } from "vitest";
import { linkTest } from "../helpers/links.ts";
import { describeLive } from "../helpers/live-session.ts";

const pair = ["eb-client", "eb-server"];
const amounts = [11, 1013, 5, 307];

const both = (kind: string, server = "eb-server") => [
	`${kind} eb-client > ${server} 11 messages 11143 bytes observed`,
	`${kind} ${server} > eb-client 5 messages 1535 bytes observed`,
];
/** From the lower pid: the server is started first. */
const open = (kind: string) => [`${kind} eb-server > eb-client 0 messages 0 bytes open`];

function links(host: string, environment: Record<string, string> = {}) {
	const shared = { workload: "ipc-inet", environment, roles: pair };
	linkTest("tcp", { ...shared, args: ["tcp", host, ...amounts], open: open("tcp"), worked: both("tcp") });
	linkTest("udp to a server that never connects", {
		...shared,
		args: ["udp", host, ...amounts],
		open: open("udp"),
		worked: both("udp"),
	});
	linkTest("udp, neither side connected", { ...shared, args: ["udp-to", host, ...amounts], worked: both("udp") });
}

for (const host of ["127.0.0.1", "127.11.13.17", "::1", "dual"]) {
	describeLive(`loopback, ${host === "dual" ? "a server for both families and an IPv4 client" : host}`, () => {
		links(host);
		linkTest("tcp, the child that serves is the peer", {
			workload: "ipc-inet",
			args: ["tcp-forked", host, ...amounts],
			roles: ["eb-client", "eb-worker"],
			open: ["tcp eb-client > eb-worker 0 messages 0 bytes open"],
			worked: both("tcp", "eb-worker"),
		});
	});
}

describeLive("UDP to no address at all stays on this machine", () => {
	for (const [host, TO, environment] of [
		["127.0.0.1", "0.0.0.0", {}],
		["127.11.13.17", "0.0.0.0", { FROM: "127.11.13.17" }],
		["127.0.0.1", "127.0.0.1", { NO_FAMILY: "1" }],
		["dual", "::", {}],
		["::1", "::", { FROM: "::1" }],
		["127.11.13.17", "::ffff:0.0.0.0", { FROM: "::ffff:127.11.13.17" }],
		["127.0.0.1", "::", { FROM: "::ffff:127.11.13.17" }],
	] as const) {
		const shared = { workload: "ipc-inet", environment: { TO, ...environment }, roles: pair, worked: both("udp") };
		const name = `${TO} ${JSON.stringify(environment)} to ${host}`;
		linkTest(name, { ...shared, args: ["udp-to", host, ...amounts] });
	}
	linkTest("a socket that is connected to 0.0.0.0", {
		...{ workload: "ipc-inet", environment: { TO: "0.0.0.0" }, roles: pair, args: ["udp", "127.0.0.1", ...amounts] },
		...{ open: open("udp"), worked: both("udp") },
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
	beforeAll(makeHosts);
	afterAll(() => {
		ip("netns", "del", "eb-left");
		ip("netns", "del", "eb-right");
	});
	links("10.77.0.2", environment);
	links("fd77::2", environment);
});
