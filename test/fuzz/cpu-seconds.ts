import { readFileSync } from "node:fs";

/** /proc counts CPU time in hundredths of a second on every architecture. */
const TICKS_PER_SECOND = 100;

/** The CPU time that a process or thread has used, including ended children, from its `stat` file. */
export function cpuSeconds(stat: string): number {
	const text = readFileSync(stat, "utf8");
	const ticks = text.slice(text.lastIndexOf(")")).split(" ").slice(12, 16).map(Number);
	return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}
