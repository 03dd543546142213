/** `--probes`: what this kernel offers and which variant each probe would use, as a table or as JSON. */

import { addonFailure } from "./failure.ts";
import { loadAddon, type ProbeReport } from "./model/feed/native.ts";
import { type Column, tableLines } from "./output/batch/table.ts";
import { writeDebugText } from "./output/door.ts";

const COLUMNS: readonly Column<ProbeReport>[] = [
	{ header: "PROBE", value: (row) => row.probe },
	{ header: "STATE", value: (row) => row.state },
	{ header: "VARIANT", value: (row) => row.variant ?? "-" },
	{ header: "WHY NOT THE BETTER ONE", value: (row) => row.reason ?? "" },
];

/** Attaches nothing. Rejects with a Failure. */
export async function probesText(asJson: boolean): Promise<string> {
	const { probes, whyNoBpf, debugText } = askAddon();
	await writeDebugText(debugText);
	if (asJson) return `${JSON.stringify({ bpf: whyNoBpf === null, reason: whyNoBpf, probes })}\n`;
	const lines = tableLines(COLUMNS, probes, Number.POSITIVE_INFINITY);
	return `${[...(whyNoBpf === null ? [] : [whyNoBpf, ""]), ...lines].join("\n")}\n`;
}

function askAddon(): { probes: ProbeReport[]; whyNoBpf: string | null; debugText: string } {
	try {
		const addon = loadAddon();
		return { probes: addon.probes(), whyNoBpf: addon.whyNoBpf(), debugText: addon.debugText() };
	} catch (error) {
		throw addonFailure(error);
	}
}
