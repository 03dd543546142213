/** A few cells that show how a value went: the newest to the right, the height by the largest that fits. */

const BLOCKS = Array.from("▁▂▃▄▅▆▇█");
const ASCII_BLOCKS = Array.from("_.,-=+*#");

/** The last `width` of `values`, against `full` or, where that is 0, against the largest of them. */
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
