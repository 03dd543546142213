/**
 * Replaces string-width in Ink, which measures each changed line four times: for a line of charts that took longer than
 * all tables of a refresh.
 */

import stringWidth from "string-width";
import { lengthInCells, unpainted } from "../../format/text-width.ts";

export default function paintedWidth(text: string): number {
	return lengthInCells(unpainted(text)) ?? stringWidth(text);
}
