/**
 * `--probes`: what this kernel offers, which variant of each probe would be used, and which capabilities a run keeps.
 */

import { addonFailure } from "../failure.ts";
import { loadAddon, type Privileges, type ProbeReport } from "../model/feed/addon.ts";
import { type Column, tableLines } from "../output/batch/table.ts";
import { writeDebugText } from "../output/door.ts";

type CapabilityReport = Privileges["capabilities"][number];

const PROBE_COLUMNS: readonly Column<ProbeReport>[] = [
	{ header: "PROBE", value: (row) => row.probe },
	{ header: "STATE", value: (row) => row.state },
	{ header: "VARIANT", value: (row) => row.variant ?? "-" },
	{ header: "WHY NOT A BETTER ONE", value: (row) => row.reason ?? "" },
];

const CAPABILITY_COLUMNS: readonly Column<CapabilityReport>[] = [
	{ header: "CAPABILITY", value: (row) => row.name },
	{ header: "AFTER THE START", value: (row) => row.state },
	{ header: "FOR", value: (row) => (row.state === "missing" ? row.loss : row.purpose) },
];

/** Attaches nothing. This process drops its privileges on the way. Rejects with a Failure. */
export async function probesText(asJson: boolean): Promise<string> {
	const { probes, whyNoBpf, debugText, privileges } = askAddon();
	await writeDebugText(debugText);
	if (asJson) return `${JSON.stringify({ bpf: whyNoBpf === null, reason: whyNoBpf, probes, privileges })}\n`;
	const lines = [...tableLines(PROBE_COLUMNS, probes, Number.POSITIVE_INFINITY)].map(trimEnd);
	return `${[...(whyNoBpf === null ? [] : [whyNoBpf, ""]), ...lines, "", ...privilegeLines(privileges)].join("\n")}\n`;
}

const trimEnd = (line: string): string => line.replace(/\n$/, "");

function privilegeLines({ capabilities, noNewPrivileges, refusedCalls, problem }: Privileges): string[] {
	const calls = refusedCalls > 0 ? `${refusedCalls} system calls are refused` : "System calls are not filtered";
	return [
		...[...tableLines(CAPABILITY_COLUMNS, capabilities, Number.POSITIVE_INFINITY)].map(trimEnd),
		"All others are dropped, in every thread.",
		`${calls}; new privileges ${noNewPrivileges ? "cannot" : "can still"} be gained.`,
		...(problem === null ? [] : [problem]),
	];
}

function askAddon(): { probes: ProbeReport[]; whyNoBpf: string | null; debugText: string; privileges: Privileges } {
	try {
		const addon = loadAddon();
		const probes = addon.probes();
		// None can be used, though nothing is known that the kernel lacks: they were refused.
		const refusal = probes.every(({ state }) => state === "off") ? (probes[0]?.reason ?? null) : null;
		const whyNoBpf = addon.whyNoBpf() ?? refusal;
		return { probes, whyNoBpf, debugText: addon.debugText(), privileges: addon.privileges() };
	} catch (error) {
		throw addonFailure(error);
	}
}
