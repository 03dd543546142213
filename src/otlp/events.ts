/** Events as log records: `ebtop.TYPE`, with their data as attributes. Without command lines, which may hold secrets. */

import type { Attributes, AttributeValue, Logger } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api";
import type { EventRow, Snapshot } from "../model/snapshot.ts";

/** Data that is part of a command line. */
const COMMAND_LINE = "args";

/** Events of trouble. */
const WARNINGS: ReadonlySet<string> = new Set(["oom-kill", "loss", "coredump", "seccomp-refused"]);

/** `data.cgroup.path` becomes `ebtop.cgroup.path`; null is left out. */
function attributesOf(data: object, prefix: string): [string, AttributeValue][] {
	return Object.entries(data).flatMap(([key, value]): [string, AttributeValue][] => {
		if (key === COMMAND_LINE || value === null) return [];
		const name = `${prefix}.${key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
		if (typeof value === "object" && !Array.isArray(value)) return attributesOf(value, name);
		return [[name, Array.isArray(value) ? value.map(String) : (value as AttributeValue)]];
	});
}

function emit(logger: Logger, { type, time, pid, comm, count, data }: EventRow): void {
	const attributes: Attributes = Object.fromEntries([
		["process.pid", pid],
		["ebtop.comm", comm],
		["ebtop.count", count],
		...attributesOf(data, "ebtop"),
	]);
	logger.emit({
		eventName: `ebtop.${type}`,
		body: `${type} ${comm} ${pid}`,
		timestamp: Date.parse(time),
		severityNumber: WARNINGS.has(type) ? SeverityNumber.WARN : SeverityNumber.INFO,
		attributes,
	});
}

/** A snapshot has the events of its own interval. */
export function emitEvents(logger: Logger, { events }: Snapshot): void {
	for (const event of events) emit(logger, event);
}
