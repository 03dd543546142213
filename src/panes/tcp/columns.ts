/** The columns of the TCP table. */

import { formatEndpoint, formatWholeEndpoint } from "../../format/address.ts";
import { formatDurationMs, formatDurationNs } from "../../format/duration.ts";
import type { Style } from "../../format/theme.ts";
import type { TcpRow } from "../../model/snapshot.ts";
import type { Column } from "../pane.ts";
import {
	activityColumn,
	byteRateColumn,
	bytesColumn,
	commColumn,
	countColumn,
	numberColumn,
	orBlank,
	pidColumn,
	textColumn,
	UNKNOWN,
} from "../shared-columns.ts";

export function localText(row: TcpRow): string {
	return row.others === undefined ? formatEndpoint(row.family, row.localAddress, row.localPort) : "other";
}

export function remoteText(row: TcpRow): string {
	if (row.others !== undefined) return `${row.others} connections`;
	return formatEndpoint(row.family, row.remoteAddress, row.remotePort);
}

/** The words of ss are too long for the column. */
const SHORT_STATES: Record<string, string> = {
	ESTABLISHED: "ESTAB",
	SYN_SENT: "SYN-S",
	SYN_RECV: "SYN-R",
	FIN_WAIT1: "FIN-W1",
	FIN_WAIT2: "FIN-W2",
	TIME_WAIT: "TIME-W",
	CLOSE_WAIT: "CLO-W",
	LAST_ACK: "LAST-A",
	CLOSING: "CLOSNG",
};

function stateStyle(row: TcpRow): Style | null {
	if (row.state === "ESTABLISHED") return "good";
	return row.state === "LISTEN" ? "accent" : "warn";
}

const endpoint = (key: string, header: string, of: (row: TcpRow) => string): Column<TcpRow> =>
	textColumn({ key, header, width: 17, grow: 1, cut: "start", drop: 0, of });

export const TCP_COLUMNS: readonly Column<TcpRow>[] = [
	activityColumn((row) => row.rxRate + row.txRate),
	pidColumn(),
	commColumn(),
	textColumn({
		key: "role",
		header: "ROLE",
		width: 6,
		drop: 6,
		of: (row) => row.role,
		value: (row) => (row.role === "unknown" ? "?" : row.role.slice(0, 6)),
		whole: (row) => row.role,
	}),
	textColumn({
		key: "state",
		header: "STATE",
		width: 6,
		drop: 3,
		of: (row) => row.state,
		value: (row) => SHORT_STATES[row.state] ?? row.state.replace("_", "-"),
		whole: (row) => row.state,
		style: stateStyle,
	}),
	{
		...endpoint("local", "LOCAL", localText),
		whole: (row) => {
			return row.others === undefined ? formatWholeEndpoint(row.family, row.localAddress, row.localPort) : "other";
		},
	},
	endpoint("remote", "REMOTE", remoteText),
	byteRateColumn({ key: "rxRate", header: "RX/s", drop: 1, of: (row) => row.rxRate, style: () => "good" }),
	byteRateColumn({ key: "txRate", header: "TX/s", drop: 2, of: (row) => row.txRate, style: () => "warn" }),
	bytesColumn({ key: "rxBytes", header: "RX", drop: 4, of: (row) => row.rxBytes }),
	bytesColumn({ key: "txBytes", header: "TX", drop: 5, of: (row) => row.txBytes }),
	numberColumn({
		key: "rtt",
		header: "RTT",
		drop: 7,
		of: (row) => row.rttUs || UNKNOWN,
		format: (us) => (us === UNKNOWN ? "" : formatDurationNs(us * 1000)),
	}),
	countColumn({
		key: "retransmits",
		header: "RETR",
		width: 4,
		drop: 8,
		of: (row) => row.retransmits,
		style: () => "bad",
	}),
	numberColumn({ key: "age", header: "AGE", drop: 9, of: (row) => row.durationMs, format: orBlank(formatDurationMs) }),
];
