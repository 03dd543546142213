/** Addresses as text: RFC 5952 for IPv6, and IPv4 for IPv4-mapped addresses. */

export const AF_INET = 2;
export const AF_INET6 = 10;

function ipv4At(view: DataView, at: number): string {
	return `${view.getUint8(at)}.${view.getUint8(at + 1)}.${view.getUint8(at + 2)}.${view.getUint8(at + 3)}`;
}

export function isMappedIpv4(view: DataView, at: number): boolean {
	return view.getUint32(at) === 0 && view.getUint32(at + 4) === 0 && view.getUint32(at + 8) === 0xffff;
}

/** The longest run of at least two zero groups, the first of equals. */
function longestZeroRun(groups: readonly number[]): { from: number; length: number } {
	let best = { from: -1, length: 1 };
	for (let from = 0; from < groups.length; from++) {
		let length = 0;
		while (groups[from + length] === 0) length++;
		if (length > best.length) best = { from, length };
	}
	return best;
}

function ipv6At(view: DataView, at: number): string {
	if (isMappedIpv4(view, at)) return ipv4At(view, at + 12);
	const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(at + 2 * index));
	const hex = groups.map((group) => group.toString(16));
	const { from, length } = longestZeroRun(groups);
	if (from < 0) return hex.join(":");
	return `${hex.slice(0, from).join(":")}::${hex.slice(from + length).join(":")}`;
}

/** The 16 bytes at `at`; a v4-mapped address comes out as IPv4. */
export function addressAt(view: DataView, at: number, family: number): string {
	return family === AF_INET6 ? ipv6At(view, at) : ipv4At(view, at);
}

/** Whether the address is only valid inside its network namespace. */
export function isLoopback(address: string): boolean {
	return address.startsWith("127.") || address === "::1";
}

/** "1.2.3.4:80", "[::1]:80" */
export function endpoint(address: string, port: number): string {
	return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
