/** The recent values of a number in a few cells: the newest on the right, scaled to the largest. */

const BLOCKS = Array.from("▁▂▃▄▅▆▇█");
const ASCII_BLOCKS = Array.from("_.,-=+*#");

/** The last `width` of `values`, scaled to `full` or, if that is 0, to the largest of them. */
export function sparkline(values: readonly number[], width: number, full: number, isAscii: boolean): string {
	const shown = values.slice(-width);
	const most = full > 0 ? full : Math.max(...shown, 0);
	const blocks = isAscii ? ASCII_BLOCKS : BLOCKS;
	const cells = shown.map((value) => {
		const level = most > 0 ? Math.floor((value / most) * blocks.length) : 0;
		return blocks[Math.max(0, Math.min(level, blocks.length - 1))] ?? " ";
	});
	return cells.join("").padStart(width);
}
