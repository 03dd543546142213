/** Links that are counted one by one as they happen: signals, and descriptors handed over. Not an object's uses. */

import type { IpcKind } from "../../snapshot.ts";
import type { Process } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import { Channel, type LinkDraft } from "./channel.ts";
import type { Channels } from "./channels.ts";

/** Beyond this many, new ones are not taken until processes of old ones are forgotten. */
const LINK_LIMIT = 16_384;

export interface CountedKind {
	readonly kind: IpcKind;
	readonly label: string;
	readonly name: string | null;
}

class CountedChannel extends Channel {
	readonly kind: IpcKind;
	readonly label: string;
	readonly name: string | null;
	readonly from: Process;
	readonly to: Process;
	override readonly countsMessages = true;
	count = 0;

	constructor(what: CountedKind, from: Process, to: Process) {
		super();
		this.kind = what.kind;
		this.label = what.label;
		this.name = what.name;
		this.from = from;
		this.to = to;
	}

	drafts(): LinkDraft[] {
		return [{ lane: 0, from: this.from, to: this.to, messages: this.count, bytes: 0, basis: "observed" }];
	}
}

export class CountedLinks {
	readonly #channels: Channels;
	readonly #byKey = new Map<string, CountedChannel>();
	readonly #keysOf = new Map<Process, Set<string>>();

	constructor(processes: ProcessRegistry, channels: Channels) {
		this.#channels = channels;
		processes.listen({
			renamed: (process) => this.#each(process, (channel) => channels.touch(channel)),
			evicted: (process) => this.#forget(process),
		});
	}

	add(what: CountedKind, from: Process, to: Process): void {
		const key = `${what.label} ${from.serial}>${to.serial}`;
		let channel = this.#byKey.get(key);
		if (channel === undefined) {
			if (this.#byKey.size >= LINK_LIMIT) return;
			channel = new CountedChannel(what, from, to);
			this.#byKey.set(key, channel);
			this.#keys(from).add(key);
			this.#keys(to).add(key);
		}
		channel.count++;
		this.#channels.touch(channel);
	}

	#keys(process: Process): Set<string> {
		const keys = this.#keysOf.get(process) ?? new Set();
		this.#keysOf.set(process, keys);
		return keys;
	}

	#each(process: Process, visit: (channel: CountedChannel, key: string) => void): void {
		for (const key of this.#keysOf.get(process) ?? []) {
			const channel = this.#byKey.get(key);
			if (channel !== undefined) visit(channel, key);
		}
	}

	#forget(process: Process): void {
		this.#each(process, (channel, key) => {
			this.#byKey.delete(key);
			this.#keysOf.get(channel.from)?.delete(key);
			this.#keysOf.get(channel.to)?.delete(key);
			this.#channels.close(channel);
		});
		this.#keysOf.delete(process);
	}
}
