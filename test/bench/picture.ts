// Pictures of how costs grow, and of memory over time, as SVG.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Point {
	readonly count: number;
	/** Own CPU per refresh. */
	readonly cpuMs: number;
	readonly mb: number;
}

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 60;
const RIGHT = 580;
const TOP = 50;
const BOTTOM = 270;

/** The next round number. */
function roundUp(value: number): number {
	const step = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
	return [1, 2, 5, 10].map((factor) => factor * step).find((bound) => bound >= value) ?? value;
}

function text(x: number, y: number, words: string, anchor = "middle", color = "#333"): string {
	return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${color}">${words}</text>`;
}

/** CPU on the left axis, memory on the right one; counts are logarithmic. */
export function drawGrowth(what: string, points: readonly Point[]): string {
	const counts = points.map(({ count }) => Math.log(count));
	const [from = 0, to = 1] = [counts[0], counts.at(-1)];
	const x = (count: number) => Math.round(LEFT + ((Math.log(count) - from) / (to - from)) * (RIGHT - LEFT));
	const lines = [
		{
			label: "own CPU, ms per refresh",
			color: "#06c",
			values: points.map(({ cpuMs }) => cpuMs),
			at: LEFT,
			anchor: "end",
		},
		{ label: "memory, MB", color: "#b40", values: points.map(({ mb }) => mb), at: RIGHT, anchor: "start" },
	].flatMap(({ label, color, values, at, anchor }) => {
		const most = roundUp(Math.max(...values));
		const y = (value: number) => Math.round(BOTTOM - (value / most) * (BOTTOM - TOP));
		const side = anchor === "end" ? -8 : 8;
		const path = points.map(({ count }, i) => `${x(count)},${y(values[i] ?? 0)}`).join(" ");
		return [
			`<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`,
			...points.map(({ count }, i) => {
				const value = (values[i] ?? 0).toFixed(values[i] !== undefined && values[i] < 100 ? 1 : 0);
				return `${`<circle cx="${x(count)}" cy="${y(values[i] ?? 0)}" r="3" fill="${color}"/>`}${text(x(count), y(values[i] ?? 0) - 8, value, "middle", color)}`;
			}),
			...[0, most / 2, most].map((value) => text(at + side, y(value) + 4, String(value), anchor, color)),
			text(at, TOP - 14, label, anchor === "end" ? "start" : "end", color),
		];
	});
	const marks = points.map(({ count }) => text(x(count), BOTTOM + 18, count.toLocaleString("en")));
	return svg(`Own CPU and memory by ${what}`, what, [...marks, ...lines]);
}

/** The program's memory from just before to long after something. */
export interface Moment {
	readonly seconds: number;
	readonly mb: number;
}

export function drawOverTime(what: string, moments: readonly Moment[]): string {
	const end = moments.at(-1)?.seconds ?? 1;
	const most = roundUp(Math.max(...moments.map(({ mb }) => mb)));
	const x = (seconds: number) => Math.round(LEFT + (seconds / end) * (RIGHT - LEFT));
	const y = (mb: number) => Math.round(BOTTOM - (mb / most) * (BOTTOM - TOP));
	const path = moments.map(({ seconds, mb }) => `${x(seconds)},${y(mb)}`).join(" ");
	const marks = [0, end / 2, end].map((seconds) => text(x(seconds), BOTTOM + 18, seconds.toFixed(0)));
	return svg(`Memory during and after ${what}`, `seconds since just before ${what}`, [
		...marks,
		`<polyline points="${path}" fill="none" stroke="#b40" stroke-width="2"/>`,
		...[0, most / 2, most].map((mb) => text(LEFT - 8, y(mb) + 4, String(mb), "end", "#b40")),
		text(LEFT, TOP - 14, "memory, MB", "start", "#b40"),
	]);
}

function svg(title: string, below: string, inside: readonly string[]): string {
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
		`<title>${title}</title>`,
		`<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
		`<path d="M${LEFT} ${TOP}V${BOTTOM}H${RIGHT}V${TOP}" fill="none" stroke="#999"/>`,
		text((LEFT + RIGHT) / 2, BOTTOM + 38, below),
		...inside,
		"</svg>",
		"",
	].join("\n");
}

/** Into bench-results/, or with --keep to the pictures of the repo. */
export function savePicture(name: string, picture: string): void {
	const folder = process.argv.includes("--keep") ? "pictures/" : "../../bench-results/";
	const path = fileURLToPath(new URL(folder, import.meta.url));
	mkdirSync(path, { recursive: true });
	writeFileSync(`${path}${name}.svg`, picture);
}
