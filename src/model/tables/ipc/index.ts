/**
 * Links between processes. A family finds its channels as objects are announced; each channel says which links it
 * has, and only channels that something happened on are asked again. Memory: channels live as long as their objects.
 */

import type { IpcRow } from "../../snapshot.ts";
import { DirtyList } from "../../stats/dirty-list.ts";
import { perSecond } from "../../stats/rate.ts";
import { RowList } from "../../stats/row-list.ts";
import type { Decoder } from "../../wire/decode.ts";
import type { EventTable } from "../event.ts";
import type { ObjectTable } from "../object/index.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { Process } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import type { Tick } from "../tick.ts";
import { type Channel, Link, type LinkDraft } from "./channel.ts";
import { CountedLinks } from "./counted.ts";
import { Handovers } from "./handovers.ts";
import { isPipe } from "./pipes.ts";
import { Terminals } from "./pty.ts";
import { listenToSignals } from "./signals.ts";
import { channelOf } from "./single.ts";
import { UdpSockets } from "./udp.ts";
import { UnixSockets } from "./unix.ts";

export class IpcTable {
	readonly #dirty = new DirtyList<Channel>();
	readonly #rows = new RowList<IpcRow>();
	readonly #unix = new UnixSockets();
	readonly #udp = new UdpSockets(this);
	readonly #terminals = new Terminals();
	readonly #handovers: Handovers;
	#refresh = 0;

	constructor(decoder: Decoder, processes: ProcessRegistry, objects: ObjectTable, events: EventTable) {
		const touch = (use: { object: KernelObject }) => this.#touch(use.object);
		const counted = new CountedLinks(processes, this);
		listenToSignals(decoder, processes, counted, events);
		this.#handovers = new Handovers(decoder, processes, counted, this.#unix);
		objects.listen({
			announced: (use, view, at) => {
				if (this.#udp.isOne(use.object)) this.#udp.announce(use.object, view, at);
				else this.#announce(use.object);
			},
			moved: (use) => {
				// Its announcement was lost, but a pipe is known by its mode alone.
				if (use.object.channels.size === 0 && isPipe(use.object)) this.#announce(use.object);
				else this.#touch(use.object);
			},
			changed: touch,
			dropped: touch,
			forgotten: (object) => this.#forget(object),
		});
		const touchAll = (process: Process) => {
			for (const object of process.uses.keys()) this.#touch(object);
		};
		processes.listen({ renamed: touchAll, exited: touchAll });
	}

	/** Shows the links of a channel that a family found outside of this table. */
	open(channel: Channel, ...objects: KernelObject[]): void {
		for (const object of objects) object.channels.add(channel);
		this.#dirty.add(channel);
	}

	/** Something happened on it. */
	touch(channel: Channel): void {
		this.#dirty.add(channel);
	}

	close(channel: Channel, ...objects: KernelObject[]): void {
		for (const object of objects) object.channels.delete(channel);
		channel.isClosed = true;
		this.#dirty.add(channel);
	}

	tick(tick: Tick): readonly IpcRow[] {
		this.#refresh++;
		this.#handovers.settle();
		for (const channel of this.#dirty.take()) this.#update(channel, tick);
		return this.#rows.publish();
	}

	#announce(object: KernelObject): void {
		if (this.#unix.isOne(object)) for (const channel of this.#unix.announce(object)) this.#dirty.add(channel);
		else if (this.#terminals.isOne(object))
			for (const channel of this.#terminals.announce(object)) this.#dirty.add(channel);
		else if (object.channels.size === 0) this.#openAlone(object);
		this.#touch(object);
	}

	#openAlone(object: KernelObject): void {
		const channel = channelOf(object);
		if (channel !== null) this.open(channel, object);
	}

	#forget(object: KernelObject): void {
		if (this.#udp.isOne(object)) this.#udp.forget(object);
		if (this.#terminals.isOne(object)) this.#terminals.forget(object);
		if (this.#unix.isOne(object)) this.#unix.forget(object);
		for (const channel of object.channels) this.close(channel, object);
	}

	#touch(object: KernelObject): void {
		for (const channel of object.channels) this.#dirty.add(channel);
	}

	#update(channel: Channel, tick: Tick): void {
		const drafts = channel.isClosed ? [] : channel.drafts();
		for (const draft of drafts) {
			const key = `${draft.lane}:${draft.from.serial}>${draft.to.serial}`;
			let link = channel.links.get(key);
			if (link === undefined) {
				link = new Link();
				channel.links.set(key, link);
			}
			link.refresh = this.#refresh;
			const row = this.#put(channel, link, draft, tick);
			if (row.rate > 0) this.#dirty.add(channel);
		}
		for (const [key, link] of channel.links) {
			if (link.refresh === this.#refresh) continue;
			this.#rows.remove(link);
			channel.links.delete(key);
		}
	}

	#put(channel: Channel, link: Link, draft: LinkDraft, tick: Tick): IpcRow {
		const messages = draft.messages - link.messagesBefore;
		const bytes = draft.bytes - link.bytesBefore;
		// Shares that were weighed anew may have become smaller: nothing moved on those.
		if (messages > 0 || bytes > 0) link.lastSeen = tick.time;
		const row: IpcRow = {
			kind: channel.kind,
			channel: channel.label,
			name: channel.name,
			from: draft.from.ref,
			to: draft.to.ref,
			messages: draft.messages,
			bytes: draft.bytes,
			rate: perSecond(channel.countsMessages ? messages : bytes, tick.seconds),
			basis: draft.basis,
			lastSeen: link.lastSeen,
			...(channel.owner === null ? {} : { owner: channel.owner }),
		};
		link.messagesBefore = draft.messages;
		link.bytesBefore = draft.bytes;
		const known = this.#rows.rowOf(link);
		if (known !== undefined && isSameRow(known, row)) return known;
		this.#rows.put(link, row);
		return row;
	}
}

function isSameRow(a: IpcRow, b: IpcRow): boolean {
	const isSameChannel = a.channel === b.channel && a.name === b.name && a.kind === b.kind;
	const isSameTraffic = a.messages === b.messages && a.bytes === b.bytes && a.rate === b.rate;
	const isSameEnds = a.from === b.from && a.to === b.to && a.owner === b.owner;
	return isSameChannel && isSameTraffic && a.basis === b.basis && isSameEnds;
}
