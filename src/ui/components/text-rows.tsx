/**
 * Lines that are painted and no wider than their rectangle, one `<Text>` each: by far the cheapest to draw in Ink. They
 * are not clipped, since Ink would then parse every line twice more.
 */

import { Box, Text } from "ink";
import type { Rect } from "../state/layout.ts";

interface TextRowsProps {
	readonly rect: Pick<Rect, "left" | "top" | "width" | "height">;
	readonly rows: readonly string[];
}

export function TextRows({ rect, rows }: TextRowsProps) {
	return (
		<Box
			position="absolute"
			left={rect.left}
			top={rect.top}
			width={rect.width}
			height={rect.height}
			flexDirection="column"
		>
			{rows.slice(0, rect.height).map((row, slot) => (
				// A slot is a line of the screen, whatever its content.
				// biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
				<Text key={slot} wrap="truncate">
					{row === "" ? " " : row}
				</Text>
			))}
		</Box>
	);
}
