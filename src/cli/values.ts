/** The values of options: each function parses what was typed, or throws a Failure. */

import { BlockList, isIP } from "node:net";
import { Failure } from "../failure.ts";
import { DAY_MS, UNIT_MS } from "../format/duration.ts";
import { parseWhen, type When } from "../history/when.ts";
import type { Compat } from "../metrics/exposition.ts";
import type { Endpoint } from "../metrics/server.ts";
import { EVENT_TYPES, EVENT_WORDS, type EventType, eventsNamed } from "../model/event-types.ts";
import { compileFinder, type Filter, type MatchFinder, parseFilter } from "../model/filter/index.ts";
import { PANES } from "../panes/index.ts";
import type { Pane } from "../panes/pane.ts";

/** A mistake on the command line. */
export function usage(message: string): Failure {
	return new Failure(message, 2);
}

const MAX_PID = 4194304;
const MAX_GLOB_BYTES = 31;
const DELAY = { min: 0.1, max: 60 };

export function parsePids(text: string): number[] {
	return text.split(",").map((part) => {
		const pid = /^\d{1,9}$/.test(part) ? Number(part) : 0;
		if (pid < 1 || pid > MAX_PID) throw usage(`--pid takes process numbers with commas between them, not "${text}".`);
		return pid;
	});
}

/** "-" stands for the command after --. */
export function parseProfiled(text: string): number | "command" {
	if (text === "-") return "command";
	const pid = /^\d{1,9}$/.test(text) ? Number(text) : 0;
	if (pid >= 1 && pid <= MAX_PID) return pid;
	throw usage(`--seccomp-profile takes the number of one process, or - for the command after --, not "${text}".`);
}

export function parseCommGlob(text: string): string {
	const bytes = Buffer.byteLength(text);
	if (bytes > 0 && bytes <= MAX_GLOB_BYTES) return text;
	throw usage(`--comm takes a pattern of 1 to ${MAX_GLOB_BYTES} bytes, such as "nginx*".`);
}

export function parseFilterText(text: string): Filter {
	const result = parseFilter(text);
	if (result.ok) return result.filter;
	throw usage(`The filter has an error at column ${result.column}: ${result.message}`);
}

export function parseRedact(text: string): MatchFinder[] {
	try {
		return [compileFinder(text)];
	} catch (error) {
		throw usage(`--redact takes a regular expression of RE2: ${(error as Error).message}.`);
	}
}

export function parseDelay(text: string): number {
	const seconds = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
	if (seconds >= DELAY.min && seconds <= DELAY.max) return seconds;
	throw usage(`--delay takes seconds from ${DELAY.min} to ${DELAY.max}, not "${text}".`);
}

const MOST_HISTORY_MS = DAY_MS;

/** In milliseconds. */
export function parseHistory(text: string): number {
	const [, number, unit = ""] = /^(\d+\.?\d*|\.\d+)([smh])$/.exec(text) ?? [];
	const ms = text === "0" ? 0 : Number(number) * (UNIT_MS[unit] ?? Number.NaN);
	if (ms >= 0 && ms <= MOST_HISTORY_MS) return ms;
	throw usage(`--history takes a time up to 24h, such as 15m, 90s or 1h, or 0 for none, not "${text}".`);
}

/** What stays of a folder of segments. */
export type Keep = { readonly bytes: number } | { readonly ms: number };

const KEEP_UNITS: Readonly<Record<string, number>> = { M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
const LEAST_KEPT_BYTES = 2 ** 20;
const LEAST_KEPT_MS = 10 * 60_000;

export function parseKeep(text: string): Keep[] {
	const [, number, unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?)([MGTmhd])$/.exec(text) ?? [];
	const bytes = Number(number) * (KEEP_UNITS[unit] ?? Number.NaN);
	const ms = Number(number) * ({ ...UNIT_MS, d: DAY_MS }[unit] ?? Number.NaN);
	if (bytes >= LEAST_KEPT_BYTES) return [{ bytes }];
	if (ms >= LEAST_KEPT_MS) return [{ ms }];
	throw usage(`--keep takes a size from 1M, such as 2G, or a time from 10m, such as 14d, not "${text}".`);
}

export function parseAt(text: string): When {
	const when = parseWhen(text);
	if (when !== null) return when;
	throw usage(`--at takes a time such as 14:03, 2026-11-20T17:00:05Z or -90s, not "${text}".`);
}

const SPEED = { min: 0.1, max: 100 };

export function parseSpeed(text: string): number {
	const speed = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
	if (speed >= SPEED.min && speed <= SPEED.max) return speed;
	throw usage(`--speed takes a number from ${SPEED.min} to ${SPEED.max}, not "${text}".`);
}

export function parseSql(text: string): string {
	if (text.trim() !== "" && !text.includes("\0")) return text;
	throw usage("--sql takes a query, such as 'select * from who_wrote limit 10'.");
}

export function parseCount(text: string): number {
	const count = /^\d+$/.test(text) ? Number(text) : 0;
	if (count >= 1 && Number.isSafeInteger(count)) return count;
	throw usage(`--count takes a whole number from 1, not "${text}".`);
}

export function parsePanes(text: string): Pane[] {
	return text.split(",").map((name) => {
		const pane = PANES.find((known) => known.name === name);
		if (pane !== undefined) return pane;
		throw usage(`There is no pane "${name}"; --panes takes some of ${PANES.map((known) => known.name).join(",")}.`);
	});
}

export function parseEvents(text: string): EventType[] {
	return text.split(",").flatMap((word) => {
		const types = eventsNamed(word);
		if (types !== null) return types;
		const known = `all, of ${EVENT_WORDS}, and of ${EVENT_TYPES.join(",")}`;
		throw usage(`There are no events called "${word}"; --events takes some of ${known}.`);
	});
}

export function parseFile(text: string): string {
	if (text !== "" && !text.includes("\0")) return text;
	throw usage("The name of the file is empty.");
}

const MAX_PORT = 65_535;

/** `PORT`, `ADDR:PORT` or `[ADDR]:PORT`. */
export function parseListen(text: string): Endpoint {
	const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]:|([^:]+):)?(\d{1,5})$/.exec(text) ?? [];
	const address = bracketed ?? plain ?? "127.0.0.1";
	const port = digits === undefined ? Number.NaN : Number(digits);
	if (isIP(address) !== 0 && port <= MAX_PORT) return { address, port };
	throw usage(`--listen takes a port, or an address and a port such as 127.0.0.1:9435, not "${text}".`);
}

/** A receiver of OTLP over HTTP. */
export function parseOtlp(text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : null;
	const isFine = url !== null && ["http:", "https:"].includes(url.protocol) && url.username + url.password === "";
	if (isFine && url.search + url.hash === "") return url;
	throw usage(`--otlp takes the URL of an OpenTelemetry receiver such as http://127.0.0.1:4318, not "${text}".`);
}

/** Whose names metrics also have. */
export function parseCompat(text: string): Compat {
	if (text === "process-exporter") return text;
	throw usage(`--metrics-compat takes "process-exporter", not "${text}".`);
}

/** Whether only this machine can reach it. */
export function isLoopback(address: string): boolean {
	return LOOPBACK.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

export function parseSource(text: string): "proc" {
	if (text === "proc") return text;
	throw usage(`--source takes "proc", not "${text}"; without it ebtop uses BPF if possible.`);
}
