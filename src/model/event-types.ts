/** All types of events, in the groups that `--events` takes. */

import type { EventData } from "./event-data.ts";

export type EventType = keyof EventData;

export const EVENT_GROUPS = {
	process: ["fork", "exec", "exec-failed", "exit"],
	signal: ["signal"],
	oom: ["oom-kill"],
	network: ["connect", "accept", "listen", "bind", "connect-failed"],
	file: ["file-create", "file-delete", "file-rename", "open-failed", "stat-failed"],
	open: ["open"],
	stat: ["stat"],
	security: ["mount", "ptrace", "module-load", "bpf-load", "setuid", "capset", "coredump", "seccomp-refused"],
	sleep: ["sleep"],
	lookup: ["lookup"],
	dcache: ["dcache-miss"],
	disk: ["disk-request"],
	container: ["container-start", "container-stop"],
	loss: ["loss"],
} as const satisfies Record<string, readonly EventType[]>;

export type EventGroup = keyof typeof EVENT_GROUPS;

export const EVENT_TYPES: readonly EventType[] = Object.values(EVENT_GROUPS).flat();

/** The groups, as `--events` takes them. */
export const EVENT_WORDS = Object.keys(EVENT_GROUPS).join(",");

/** Watched by default: these need no additional probe. */
export const USUAL_EVENTS: readonly EventType[] = [
	...EVENT_GROUPS.process,
	...EVENT_GROUPS.signal,
	...EVENT_GROUPS.oom,
	...EVENT_GROUPS.loss,
];

/** The types that a word of `--events` stands for; null if it is unknown. */
export function eventsNamed(word: string): readonly EventType[] | null {
	if (word === "all") return EVENT_TYPES;
	if (Object.hasOwn(EVENT_GROUPS, word)) return EVENT_GROUPS[word as EventGroup];
	return EVENT_TYPES.filter((type) => type === word).length > 0 ? [word as EventType] : null;
}
