/** A struct sockaddr as a program passed it to the kernel. */

import type { BindData } from "../event-data.ts";
import { safeTextFromBytes } from "../safe-text.ts";
import { AF_INET, AF_INET6, addressAt, endpoint } from "./address.ts";

const AF_UNIX = 1;

/** Reads a struct sockaddr; `port` is shown for port 0, which requests any free one. */
export function readSockaddr(bytes: Uint8Array, port: number): BindData {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const family = bytes.length >= 2 ? view.getUint16(0, true) : 0;
	if (family === AF_INET && bytes.length >= 8) {
		return { family: "inet", address: endpoint(addressAt(view, 4, AF_INET), view.getUint16(2) || port) };
	}
	if (family === AF_INET6 && bytes.length >= 24) {
		return { family: "inet6", address: endpoint(addressAt(view, 8, AF_INET6), view.getUint16(2) || port) };
	}
	return family === AF_UNIX
		? { family: "unix", address: unixName(bytes.subarray(2)) }
		: { family: "other", address: null };
}

/** An abstract name begins with a NUL, and may have more of them. */
function unixName(bytes: Uint8Array): string {
	if (bytes[0] === 0) return `@${safeTextFromBytes(bytes.subarray(1))}`;
	const end = bytes.indexOf(0);
	return safeTextFromBytes(end < 0 ? bytes : bytes.subarray(0, end));
}
