/** Reads a receipt from a file that anybody may have written. */

import { closeSync, fstatSync, readFileSync } from "node:fs";
import { Failure, systemReason } from "../failure.ts";
import { openToRead } from "../model/feed/regular-file.ts";
import { RECEIPT_SCHEMA, type Receipt } from "./receipt.ts";

/** More than any command's: it is read as a whole. */
const MOST_BYTES = 512 * 1024 * 1024;
const LISTS = ["processes", "files", "sockets", "ipc", "signals", "daemons", "notSure", "gaps"] as const;

/** Throws a Failure of status 2. */
export function readReceipt(path: string): Receipt {
	const value = parsed(path);
	const reason = problemOf(value);
	if (reason !== null) throw new Failure(`Cannot read the receipt ${path}: ${reason}.`, 2);
	return value as Receipt;
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
		const reason = error instanceof SyntaxError ? "it is no receipt of ebtop" : systemReason(error);
		throw new Failure(`Cannot read the receipt ${path}: ${reason}.`, 2);
	}
}

function problemOf(value: unknown): string | null {
	const receipt = Object(value) as Partial<Record<string, unknown>>;
	const { schema } = receipt;
	if (schema !== RECEIPT_SCHEMA) {
		const isNewer = typeof schema === "string" && schema.startsWith("ebtop-receipt/");
		return isNewer ? `a newer ebtop wrote it (${schema})` : "it is no receipt of ebtop";
	}
	const isWhole = LISTS.every((list) => Array.isArray(receipt[list])) && typeof receipt.run === "object";
	return isWhole && LISTS.every((list) => (receipt[list] as unknown[]).every(isRow)) ? null : "it is damaged";
}

function isRow(value: unknown): boolean {
	return typeof value === "object" && value !== null;
}
