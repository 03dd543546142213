/** Addresses and process names for a table cell. */

import type { ProcessRef } from "../model/snapshot.ts";

/** 127.0.0.1:80, [::1]:80. */
export function formatWholeEndpoint(family: 4 | 6, address: string, port: number): string {
	return family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** As above; `*` for any address, and for the missing other end of a listener. */
export function formatEndpoint(family: 4 | 6, address: string, port: number): string {
	const isAny = address === "0.0.0.0" || address === "::";
	return isAny ? `*:${port === 0 ? "*" : port}` : formatWholeEndpoint(family, address, port);
}

/** "nginx 812"; the kernel has no pid. */
export function formatProcess(process: ProcessRef): string {
	return process.pid === 0 ? process.comm || "kernel" : `${process.comm} ${process.pid}`;
}

/** The same as one word: "nginx[812]". */
export function formatProcessWord({ pid, comm }: ProcessRef): string {
	return `${pid === 0 ? comm || "kernel" : comm}[${pid}]`;
}
