/** The numbers of a connection that struct wire_tcp has and its row shows as they are: a new one needs only its line here. */

import type { TcpRow } from "../../snapshot.ts";
import type { Reader } from "../../wire/decode.ts";
import * as wire from "../../wire/layout.gen.ts";

type Readers = { readonly [Key in keyof TcpRow]?: Reader };

/** They only grow, so a late record changes nothing. */
const TOTALS = {
	txBytes: wire.tcpTxBytes,
	rxBytes: wire.tcpRxBytes,
	retransmits: wire.tcpRetransmits,
} satisfies Readers;

/** 0 in a record that does not have it. */
const MEASURES = {
	rttUs: wire.tcpRttUs,
} satisfies Readers;

type Total = keyof typeof TOTALS;
type Measure = keyof typeof MEASURES;
export type TcpNumbers = { [Key in Total | Measure]: number };

const totals = Object.entries(TOTALS) as [Total, Reader][];
export const TCP_TOTALS = totals.map(([name]) => name);
const measures = Object.entries(MEASURES) as [Measure, Reader][];

export function noNumbers(): TcpNumbers {
	return Object.fromEntries([...totals, ...measures].map(([name]) => [name, 0])) as TcpNumbers;
}

export function takeNumbers(numbers: TcpNumbers, view: DataView, at: number): void {
	for (const [name, read] of totals) numbers[name] = Math.max(numbers[name], read(view, at));
	for (const [name, read] of measures) numbers[name] = read(view, at) || numbers[name];
}

/** Adds to `sum` by how much the totals grew. */
export function addGrowth(sum: TcpNumbers, now: TcpNumbers, before: TcpNumbers): void {
	for (const [name] of totals) sum[name] += now[name] - before[name];
}
