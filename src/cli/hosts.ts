/** The machines of `--host` and `--hosts`. */

import { closeSync, readSync } from "node:fs";
import { systemReason } from "../failure.ts";
import { type Host, hostNamed } from "../hosts/host.ts";
import { openToRead } from "../model/feed/regular-file.ts";
import { usage } from "./values.ts";

export function parseHosts(text: string): Host[] {
	return text.split(",").map((word) => {
		const host = hostNamed(word);
		if (host !== null) return host;
		throw usage(`--host takes machines that ssh can reach, such as web1,root@web2, not "${text}".`);
	});
}

const MOST_BYTES = 64 * 1024;

/** A machine on each line. */
export function readHosts(path: string): Host[] {
	const lines = readText(path).split("\n");
	const hosts = lines.flatMap((line, at) => {
		const word = line.replace(/#.*/, "").trim();
		const host = word === "" ? null : hostNamed(word);
		if (word === "" || host !== null) return host ?? [];
		throw usage(`Line ${at + 1} of ${path} names no machine that ssh can reach: "${word}".`);
	});
	if (hosts.length > 0) return hosts;
	throw usage(`There is no machine in ${path}: write one on each line.`);
}

function readText(path: string): string {
	try {
		const fd = openToRead(path);
		const bytes = Buffer.alloc(MOST_BYTES);
		const length = readSync(fd, bytes, 0, MOST_BYTES, 0);
		closeSync(fd);
		return bytes.toString("utf8", 0, length);
	} catch (error) {
		throw usage(`Cannot read the machines in ${path}: ${systemReason(error)}.`);
	}
}
