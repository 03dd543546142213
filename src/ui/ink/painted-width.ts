/**
 * Stands in for string-width in Ink, which measures each line that changed four times: a line of charts took it longer than
 * all tables of a refresh.
 */

import stringWidth from "string-width";
import { lengthInCells, unpainted } from "../../format/text-width.ts";

export default function paintedWidth(text: string): number {
	return lengthInCells(unpainted(text)) ?? stringWidth(text);
}
