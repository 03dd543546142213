/** All open channels. Only this class connects channels with objects; it knows which channels have changed. */

import { DirtyList } from "../../stats/dirty-list.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { Channel } from "./channel.ts";

export class Channels {
	readonly #dirty = new DirtyList<Channel>();
	readonly #channelsOf = new Map<KernelObject, Set<Channel>>();

	/** From now on a change to one of these objects marks the channel as changed. */
	open(channel: Channel, ...objects: readonly KernelObject[]): void {
		for (const object of objects) this.#of(object).add(channel);
		this.#dirty.add(channel);
	}

	/** The channel has changed. */
	touch(channel: Channel): void {
		this.#dirty.add(channel);
	}

	/** `objects`: all that it was opened with. */
	close(channel: Channel, ...objects: readonly KernelObject[]): void {
		for (const object of objects) this.#leave(object, channel);
		channel.isClosed = true;
		this.#dirty.add(channel);
	}

	/** The object has changed. */
	touchAllOf(object: KernelObject): void {
		for (const channel of this.of(object)) this.#dirty.add(channel);
	}

	/** No process has the object any more. */
	closeAllOf(object: KernelObject): void {
		this.settle(object);
		for (const channel of this.of(object)) this.close(channel, object);
	}

	/** From now on uses of the object no longer count for links to "other". */
	settle(object: KernelObject): void {
		for (const channel of this.of(object)) {
			if (channel.forget === undefined) continue;
			channel.forget(object);
			this.#leave(object, channel);
		}
	}

	/** Whether links depend on the object: not those to "other", which keep what they counted. */
	areShown(object: KernelObject): boolean {
		for (const { forget, links } of this.of(object)) if (forget === undefined && links.size > 0) return true;
		return false;
	}

	of(object: KernelObject): ReadonlySet<Channel> {
		return this.#channelsOf.get(object) ?? NONE;
	}

	/** Whether the two objects have a channel in common. */
	areJoined(object: KernelObject, other: KernelObject): boolean {
		const channels = this.of(other);
		for (const channel of this.of(object)) if (channels.has(channel)) return true;
		return false;
	}

	/** The channels that changed since the last call. */
	take(): Iterable<Channel> {
		return this.#dirty.take();
	}

	#of(object: KernelObject): Set<Channel> {
		const known = this.#channelsOf.get(object);
		if (known !== undefined) return known;
		const channels = new Set<Channel>();
		this.#channelsOf.set(object, channels);
		return channels;
	}

	#leave(object: KernelObject, channel: Channel): void {
		const channels = this.#channelsOf.get(object);
		channels?.delete(channel);
		if (channels?.size === 0) this.#channelsOf.delete(object);
	}
}

const NONE: ReadonlySet<Channel> = new Set();
