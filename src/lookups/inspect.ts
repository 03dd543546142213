/**
 * What the details of a process show on request, from /proc. A process can make reading its memory, where its environment
 * is, take for ever: that is waited for only so long.
 */

import { readdirSync, readlinkSync } from "node:fs";
import { type ForeignFiles, readText } from "../model/feed/foreign-files.ts";
import type { Inspected } from "../model/inspected.ts";
import { capabilityNames } from "../model/names/capabilities.ts";
import { safeText, safeTextFromBytes } from "../model/safe-text.ts";
import { within } from "./within.ts";

const WAIT_MS = 2000;
const MOST_DESCRIPTORS = 256;
const MOST_VARIABLES = 512;
const VARIABLE_MAX = 1024;
/** Clock ticks of /proc/PID/stat, 100 in a second. */
const TICK_NS = 10_000_000n;

const GONE = "The process is gone.";

interface Asked {
	readonly pid: number;
	/** As in `processes`. */
	readonly start: string;
}

/** `whyNoEnvironment`: a sentence, if the environment must not be shown. Resolves with a sentence if there is nothing. */
export async function inspect(
	files: ForeignFiles,
	{ pid, start }: Asked,
	whyNoEnvironment: string | null,
): Promise<Inspected | string> {
	const folder = `/proc/${pid}`;
	const environment = whyNoEnvironment ?? (await environmentOf(files, folder));
	const [status, limits] = await Promise.all(["status", "limits"].map((name) => readText(files, `${folder}/${name}`)));
	const descriptors = descriptorsOf(folder);
	const found: Inspected = {
		time: new Date().toISOString(),
		cwd: linkAt(`${folder}/cwd`),
		root: linkAt(`${folder}/root`),
		capabilities: ["Eff", "Prm", "Inh", "Bnd", "Amb"].flatMap((set) => {
			const bits = new RegExp(`^Cap${set}:\\t([0-9a-f]+)$`, "m").exec(status ?? "")?.[1];
			return bits === undefined ? [] : [[set, capabilityNames(bits)] as const];
		}),
		limits: limitsIn(limits ?? ""),
		descriptors: descriptors.slice(0, MOST_DESCRIPTORS).map((fd) => ({
			fd,
			target: linkAt(`${folder}/fd/${fd}`) ?? "(not known)",
		})),
		moreDescriptors: Math.max(0, descriptors.length - MOST_DESCRIPTORS),
		environment,
	};
	// Last, so that all of it is of this process and not of another one with its pid.
	return (await isSame(files, folder, start)) ? found : GONE;
}

async function isSame(files: ForeignFiles, folder: string, start: string): Promise<boolean> {
	const stat = (await readText(files, `${folder}/stat`)) ?? "";
	return stat.slice(stat.lastIndexOf(")")).split(" ")[20] === String(BigInt(start) / TICK_NS);
}

async function environmentOf(files: ForeignFiles, folder: string): Promise<readonly string[] | string> {
	const read = files
		.read(`${folder}/environ`)
		.then((bytes) => bytes ?? "It has none, this user may not read it, or it is too long.");
	const bytes = (await within(WAIT_MS, read)) ?? "It did not come within two seconds.";
	if (typeof bytes === "string") return bytes;
	const variables = Buffer.from(bytes)
		.toString("latin1")
		.split("\0")
		.filter((variable) => variable !== "");
	const shown = variables
		.slice(0, MOST_VARIABLES)
		.map((variable) => safeTextFromBytes(Buffer.from(variable, "latin1")));
	const cut = shown.map((text) => (text.length > VARIABLE_MAX ? `${text.slice(0, VARIABLE_MAX)}…` : text)).sort();
	const left = variables.length - shown.length;
	return left === 0 ? cut : [...cut, `… and ${left} more`];
}

/** Reading such a link asks no file system. */
function linkAt(path: string): string | null {
	try {
		return safeTextFromBytes(readlinkSync(path, { encoding: "buffer" }));
	} catch {
		return null;
	}
}

function descriptorsOf(folder: string): readonly number[] {
	try {
		return readdirSync(`${folder}/fd`)
			.map(Number)
			.sort((a, b) => a - b);
	} catch {
		return [];
	}
}

/** Lines such as "Max open files            1024                 524288               files". */
function limitsIn(text: string): Inspected["limits"] {
	return text.split("\n").flatMap((line) => {
		const [, name, soft, hard] = /^Max (.+?) {2,}(\S+) +(\S+)/.exec(line) ?? [];
		if (name === undefined || soft === undefined || hard === undefined) return [];
		return [{ name: safeText(name), soft: safeText(soft), hard: safeText(hard) }];
	});
}
