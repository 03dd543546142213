/** Addresses for a table cell. */

/** 127.0.0.1:80, [::1]:80. */
export function formatWholeEndpoint(family: 4 | 6, address: string, port: number): string {
	return family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** As above; `*` for any address, and for the missing other end of a listener. */
export function formatEndpoint(family: 4 | 6, address: string, port: number): string {
	const isAny = address === "0.0.0.0" || address === "::";
	return isAny ? `*:${port === 0 ? "*" : port}` : formatWholeEndpoint(family, address, port);
}
