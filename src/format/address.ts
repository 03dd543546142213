/** Addresses and process names as one cell shows them. */

import type { ProcessRef } from "../model/snapshot.ts";

/** 127.0.0.1:80, [::1]:80; `*` where a listener has no other end. */
export function formatEndpoint(family: 4 | 6, address: string, port: number): string {
	const isAny = address === "0.0.0.0" || address === "::";
	if (isAny) return `*:${port === 0 ? "*" : port}`;
	return family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** "nginx 812"; the kernel has no pid. */
export function formatProcess(process: ProcessRef): string {
	return process.pid === 0 ? process.comm || "kernel" : `${process.comm} ${process.pid}`;
}
