/** Reads a receipt from an untrusted file, and checks its shape. */

import { closeSync, fstatSync, readFileSync } from "node:fs";
import { Failure, systemReason } from "../failure.ts";
import { openToRead } from "../model/feed/regular-file.ts";
import { RECEIPT_SCHEMA, type Receipt } from "./receipt.ts";

/** The file is read as a whole; that of a command with 65,536 processes is smaller. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Throws a Failure of status 2. */
export function readReceipt(path: string): Receipt {
	const value = parsed(path);
	const problem = problemOf(value);
	if (problem !== null) throw refusal(path, problem);
	return value as Receipt;
}

function refusal(path: string, reason: string): Failure {
	return new Failure(`Cannot read the receipt ${path}: ${reason}.`, 2);
}

function parsed(path: string): unknown {
	try {
		const fd = openToRead(path);
		try {
			if (fstatSync(fd).size > MOST_BYTES) throw new Error("it is too large to be one");
			return JSON.parse(readFileSync(fd, "utf8"));
		} finally {
			closeSync(fd);
		}
	} catch (error) {
		throw refusal(path, error instanceof SyntaxError ? "it is not a receipt of ebtop" : systemReason(error));
	}
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const count: Check = (value) => typeof value === "number" && value >= 0;
const flag: Check = (value) => typeof value === "boolean";
const orNull =
	(check: Check): Check =>
	(value) =>
		value === null || check(value);
const list =
	(check: Check): Check =>
	(value) =>
		Array.isArray(value) && value.every(check);
const object = (shape: Readonly<Record<string, Check>>): Check => {
	const fields = Object.entries(shape);
	return (value) =>
		typeof value === "object" &&
		value !== null &&
		fields.every(([name, check]) => Object.hasOwn(value, name) && check((value as Record<string, unknown>)[name]));
};
const ref = object({ pid: count, comm: text });
const exit = object({ code: orNull(count), signal: orNull(text) });

/** The parts that `show` and `diff` use. */
const isReceipt = object({
	run: object({
		command: list(text),
		cwd: text,
		user: object({ uid: count }),
		exit,
		startedAt: text,
		durationMs: count,
	}),
	processes: list(
		object({ pid: count, comm: text, exe: orNull(text), args: list(text), exit: orNull(exit), startedBy: orNull(ref) }),
	),
	files: list(
		object({
			...{ path: text, type: orNull(text), by: ref, readBytes: count, writeBytes: count },
			...{ created: flag, deleted: flag, renamedTo: orNull(text) },
		}),
	),
	sockets: list(
		object({ kind: text, name: orNull(text), by: ref, peer: orNull(ref), readBytes: count, writeBytes: count }),
	),
	ipc: list(object({ kind: text, name: orNull(text), from: ref, to: ref, bytes: count })),
	signals: list(object({ signal: text, from: ref, to: ref, count })),
	daemons: list(
		object({
			...{ pid: count, comm: text, over: text, name: orNull(text), sentBytes: count, receivedBytes: count },
			...{ processes: count, files: count, readBytes: count, writeBytes: count, others: count },
		}),
	),
	notSure: list(object({ kind: text, name: text, by: ref })),
	gaps: list(object({ kind: text, says: text })),
});

function problemOf(value: unknown): string | null {
	const schema = (Object(value) as { schema?: unknown }).schema;
	if (schema === RECEIPT_SCHEMA) return isReceipt(value) ? null : "it is damaged";
	const isNewer = typeof schema === "string" && schema.startsWith("ebtop-receipt/");
	return isNewer ? "a newer ebtop wrote it" : "it is not a receipt of ebtop";
}
