import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readReceipt } from "../../src/follow/read-receipt.ts";
import type { Receipt } from "../../src/follow/receipt.ts";
import { showReceipt } from "../../src/follow/show.ts";
import { textWidth } from "../../src/format/text-width.ts";
import { receiptErrors } from "../helpers/snapshot-schema.ts";
import { fileOf, processOf, receiptOf, socketOf } from "./receipts.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-receipt-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(value: unknown): string {
	const path = join(folder, "eb.json");
	writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
	return path;
}

const many = <Item>(make: (at: number) => Item): Item[] => Array.from({ length: 50 }, (_, at) => make(at));

test("40 lines of 80 columns hold any receipt", () => {
	const ref = (pid: number) => ({ pid, comm: "漢字漢字漢字漢字" });
	const receipt = receiptOf({
		processes: many((pid) => processOf({ pid, args: ["x".repeat(200)] })),
		files: many((at) => fileOf({ path: `/${"y".repeat(200)}${at}`, created: true, writeBytes: 1 })),
		sockets: many((pid) => socketOf({ name: "z".repeat(100), peer: ref(pid) })),
		ipc: many((pid) => ({
			...{ kind: "pipe", name: null, from: ref(pid), to: ref(pid), messages: 1, bytes: 1 },
			...{ class: "certain", rules: ["lineage"] },
		})),
		signals: many((pid) => ({
			...{ signal: "SIGUSR1", from: ref(pid), to: ref(pid), count: 1 },
			...{ class: "certain", rules: ["lineage"] },
		})),
		gaps: many((at) => ({ kind: "daemon", rule: "stream", process: ref(at), says: `gap ${at}` })),
	});
	expect(receiptErrors(receipt)).toEqual([]);
	const lines = showReceipt(receipt).trimEnd().split("\n");
	expect(lines.length).toBeLessThanOrEqual(40);
	expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(80);
	expect(lines.filter((line) => line.includes("… "))).toHaveLength(6);
});

test("a file that is not a receipt, or a damaged one, is refused with a message", () => {
	const refused = (value: unknown) => expect(() => readReceipt(written(value)));
	expect(readReceipt(written(receiptOf({})))).toEqual(receiptOf({}));
	refused("{").toThrow(/it is not a receipt of ebtop\.$/);
	refused({ ...receiptOf({}), schema: "ebtop-receipt/9" }).toThrow(/a newer ebtop wrote it\.$/);
	const damage: readonly Partial<Record<keyof Receipt, unknown>>[] = [
		{ processes: [null] },
		{ processes: [{ pid: 1 }] },
		{ files: {} },
		{ run: null },
		{ gaps: [{ kind: "daemon", says: 3 }] },
	];
	for (const part of damage) refused({ ...receiptOf({}), ...part }).toThrow(/it is damaged\.$/);
	expect(() => readReceipt(join(folder, "none"))).toThrow(/there is no such file/);
});

test("--min: what is less certain is left out, and guesses are shown if they are wanted", () => {
	const by = { pid: 7, comm: "eb" };
	const likely = { class: "likely", rules: ["counter"] } as const;
	const receipt = receiptOf({
		files: [fileOf({ path: "/sure", created: true }), fileOf({ path: "/perhaps", created: true, ...likely })],
		notSure: [{ kind: "file", name: "/guessed", by, class: "guess", rules: ["wake"] }],
	});
	const shown = (min?: "certain" | "likely" | "guess") =>
		["/sure", "/perhaps", "/guessed"].filter((path) => showReceipt(receipt, min).includes(path));
	expect(shown("certain")).toEqual(["/sure"]);
	expect(shown()).toEqual(["/sure", "/perhaps"]);
	expect(shown("likely")).toEqual(["/sure", "/perhaps"]);
	expect(shown("guess")).toEqual(["/sure", "/perhaps", "/guessed"]);
});
