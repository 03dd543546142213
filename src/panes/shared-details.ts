/** Values that several details views have in common. */

import { wholeByteRate } from "../format/quantity.ts";

type Figures = readonly (readonly [string, string])[];

/** What is read from and written to files. */
export function fileRates(row: { readonly readRate: number; readonly writeRate: number }): Figures {
	return [
		["READ/s", wholeByteRate(row.readRate)],
		["WRITE/s", wholeByteRate(row.writeRate)],
	];
}

/** What comes from and goes to sockets. */
export function socketRates(row: { readonly rxRate: number; readonly txRate: number }): Figures {
	return [
		["RX/s", wholeByteRate(row.rxRate)],
		["TX/s", wholeByteRate(row.txRate)],
	];
}
