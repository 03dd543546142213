/** Figures that several details views have in common. */

import { formatByteRate } from "../format/quantity.ts";

type Figures = readonly (readonly [string, string])[];

const rate = (bytesPerSecond: number) => formatByteRate(bytesPerSecond) || "0";

/** What is read from and written to files. */
export function fileRates(row: { readonly readRate: number; readonly writeRate: number }): Figures {
	return [
		["READ/s", rate(row.readRate)],
		["WRITE/s", rate(row.writeRate)],
	];
}

/** What comes from and goes to sockets. */
export function socketRates(row: { readonly rxRate: number; readonly txRate: number }): Figures {
	return [
		["RX/s", rate(row.rxRate)],
		["TX/s", rate(row.txRate)],
	];
}
