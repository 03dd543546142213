/** Links that are counted event by event: signals and handovers. They are not made from uses of an object. */

import type { IpcKind } from "../../snapshot.ts";
import type { FairTable } from "../../stats/fair-table.ts";
import type { Bounds } from "../bounds.ts";
import { OTHERS } from "../process/others.ts";
import type { Process } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import { Channel, type LinkDraft } from "./channel.ts";
import type { Channels } from "./channels.ts";

export interface CountedKind {
	readonly kind: IpcKind;
	readonly label: string;
	readonly name: string | null;
}

class CountedChannel extends Channel {
	readonly kind: IpcKind;
	readonly label: string;
	readonly name: string | null;
	readonly key: string;
	readonly from: Process;
	readonly to: Process;
	override readonly countsMessages = true;
	count = 0;
	/** The part of it that was in separate rows until now. */
	joined = 0;

	constructor(key: string, what: CountedKind, from: Process, to: Process) {
		super();
		this.key = key;
		this.kind = what.kind;
		this.label = what.label;
		this.name = what.name;
		this.from = from;
		this.to = to;
	}

	get isOfOthers(): boolean {
		return this.from === OTHERS || this.to === OTHERS;
	}

	/** The process that caused it; if none did, the receiver. */
	get holder(): Process {
		return this.from.pid === 0 ? this.to : this.from;
	}

	drafts(): LinkDraft[] {
		const joined = { messages: this.joined, bytes: 0 };
		this.joined = 0;
		return [{ lane: 0, from: this.from, to: this.to, messages: this.count, bytes: 0, basis: "observed", joined }];
	}
}

export class CountedLinks {
	readonly #channels: Channels;
	readonly #places: FairTable<Process, CountedChannel>;
	readonly #byKey = new Map<string, CountedChannel>();
	readonly #keysOf = new Map<Process, Set<string>>();

	constructor(processes: ProcessRegistry, channels: Channels, bounds: Bounds) {
		this.#channels = channels;
		this.#places = bounds.fair<Process, CountedChannel>("ipc-links", {
			userOf: (process) => process.holder,
			evict: (channel) => this.#crowdOut(channel),
		});
		processes.listen({
			renamed: (process) => this.#each(process, (channel) => channels.touch(channel)),
			evicted: (process) => {
				this.#each(process, (channel) => this.#close(channel));
				this.#keysOf.delete(process);
			},
		});
	}

	add(what: CountedKind, from: Process, to: Process): void {
		const key = `${what.label} ${from.serial}>${to.serial}`;
		const channel = this.#byKey.get(key) ?? this.#open(key, what, from, to);
		if (channel === null) this.addToOther(what.kind, from, 1);
		else this.#count(channel, 1);
	}

	#count(channel: CountedChannel, by: number): void {
		channel.count += by;
		if (!channel.isOfOthers) this.#places.setIdle(channel.holder, channel, true);
		this.#channels.touch(channel);
	}

	/** Null if there is no room. */
	#open(key: string, what: CountedKind, from: Process, to: Process): CountedChannel | null {
		const channel = new CountedChannel(key, what, from, to);
		// A sender's own links make room for its new one: the most recently used are the youngest.
		if (!this.#places.admit(channel.holder, false)) return null;
		this.#places.add(channel.holder, channel, true);
		return this.#register(channel);
	}

	#register(channel: CountedChannel): CountedChannel {
		this.#byKey.set(channel.key, channel);
		for (const end of [channel.from, channel.to]) if (end !== OTHERS) this.#keys(end).add(channel.key);
		return channel;
	}

	/**
	 * One link for each sender and kind stands for all that have no link of their own. `joined`: the part that was
	 * shown before.
	 */
	addToOther(kind: IpcKind, from: Process, by: number, joined = 0): void {
		if (!from.isEvicted) this.#addOther(kind, from, OTHERS, by, joined);
	}

	/** The same for a receiver with unknown senders. */
	addFromOther(kind: IpcKind, to: Process, by: number): void {
		if (!to.isEvicted) this.#addOther(kind, OTHERS, to, by, 0);
	}

	#addOther(kind: IpcKind, from: Process, to: Process, by: number, joined: number): void {
		const label = `${kind}:[other]`;
		const key = `${label} ${from.serial}>${to.serial}`;
		const channel =
			this.#byKey.get(key) ?? this.#register(new CountedChannel(key, { kind, label, name: "other" }, from, to));
		channel.joined += joined;
		this.#count(channel, by);
	}

	#crowdOut(channel: CountedChannel): void {
		const { messages } = channel.shownFrom(channel.from);
		this.#close(channel);
		this.addToOther(channel.kind, channel.from, channel.count, messages);
	}

	#close(channel: CountedChannel): void {
		this.#byKey.delete(channel.key);
		this.#keysOf.get(channel.from)?.delete(channel.key);
		this.#keysOf.get(channel.to)?.delete(channel.key);
		if (!channel.isOfOthers) this.#places.remove(channel.holder, channel);
		this.#channels.close(channel);
	}

	#keys(process: Process): Set<string> {
		const keys = this.#keysOf.get(process) ?? new Set();
		this.#keysOf.set(process, keys);
		return keys;
	}

	#each(process: Process, visit: (channel: CountedChannel) => void): void {
		for (const key of this.#keysOf.get(process) ?? []) {
			const channel = this.#byKey.get(key);
			if (channel !== undefined) visit(channel);
		}
	}
}
