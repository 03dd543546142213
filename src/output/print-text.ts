/** Prints a text as a whole. */

import type { Failure } from "../failure.ts";
import { type OutputForm, openOutput } from "./door.ts";

/** Resolves when the reader has it; rejects with a Failure. */
export async function printText(text: string, form: OutputForm = "text"): Promise<void> {
	let problem: Failure | null = null;
	const writer = openOutput(form, {
		onDrain: () => {},
		onClosed: (failure) => {
			problem = failure;
		},
	});
	writer.write(text);
	await writer.flush(null);
	if (problem !== null) throw problem;
}
