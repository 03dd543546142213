/** Views several machines, each measured by ebtop there (`--host`). */

import type { Options } from "../cli/command-line.ts";
import { version } from "../cli/version.ts";
import { Failure } from "../failure.ts";
import type { RunListener } from "./listener.ts";
import type { OpenedFeed } from "./opened-feed.ts";

/** Rejects with a Failure if no machine can be viewed. The code is loaded only here. */
export async function openHosts(options: Options, hasScreen: boolean, listener: RunListener): Promise<OpenedFeed> {
	const { HostsFeed } = await import("../hosts/hosts-feed.ts");
	const { hosts, delaySeconds } = options;
	const feed = new HostsFeed({
		hosts,
		delaySeconds,
		version: version(),
		words: wordsThere(options, hasScreen),
		tell: listener.tell,
	});
	const why = await feed.begin();
	if (why !== null) {
		feed.stop();
		throw new Failure(why.join(" "), 1);
	}
	return {
		feed,
		snapshots: feed.reader,
		names: null,
		files: null,
		note: null,
		label: hosts.length === 1 ? "HOST" : `${hosts.length} HOSTS`,
		whyNoFollow: "A process can only be followed where it is measured: run ebtop there.",
		complete: null,
		lockDown: () => "", // ssh must be started again when a machine comes back
	};
}

/** The options of ebtop on each machine. */
function wordsThere(options: Options, hasScreen: boolean): readonly string[] {
	const { delaySeconds, comm, events, panes, availablePanes } = options;
	// A pane that can be opened later is measured from the beginning, unless that is what an option is for.
	const measured = hasScreen
		? availablePanes.filter((pane) => panes.includes(pane) || pane.namedBy.length === 0)
		: panes;
	const switches = (["latency", "disk", "sched", "lookups", "threads"] as const).filter((name) => options[name]);
	return [
		...["--no-config", "--record", "-", "--clock", "--delay", String(delaySeconds)],
		...["--panes", measured.map(({ name }) => name).join(",")],
		...switches.map((name) => `--${name}`),
		...(options.noArgs ? ["--no-args"] : []),
		...(options.requireBpf ? ["--require-bpf"] : []),
		...(options.source === null ? [] : ["--source", options.source]),
		...(comm === null ? [] : ["--comm", comm]),
		...(events === null ? [] : ["--events", events.join(",")]),
	];
}
