/** Links over unix sockets: the peer is the process that uses the peer socket, not the one that created it. */

import { linkTests } from "../helpers/links.ts";
import { describeLive } from "../helpers/live-session.ts";

const pair = ["eb-client", "eb-server"];
const amounts = [11, 1013, 5, 307];

const both = (kind: string, name: string, server = "eb-server") => [
	`${kind} eb-client > ${server} 11 messages 11143 bytes observed${name}`,
	`${kind} ${server} > eb-client 5 messages 1535 bytes observed${name}`,
];

for (const type of ["stream", "seqpacket"]) {
	const kind = `unix-${type}`;
	const environment = { SOCKET_TYPE: type };
	const shared = { workload: "ipc-unix", environment, roles: pair };
	describeLive(kind, () => {
		linkTests({
			"by a path, accepted after connect": {
				...shared,
				args: ["listen", ...amounts],
				worked: both(kind, " server.sock"),
			},
			"by an abstract name": { ...shared, args: ["abstract", ...amounts], worked: both(kind, " @eb-abstract") },
			"accepted after the data": {
				...shared,
				args: ["accept-late", ...amounts],
				worked: both(kind, " server.sock"),
			},
			"the child that serves is the peer": {
				...shared,
				args: ["forked", ...amounts],
				roles: ["eb-client", "eb-worker"],
				open: [`${kind} eb-client > eb-worker 0 messages 0 bytes open server.sock`],
				worked: both(kind, " server.sock", "eb-worker"),
			},
			"a socketpair without names": {
				...shared,
				args: ["pair", ...amounts],
				open: [`${kind} eb-client > eb-server 0 messages 0 bytes open`],
				worked: both(kind, ""),
			},
			"sendmsg and recvmsg with two pieces": {
				...shared,
				args: ["messages", ...amounts],
				open: [`${kind} eb-client > eb-server 0 messages 0 bytes open`],
				worked: both(kind, ""),
			},
			"nothing moved": {
				...shared,
				args: ["idle"],
				open: [`${kind} eb-client > eb-server 0 messages 0 bytes open`],
				worked: [`${kind} eb-client > eb-server 0 messages 0 bytes open`],
			},
		});
	});
}

describeLive("unix-dgram", () => {
	const shared = { workload: "ipc-unix", environment: { SOCKET_TYPE: "dgram" }, roles: pair };
	linkTests({
		"a socketpair": {
			...shared,
			args: ["pair", ...amounts],
			open: ["unix-dgram eb-client > eb-server 0 messages 0 bytes open"],
			worked: both("unix-dgram", ""),
		},
		"connected to a path, one way": {
			...shared,
			args: ["datagram", 13, 211],
			open: ["unix-dgram eb-server > eb-client 0 messages 0 bytes open server.sock"],
			worked: ["unix-dgram eb-client > eb-server 13 messages 2743 bytes observed server.sock"],
		},
		"never connected: sendto, and the answer to the sender's name": {
			...shared,
			args: ["datagram-to", ...amounts],
			worked: [
				"unix-dgram eb-client > eb-server 11 messages 11143 bytes observed server.sock",
				"unix-dgram eb-server > eb-client 5 messages 1535 bytes observed client.sock",
			],
		},
	});
});
